import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, readFileSync, readdirSync, readlinkSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { installNative, type InstallOptions } from '../../../src/engine/native/install';
import { findNative, listNative, whyNoNative, type InstalledEngine } from '../../../src/engine/native/manifest';
import type { InstallProgress } from '../../../src/engine/native/progress';
import { removeNative } from '../../../src/engine/native/remove';
import { LabError } from '../../../src/protocol/errors';
import { hasProgram, isAtWork, isEngineError, pathWith, script, withEnvironment, withServer } from '../support/installation';
import {
  buildTinyTensorflow,
  keptPrebuilt,
  published,
  pythonPackage,
  realHeaders,
  tinyTarball,
  tinyWheel,
  type TinyTensorflow,
} from '../support/tinyTensorflow';
import { WHEEL_NAME, temporaryFolder, writeWheel } from '../support/wheels';

/** Whole installations with a library that is TensorFlow in name only; Python, pip, the server and the prebuilt addon are real. */
describe('where the native engine comes from', function () {
  this.timeout(90_000);
  const built = temporaryFolder();
  let tiny: TinyTensorflow;
  let prebuilt: string;
  let folder: ReturnType<typeof temporaryFolder>;
  let root: string;

  before(async function () {
    const include = realHeaders();
    if (process.platform !== 'linux' || process.arch !== 'x64' || !include || !['gcc', 'g++', 'python3'].every(hasProgram))
      return this.skip();
    tiny = buildTinyTensorflow(built.path, include);
    prebuilt = await keptPrebuilt(include);
  });
  after(() => built.remove());
  beforeEach(() => {
    folder = temporaryFolder();
    root = join(folder.path, 'engines');
  });
  afterEach(() => folder.remove());

  /** Runs where these programs are on the PATH, no compiler among them, and pip sees nothing but a folder of wheels. */
  const on = <T>(programs: readonly string[], wheels: string, job: () => Promise<T>, PYTHONPATH?: string): Promise<T> => {
    const PATH = pathWith(folder.path, programs);
    return withEnvironment({ PATH, CXX: undefined, PIP_NO_INDEX: '1', PIP_FIND_LINKS: wheels, PYTHONPATH }, job);
  };
  const install = (options: Partial<InstallOptions> = {}): Promise<InstalledEngine> =>
    installNative({
      device: 'cpu',
      root,
      prebuilt,
      tarball: { version: '2.9.1', url: 'http://127.0.0.1:9/', sha256: '', roomBytes: 0 },
      ...options,
    });

  it("first a TensorFlow in the user's Python, of which it makes links alone", async () => {
    const site = pythonPackage(folder.path, built.path, tiny.include);
    const { folder: engine, manifest } = await on(['python3'], folder.path, () => install(), site);
    assert.deepEqual([manifest.tensorflow, manifest.binding], ['2.21.0', 'prebuilt']);
    assert.match(manifest.source, /^Python package tensorflow-cpu in .*site-packages\/tensorflow$/);
    assert.equal(readlinkSync(join(engine, 'lib', 'libtensorflow_cc.so.2')), join(site, 'tensorflow', 'libtensorflow_cc.so.2'));
    assert.equal(findNative(root)?.folder, engine);
    removeNative(['2.21.0'], root);
    assert.ok(existsSync(join(site, 'tensorflow', 'libtensorflow_cc.so.2')));
    assert.ok(existsSync(join(tiny.include, 'tensorflow', 'c', 'c_api.h')));
  });

  it('then the wheel, fetched by pip and checked', async () => {
    tinyWheel(tiny, folder.path, WHEEL_NAME);
    const seen: InstallProgress[] = [];
    const { folder: engine, manifest } = await on(['python3'], folder.path, () =>
      install({ onProgress: (progress) => seen.push(progress) }),
    );
    assert.deepEqual([manifest.tensorflow, manifest.binding, manifest.source], ['2.21.0', 'prebuilt', `wheel ${WHEEL_NAME}`]);
    assert.match(manifest.wheelSha256 ?? '', /^[0-9a-f]{64}$/);
    assert.deepEqual(readdirSync(engine).sort(), [
      'convolutions.node',
      'engine.json',
      'include',
      'lib',
      'system.node',
      'tfjs_binding.node',
    ]);
    assert.deepEqual([...new Set(seen.map(({ step }) => step))], ['find', 'download', 'unpack', 'build', 'check', 'done']);
    const last = seen.filter(({ step }) => step === 'unpack').at(-1);
    assert.ok(last?.totalBytes !== undefined && last.doneBytes === last.totalBytes);
  });

  it("then the archive of tfjs-node's own installer, where there is no Python", async () => {
    const file = await tinyTarball(tiny, folder.path);
    const bytes = readFileSync(file);
    await withServer(
      (_request, response) => response.writeHead(200, { 'content-length': bytes.length }).end(bytes),
      async (base) => {
        const { folder: engine, manifest } = await on([], folder.path, () => install({ tarball: published(file, `${base}/lib.tar.gz`) }));
        assert.deepEqual([manifest.tensorflow, manifest.source], ['2.9.1', `libtensorflow 2.9.1 from ${base}/lib.tar.gz`]);
        assert.ok(lstatSync(join(engine, 'lib', 'libtensorflow_cc.so.2')).isSymbolicLink());
        assert.equal(existsSync(join(engine, 'libtensorflow.tar.gz')), false);
      },
    );
  });

  it('takes no archive that is cut short, changed or not there', async () => {
    const file = await tinyTarball(tiny, folder.path);
    const bytes = readFileSync(file);
    const answers: Record<string, (response: import('node:http').ServerResponse) => void> = {
      '/cut': (response) =>
        response.writeHead(200, { 'content-length': bytes.length }).write(bytes.subarray(0, 1000), () => response.destroy()),
      '/changed': (response) => response.end(Buffer.concat([bytes, Buffer.from('x')])),
      '/absent': (response) => response.writeHead(404, 'Not Found').end(),
    };
    const expected = {
      '/cut': /could not be downloaded/,
      '/changed': /not the published libtensorflow 2\.9\.1: its sha256 is/,
      '/absent': /answers 404/,
    };
    await withServer(
      ({ url = '' }, response) => answers[url]?.(response),
      async (base) => {
        for (const [path, sentence] of Object.entries(expected)) {
          const job = (): Promise<unknown> => install({ tarball: published(file, base + path) });
          await withEnvironment({ PATH: join(folder.path, 'nothing'), CXX: undefined }, () =>
            assert.rejects(job(), isEngineError(sentence)),
          );
          assert.deepEqual(readdirSync(root), [], path);
        }
      },
    );
  });

  it('keeps versions side by side, uses the newest or the one that is asked for, and removes each by itself', async () => {
    const older = temporaryFolder();
    const old = buildTinyTensorflow(older.path, tiny.include, '2.20.0');
    await install({ from: tinyWheel(old, folder.path, WHEEL_NAME.replace('2.21.0', '2.20.0')) });
    const wheel = tinyWheel(tiny, folder.path, WHEEL_NAME);
    await install({ from: wheel });
    // Once more in the same place: the earlier one is replaced.
    await install({ from: wheel });
    older.remove();
    assert.deepEqual(
      listNative(root).map(({ engine }) => engine?.manifest.tensorflow),
      ['2.21.0', '2.20.0'],
    );
    assert.equal(readdirSync(root).length, 2);
    assert.equal(findNative(root, {})?.manifest.tensorflow, '2.21.0');
    for (const name of ['2.20.0', '2.20.0-cpu', 'native-2.20.0-linux-x64-cpu'])
      assert.equal(findNative(root, { MNEMONICS_TENSORFLOW: name })?.manifest.tensorflow, '2.20.0');
    assert.equal(findNative(root, { MNEMONICS_TENSORFLOW: '2.19.0' }), undefined);
    assert.match(whyNoNative(root, { MNEMONICS_TENSORFLOW: '2.19.0' }), /asks for 2\.19\.0; installed are 2\.21\.0-cpu, 2\.20\.0-cpu/);

    const call = (names: readonly string[] | 'all'): string[] => removeNative(names, root).map((removed) => basename(removed.folder));
    const refused = (names: readonly string[] | 'all', sentence: RegExp): void =>
      assert.throws(
        () => call(names),
        (error) => error instanceof LabError && error.exitCode === 2 && sentence.test(error.message),
      );
    refused([], /which engine to remove, or --all; installed: native-2\.21\.0-linux-x64-cpu, native-2\.20\.0/);
    refused(['2.20.0', '1.0.0'], /No native engine 1\.0\.0 is installed/);
    assert.equal(listNative(root).length, 2);
    assert.deepEqual(call(['2.20.0']), ['native-2.20.0-linux-x64-cpu']);
    mkdirSync(join(root, 'native-damaged'));
    assert.deepEqual(call('all').sort(), ['native-2.21.0-linux-x64-cpu', 'native-damaged']);
    assert.deepEqual(readdirSync(root), []);
    refused('all', /No native engine is installed in .*nothing to remove/);
  });

  it('removes an engine that a process has loaded without harm to it, and says which process', async () => {
    const { binding } = await install({ from: tinyWheel(tiny, folder.path, WHEEL_NAME) });
    const load =
      'const m = { exports: {} }; process.dlopen(m, process.argv[1]); console.log(1); process.stdin.on("data", () => { console.log(m.exports.TF_Version); process.exit(); })';
    const child = spawn(process.execPath, ['-e', load, binding], { stdio: ['pipe', 'pipe', 'inherit'] });
    const lines = child.stdout.setEncoding('utf8')[Symbol.asyncIterator]() as AsyncIterator<string>;
    await lines.next();
    const [removed, ...more] = removeNative('all', root);
    assert.deepEqual([removed?.usedBy, more, readdirSync(root)], [[child.pid], [], []]);
    assert.ok(child.pid !== undefined && isAtWork(child.pid));
    child.stdin.write('on');
    assert.equal((await lines.next()).value, '2.21.0\n');
  });

  it("takes the GPU's TensorFlow where nvidia-smi reports a GPU, and NVIDIA's libraries where TensorFlow finds none", async () => {
    const wheelName = 'tensorflow-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl';
    tinyWheel(tiny, folder.path, wheelName, [
      'Provides-Extra: and-cuda',
      'Requires-Dist: nvidia-tiny-cu12<13.0,>=12.5; extra == "and-cuda"',
    ]);
    const { bavail, bsize } = statfsSync(folder.path);
    const seen: InstallProgress[] = [];
    const withDriver = async (driver: string): Promise<InstalledEngine> => {
      const PATH = pathWith(folder.path, ['python3']);
      script(PATH, 'nvidia-smi', `echo "Tesla T4, ${driver}"`);
      const env = { PATH, CXX: undefined, PIP_NO_INDEX: '1', PIP_FIND_LINKS: folder.path, PYTHONPATH: undefined };
      const onProgress = (progress: InstallProgress): void => void seen.push(progress);
      return withEnvironment(env, () => installNative({ root, prebuilt, onProgress })).finally(() => rmSync(PATH, { recursive: true }));
    };
    const roomy = bavail * bsize > 8e9;
    if (roomy) {
      await withDriver('525.60.13');
      assert.ok(seen.some(({ step, message }) => step === 'notice' && /pip could not download nvidia-tiny-cu12/.test(message)));
      const library = 'nvidia/tiny/lib/libtiny.so.12';
      writeWheel(folder.path, 'nvidia_tiny_cu12-12.6.1-py3-none-manylinux_2_25_x86_64.whl', {
        [library]: 'code',
        'nvidia/tiny/include/tiny.h': '',
      });
      const { folder: engine, manifest } = await withDriver('525.60.13');
      assert.deepEqual([manifest.device, manifest.source], ['gpu', `wheel ${wheelName}`]);
      assert.equal(readFileSync(join(engine, library), 'utf8'), 'code');
      assert.equal(existsSync(join(engine, 'nvidia/tiny/include')), false);
      // This TensorFlow uses no GPU whatever lies beside it, which is said.
      assert.ok(seen.some(({ step, message }) => step === 'notice' && /finds no GPU that it can use/.test(message)));
    }
    tinyWheel(tiny, folder.path, WHEEL_NAME);
    const { manifest } = await withDriver('470.82.01');
    assert.equal(manifest.device, 'cpu');
    assert.ok(seen.some(({ step, message }) => step === 'notice' && /470\.82\.01, and CUDA 12 needs 525\.60\.13/.test(message)));
    if (roomy) assert.equal(findNative(root, {})?.manifest.device, 'gpu');
  });

  it('needs no compiler where a prebuilt binding matches its checksum and the sources, and says why if not', async () => {
    const wheel = tinyWheel(tiny, folder.path, WHEEL_NAME);
    const changed = join(folder.path, 'prebuilt');
    mkdirSync(changed);
    for (const name of readdirSync(prebuilt)) writeFileSync(join(changed, name), readFileSync(join(prebuilt, name)));
    const note = JSON.parse(readFileSync(join(changed, 'prebuilt.json'), 'utf8')) as object;
    const attempts: [() => void, RegExp][] = [
      [
        () => writeFileSync(join(changed, 'prebuilt.json'), JSON.stringify({ ...note, inputsSha256: 'other' })),
        /built from other sources than these/,
      ],
      [() => writeFileSync(join(changed, 'prebuilt.json'), '{'), /prebuilt\.json is damaged/],
      [
        () => {
          writeFileSync(join(changed, 'prebuilt.json'), JSON.stringify(note));
          writeFileSync(join(changed, 'tfjs_binding.node'), 'forged');
        },
        /tfjs_binding\.node doesn't match its checksum/,
      ],
    ];
    await on([], folder.path, async () => {
      for (const [change, reason] of attempts) {
        change();
        await assert.rejects(install({ from: wheel, prebuilt: changed }), isEngineError(reason));
      }
      assert.equal((await install({ from: wheel })).manifest.binding, 'prebuilt');
    });
    // With a compiler at hand a prebuilt binding that can't be trusted is no obstacle; what is built has the same bytes.
    const engine = await install({ from: wheel, prebuilt: changed });
    assert.equal(engine.manifest.binding, 'built here');
    assert.ok(readFileSync(engine.binding).equals(readFileSync(join(prebuilt, 'tfjs_binding.node'))));
  });
});
