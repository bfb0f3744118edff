import assert from 'node:assert/strict';
import path from 'node:path';
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
