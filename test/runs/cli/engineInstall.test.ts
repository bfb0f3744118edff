import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, readdirSync, truncateSync, writeFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { readRunFile } from '../../../src/store/readRun';
import { isAtWork, manifestOf, pathWith, withServer } from '../../engine/support/installation';
import { buildTinyTensorflow, realHeaders, tinyWheel } from '../../engine/support/tinyTensorflow';
import { WHEEL_NAME } from '../../engine/support/wheels';
import { temporaryFolders } from '../../store/support/temporaryFolder';
import { SMALLEST } from '../support/tiny';
import { runCli, startCli } from './support/runCli';

const FOLDER = 'native-2.21.0-linux-x64-cpu';

describe('engine install, list and remove', function () {
  this.timeout(120_000);
  const folder = temporaryFolders();
  const enginesIn = (dir: string): string[] => {
    const root = join(dir, 'mnemonics-lab', 'engines');
    return existsSync(root) ? readdirSync(root) : [];
  };

  before(function () {
    if (process.platform !== 'linux' || process.arch !== 'x64') this.skip();
  });

  it('install from a wheel with progress on standard error, list, and remove', async function () {
    const include = realHeaders();
    if (!include) return this.skip();
    const dir = folder();
    const cli = (...args: string[]) => runCli(args, dir, { MNEMONICS_CACHE: dir });
    assert.match((await cli('engine', 'list')).stdout, /No native engine is installed; "engine install" does it/);
    const nothing = await cli('engine', 'remove', '--all');
    assert.deepEqual([nothing.code, /nothing to remove/.test(nothing.stderr)], [2, true]);

    tinyWheel(buildTinyTensorflow(dir, include), dir, WHEEL_NAME);
    const installed = await cli('engine', 'install', '--from', WHEEL_NAME, '--cpu', '--json');
    assert.equal(installed.code, 0, installed.stderr);
    const result = JSON.parse(installed.stdout) as { folder: string; tensorflow: string; device: string };
    assert.deepEqual([result.folder, result.tensorflow, result.device], [join(dir, 'mnemonics-lab', 'engines', FOLDER), '2.21.0', 'cpu']);
    assert.match(installed.stderr, /^Unpacking libtensorflow \d+ % of \d+ kB\n/m);
    assert.match(
      (await cli('engine', 'list')).stdout,
      new RegExp(`^${FOLDER}  used  TensorFlow 2\\.21\\.0 for the CPU, wheel ${WHEEL_NAME}\n$`),
    );
    const { engines } = JSON.parse((await cli('engine', 'list', '--json')).stdout) as {
      engines: { used: boolean; bindingSha256: string }[];
    };
    assert.deepEqual(
      engines.map(({ used }) => used),
      [true],
    );
    assert.match((await cli('engine', 'remove', '2.21.0')).stdout, new RegExp(`${FOLDER} is removed\n$`));
    assert.deepEqual(enginesIn(dir), []);
  });

  it('stop at Ctrl+C in a download with exit code 130, and leave nothing', async () => {
    const dir = folder();
    await withServer(
      (_request, response) => {
        response.writeHead(200, { 'content-length': 1e8 });
        // Goes on, as downloads do: progress is told ten times a second at most, and the first bytes may not be.
        const more = setInterval(() => response.write(Buffer.alloc(1e5)), 50);
        response.on('close', () => clearInterval(more));
      },
      async (base) => {
        const PATH = pathWith(dir, ['g++']);
        const { child, ended } = startCli(['engine', 'install'], dir, { MNEMONICS_CACHE: dir, PATH, TFJS_NODE_BASE_URI: `${base}/x-` });
        child.stderr.on(
          'data',
          (text: string) => void (/Downloading libtensorflow 2\.9\.1 \d+ % of 100 MB/.test(text) && child.kill('SIGINT')),
        );
        const { code, stdout, stderr } = await ended;
        assert.deepEqual([code, stdout], [130, ''], stderr);
        assert.match(stderr, /mnemonics: The installation was stopped; nothing of it is left\.\n$/);
        assert.deepEqual(enginesIn(dir), []);
      },
    );
  });

  it('stop pip, too', async () => {
    const dir = folder();
    let connection: Socket | undefined;
    let asked: (socket: Socket) => void;
    const request = new Promise<Socket>((resolve) => (asked = resolve));
    await withServer(
      ({ socket }) => asked((connection = socket)),
      async (base) => {
        const env = { PIP_INDEX_URL: `${base}/simple`, PIP_FIND_LINKS: '', PIP_NO_INDEX: '', PYTHONPATH: '', PIP_RETRIES: '0' };
        const { child, ended } = startCli(['engine', 'install', '--cpu'], dir, {
          ...env,
          MNEMONICS_CACHE: dir,
          PATH: pathWith(dir, ['g++', 'python3']),
        });
        await Promise.race([request, ended.then(({ stderr }) => assert.fail(stderr))]);
        const pips = childrenOf(child.pid);
        assert.equal(pips.length, 1);
        child.kill('SIGINT');
        assert.equal((await ended).code, 130);
        assert.deepEqual(pips.filter(isAtWork), []);
        assert.deepEqual(enginesIn(dir), []);
      },
    );
    assert.ok(connection?.destroyed);
  });

  it('keep to one wish at a time', async () => {
    const dir = folder();
    const refused = async (args: string[], sentence: RegExp): Promise<void> => {
      const { code, stderr } = await runCli(args, dir, { MNEMONICS_CACHE: dir });
      assert.deepEqual([code, sentence.test(stderr)], [2, true], stderr);
    };
    await refused(['engine', 'install', '--cpu', '--gpu'], /can't take both/);
    await refused(['engine', 'remove', '2.21.0', '--all'], /not both/);
  });

  /** An engine that looks complete: the library has its size and no content. */
  function damagedEngine(dir: string): string {
    const engine = join(dir, 'mnemonics-lab', 'engines', FOLDER);
    mkdirSync(join(engine, 'lib'), { recursive: true });
    for (const name of ['lib/libtensorflow_cc.so.2', 'lib/libtensorflow_framework.so.2', 'tfjs_binding.node'])
      writeFileSync(join(engine, name), '');
    truncateSync(join(engine, 'lib/libtensorflow_cc.so.2'), 5000);
    const addon = 'garbage where an addon was';
    writeFileSync(join(engine, 'tfjs_binding.node'), addon);
    writeFileSync(join(engine, 'engine.json'), JSON.stringify(manifestOf(addon, 5000)));
    return engine;
  }

  it('a run goes on with the next engine where the installed one is damaged, and says so there and in its file', async () => {
    const dir = folder();
    const engine = damagedEngine(dir);
    writeFileSync(join(dir, 'x.mnemonics.json'), JSON.stringify(SMALLEST));
    const env = { MNEMONICS_CACHE: dir };
    const { code, stderr } = await runCli(['run', 'x.mnemonics.json', '--out', 'run'], dir, env);
    assert.equal(code, 0, stderr);
    assert.match(stderr, /The native engine is not used: The native engine in .*tfjs_binding\.node doesn't load: .*(ELF|file too short)/);
    const run = await readRunFile(join(dir, 'run'));
    assert.notEqual(run.engine.engine, 'native');
    assert.match(run.engine.reason, /native is not used: .*doesn't load/);

    const reasonNow = async (): Promise<string> => {
      const { stdout } = await runCli(['engine', '--quick', '--json'], dir, env);
      const { engines } = JSON.parse(stdout) as { engines: { name: string; available: boolean; reason: string }[] };
      const native = engines.find(({ name }) => name === 'native');
      assert.equal(native?.available, false);
      return native.reason;
    };
    writeFileSync(join(engine, 'tfjs_binding.node'), 'other garbage');
    assert.match(await reasonNow(), /tfjs_binding\.node is not the one that was installed; `engine install`/);
    const byName = await runCli(['run', 'x.mnemonics.json', '--out', 'second', '--engine', 'native'], dir, env);
    assert.deepEqual([byName.code, existsSync(join(dir, 'second'))], [4, false]);
    assert.match(byName.stderr, /native engine is not usable: in .*, its tfjs_binding\.node/);
  });
});

function childrenOf(pid: number | undefined): number[] {
  const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return processes.map(Number).filter((other) => parentOf(other) === pid);
}

function parentOf(pid: number): number | undefined {
  try {
    return Number(/^\d+ \(.*\) \S (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1]);
  } catch {
    return undefined;
  }
}
