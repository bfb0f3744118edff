import assert from 'node:assert/strict';
import { fork, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findNative } from '../../src/engine/native/manifest';
import { readView } from '../../src/store/readHistory';
import { temporaryFolders } from '../store/support/temporaryFolder';
import { internetSockets, processTree } from './support/sockets';
import { TINY } from './support/tiny';

const CLI = join(__dirname, '../../src/trainer/cli.ts');
const LOADER = ['--import', `file://${require.resolve('tsx')}`];
const LOOK_MS = 40;

describe('the network', function () {
  this.timeout(120_000);
  const folder = temporaryFolders();
  before(function () {
    if (!existsSync('/proc/self/net/tcp')) this.skip();
  });

  /** Looks at a process and all that it starts until it ends. */
  async function watch(child: ChildProcess): Promise<{ code: number | null; looks: number; sockets: string[] }> {
    const sockets = new Set<string>();
    let looks = 0;
    const timer = setInterval(() => {
      looks++;
      for (const pid of processTree(child.pid ?? 0)) for (const socket of internetSockets(pid)) sockets.add(socket);
    }, LOOK_MS);
    const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
    clearInterval(timer);
    return { code, looks, sockets: [...sockets] };
  }

  const experiment = (dir: string) => {
    const file = join(dir, 'tiny.mnemonics.json');
    writeFileSync(file, JSON.stringify({ ...TINY, engine: findNative() ? 'native' : 'wasm' }));
    return file;
  };
  const environment = (dir: string) => ({
    ...process.env,
    NODE_OPTIONS: `--require=${join(__dirname, 'fixtures/noteNetwork.cjs')}`,
    NOTE_NETWORK: join(dir, 'network'),
    MNEMONICS_DATA: join(dir, 'no-data'),
  });

  for (const [how, start] of [
    [
      'from the command line',
      (args: string[], env: NodeJS.ProcessEnv) =>
        spawn(process.execPath, [...LOADER, CLI, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] }),
    ],
    [
      'forked by an editor',
      (args: string[], env: NodeJS.ProcessEnv) => fork(CLI, [...args, '--ipc'], { env, execArgv: LOADER, silent: true }),
    ],
  ] as const) {
    it(`is not touched by a whole run ${how}: no socket listens, none connects`, async () => {
      const dir = folder();
      const child = start(['run', experiment(dir), '--out', join(dir, 'run')], environment(dir));
      child.stdout?.resume();
      child.stderr?.resume();
      const { code, looks, sockets } = await watch(child);
      assert.equal(code, 0);
      assert.equal((await readView(join(dir, 'run')))?.state, 'completed');
      assert.deepEqual(sockets, []);
      assert.equal(existsSync(join(dir, 'network')) ? readFileSync(join(dir, 'network'), 'utf8') : '', '');
      assert.ok(looks > 10, `looked ${looks} times`);
    });
  }

  it('would be noticed, were it touched by any process of a run', async () => {
    const dir = folder();
    const grandchild = `const server = require('node:net').createServer().listen(0, '127.0.0.1', () =>
      require('node:net').connect(server.address().port, '127.0.0.1').on('connect', () => setTimeout(() => process.exit(), 1000)))`;
    const program = `require('node:child_process').spawnSync(process.execPath, ['-e', ${JSON.stringify(grandchild)}])`;
    const { sockets } = await watch(spawn(process.execPath, ['-e', program], { env: environment(dir), stdio: 'ignore' }));
    // The one that listens, and both ends of the connection.
    assert.equal(sockets.length, 3, sockets.join());
    assert.deepEqual(new Set(readFileSync(join(dir, 'network'), 'utf8').trim().split('\n')), new Set(['listen', 'connect', 'lookup']));
  });
});
