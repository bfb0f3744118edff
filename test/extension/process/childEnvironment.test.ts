import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { childEnvironment } from '../../../src/extension/process/childEnvironment';
import { cliCommand } from '../../../src/extension/process/cliCommand';
import { TrainerProcess } from '../../../src/extension/process/trainerProcess';

const fixture = (name: string) => path.join(__dirname, 'fixtures', `${name}.cjs`);

/** What an editor may have: what each kind of child needs, and what none may see. */
const TRAINING = {
  PATH: process.env.PATH ?? '',
  HOME: '/home/x',
  LANG: 'C.UTF-8',
  TMPDIR: '/tmp',
  XDG_CACHE_HOME: '/cache',
  CUDA_VISIBLE_DEVICES: '0',
  LD_LIBRARY_PATH: '/cuda',
  VK_DRIVER_FILES: '/driver.json',
  TF_NUM_INTRAOP_THREADS: '1',
  MNEMONICS_CACHE: '/engines',
};
const INSTALLATION = {
  PIP_INDEX_URL: 'https://me:password@index',
  https_proxy: 'http://me:password@proxy',
  VIRTUAL_ENV: '/venv',
  CXX: 'g++',
};
const SECRETS = {
  GITHUB_TOKEN: 'secret',
  AWS_SECRET_ACCESS_KEY: 'secret',
  OPENAI_API_KEY: 'secret',
  SSH_AUTH_SOCK: '/secret',
  VSCODE_IPC_HOOK: '/secret',
  NODE_OPTIONS: '--require=/secret.cjs',
  NODE_PATH: '/secret',
  LD_PRELOAD: '/secret.so',
  PYTHONSTARTUP: '/secret.py',
  ELECTRON_RUN_AS_NODE: '1',
  MY_MNEMONICS_PASSWORD: 'secret',
};
const EDITOR = { ...TRAINING, ...INSTALLATION, ...SECRETS };
const names = (env: object) => Object.keys(env).sort();

describe('the environment of a child process', () => {
  it('is a list of what training needs; an installation gets the way into the network, too; nothing else comes along', () => {
    assert.deepEqual(childEnvironment(EDITOR, { installs: false, insideElectron: false }), TRAINING);
    assert.deepEqual(childEnvironment(EDITOR, { installs: true, insideElectron: false }), { ...TRAINING, ...INSTALLATION });
  });

  it('tells Electron to be Node', () => {
    assert.deepEqual(childEnvironment({}, { installs: false, insideElectron: true }), { ELECTRON_RUN_AS_NODE: '1' });
  });

  it('is what arrives in the training process, as the system sees it', async function () {
    if (!existsSync('/proc/self/environ')) return this.skip();
    const lines: string[] = [];
    const env = childEnvironment(EDITOR, { installs: false, insideElectron: false });
    const trainer = await new Promise<TrainerProcess>((resolve) => {
      const started: TrainerProcess = new TrainerProcess({
        cli: fixture('environment'),
        args: [],
        env,
        onEvent: () => undefined,
        onLine: (line) => {
          lines.push(line);
          resolve(started);
        },
      });
    });
    const arrived = readFileSync(`/proc/${trainer.pid}/environ`, 'utf8').split('\0').filter(Boolean);
    trainer.release();
    await trainer.stopped;
    // Node's own, for the channel.
    const others = arrived.filter((entry) => !entry.startsWith('NODE_CHANNEL_'));
    assert.deepEqual(others.map((entry) => entry.slice(0, entry.indexOf('='))).sort(), names(TRAINING));
    assert.doesNotMatch([...arrived, ...lines].join(), /secret|password/);
  });

  it('is what arrives in a command, as it sees it', async () => {
    const env = childEnvironment(EDITOR, { installs: true, insideElectron: false });
    const { stdout } = await cliCommand({ cli: fixture('environment'), args: [], env });
    const seen = (JSON.parse(stdout) as { env: object }).env;
    assert.deepEqual(names(seen), names({ ...TRAINING, ...INSTALLATION }));
  });
});
