import assert from 'node:assert/strict';
import path from 'node:path';
import { childEnvironment } from '../../../src/extension/process/childEnvironment';
import { cliCommand } from '../../../src/extension/process/cliCommand';

const cli = (fixture: string) => path.join(__dirname, 'fixtures', `${fixture}.cjs`);

describe('a short command of the command line', () => {
  it('gives its output, its exit code and each line as it comes', async () => {
    const lines: string[] = [];
    const result = await cliCommand({
      cli: cli('prints'),
      args: ['engine', '--json'],
      env: { PATH: process.env.PATH },
      onLine: (line) => lines.push(line),
    });
    assert.deepEqual(result, { code: 3, stdout: '["engine","--json"]\n', stderr: 'said on the side\n' });
    assert.deepEqual(lines.sort(), ['["engine","--json"]', 'said on the side']);
  });

  it('ends with an abort', async () => {
    const abort = new AbortController();
    const ended = cliCommand({
      cli: cli('waits'),
      args: [],
      env: { PATH: process.env.PATH },
      signal: abort.signal,
      onLine: () => abort.abort(),
    });
    assert.equal((await ended).code, null);
  });
});

describe('the environment of a child process', () => {
  it('has homes, caches, libraries and the way into the network, and no other secrets', () => {
    const parent = {
      PATH: 'p',
      HOME: 'h',
      XDG_CACHE_HOME: 'c',
      CUDA_VISIBLE_DEVICES: '0',
      TF_NUM_INTRAOP_THREADS: '1',
      PIP_INDEX_URL: 'i',
      https_proxy: 'p',
      VSCODE_TOKEN: 's',
      PYTHONSTARTUP: 's',
      GITHUB_TOKEN: 's',
      NODE_OPTIONS: 's',
    };
    assert.deepEqual(Object.keys(childEnvironment(parent, false)).sort(), [
      'CUDA_VISIBLE_DEVICES',
      'HOME',
      'PATH',
      'PIP_INDEX_URL',
      'TF_NUM_INTRAOP_THREADS',
      'XDG_CACHE_HOME',
      'https_proxy',
    ]);
  });

  it('tells Electron to be Node', () => {
    assert.equal(childEnvironment({}, true).ELECTRON_RUN_AS_NODE, '1');
  });
});
