import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installNative, type InstallOptions } from '../../../src/engine/native/install';
import { findNative, listNative, whyNoNative } from '../../../src/engine/native/manifest';
import { hasProgram, isAtWork, isEngineError, manifestOf, mountTmpfs, pathWith, script, withEnvironment } from '../support/installation';
import { HOLLOW_WHEEL, WHEEL_NAME, damage, temporaryFolder, writeWheel, writeZip } from '../support/wheels';

/** A port that nothing listens on. */
const NOWHERE = { version: '2.9.1', url: 'http://127.0.0.1:9/libtensorflow.tar.gz', sha256: '', roomBytes: 0 };

describe('installing the native engine', function () {
  let folder: ReturnType<typeof temporaryFolder>;
  let root: string;
  let empty: string;
  beforeEach(() => {
    folder = temporaryFolder();
    root = join(folder.path, 'engines');
    empty = pathWith(folder.path, []);
  });
  afterEach(() => folder.remove());

  before(function () {
    // Elsewhere the installation ends with its first sentence.
    if (process.platform !== 'linux' || process.arch !== 'x64') this.skip();
  });

  const install = (from: string, options: Partial<InstallOptions> = {}): Promise<unknown> =>
    installNative({ from, device: 'cpu', root, prebuilt: empty, ...options });
  const search = (options: Partial<InstallOptions> = {}): Promise<unknown> =>
    installNative({ device: 'cpu', root, prebuilt: empty, tarball: NOWHERE, ...options });
  const hollow = (): string => writeWheel(folder.path, WHEEL_NAME, HOLLOW_WHEEL);
  const compiler = (lines: string): string =>
    script(folder.path, 'cxx', `case "$*" in *version*) echo g++; exit 0;; */dev/null*) exit 0;; esac\n${lines}`);
  const nothingLeft = (): void => assert.deepEqual(existsSync(root) ? readdirSync(root) : [], []);

  it('says what to install where there is neither a compiler nor a prebuilt binding, before it fetches anything', async () => {
    const steps: string[] = [];
    await withEnvironment({ PATH: empty, CXX: undefined }, () =>
      assert.rejects(
        search({ onProgress: ({ step }) => void steps.push(step) }),
        isEngineError(/C\+\+ compiler g\+\+, since .* no prebuilt binding.*apt install g\+\+/),
      ),
    );
    assert.deepEqual(steps, []);
    nothingLeft();
  });

  it('passes on what the compiler says, and leaves nothing behind', async () => {
    const CXX = compiler('echo "c_api.h: no such thing" >&2; exit 1');
    await withEnvironment({ CXX }, () => assert.rejects(install(hollow()), isEngineError(/no such thing/)));
    nothingLeft();
  });

  it('refuses an engine that builds but does not load, and leaves nothing behind', async () => {
    const CXX = compiler('for last; do :; done\necho hollow > "$last"');
    await withEnvironment({ CXX }, () => assert.rejects(install(hollow()), isEngineError(/doesn't load here: .*(ELF|file too short)/)));
    nothingLeft();
  });

  it('says of each source why it gives nothing where there is neither a Python nor a network', async () => {
    await withEnvironment({ PATH: empty, CXX: compiler('exit 1') }, () =>
      assert.rejects(
        search(),
        isEngineError(/no TensorFlow.*pip.*apt install python3-pip.*127\.0\.0\.1:9.*ECONNREFUSED|bad port.*--from FILE\.whl.*wasm engine/),
      ),
    );
    nothingLeft();
  });

  it('passes on what pip says where the network or the package is missing', async function () {
    if (!hasProgram('python3')) return this.skip();
    const PATH = pathWith(folder.path, ['python3']);
    await withEnvironment({ PATH, CXX: compiler('exit 1'), PIP_NO_INDEX: '1', PIP_FIND_LINKS: empty, PYTHONPATH: undefined }, () =>
      assert.rejects(search(), isEngineError(/pip could not download tensorflow-cpu==2\.21\.0: .*No matching distribution/)),
    );
    nothingLeft();
  }).timeout(60_000);

  it('refuses other files than a TensorFlow wheel for this platform, by name', async () => {
    await assert.rejects(
      install(writeZip(folder.path, 'numpy-1.0-cp311-cp311-manylinux_2_27_x86_64.whl', {})),
      isEngineError(/numpy.*not a TensorFlow wheel/),
    );
    await assert.rejects(
      install(writeZip(folder.path, 'tensorflow-2.21.0-cp311-cp311-macosx_12_0_arm64.whl', {})),
      isEngineError(/another platform, macosx_12_0_arm64.*Linux x64/),
    );
    await assert.rejects(install(join(folder.path, 'gone', WHEEL_NAME)), isEngineError(/no such file/));
    nothingLeft();
  });

  it('refuses a wheel that is cut short, lacks a library or its checksums, or was changed', async () => {
    await assert.rejects(
      install(writeWheel(folder.path, WHEEL_NAME, { 'tensorflow/other': '' })),
      isEngineError(/no libtensorflow_cc\.so\.2/),
    );
    await assert.rejects(install(writeZip(folder.path, WHEEL_NAME, HOLLOW_WHEEL)), isEngineError(/no RECORD/));
    const forged = { ...HOLLOW_WHEEL, 'tensorflow/libtensorflow_cc.so.2': 'not the library' };
    await assert.rejects(
      install(writeWheel(folder.path, WHEEL_NAME, forged, HOLLOW_WHEEL)),
      isEngineError(/libtensorflow_cc\.so\.2 doesn't have the sha256 .* download the wheel again/),
    );
    const wheel = hollow();
    const whole = readFileSync(wheel);
    for (const part of [whole.length - 10, whole.length >> 1, 100, 0]) {
      writeFileSync(wheel, whole.subarray(0, part));
      await assert.rejects(install(wheel), isEngineError(/is damaged or cut short: .*; download the wheel again/), `${part} bytes`);
    }
    writeFileSync(wheel, whole);
    damage(wheel, 'PK\x01\x02');
    await assert.rejects(install(wheel), isEngineError(/damaged.*download the wheel again/));
    nothingLeft();
  });

  it('stops when it is cancelled, with the reason of the one who cancelled', async () => {
    for (const at of ['unpack', 'build']) {
      const controller = new AbortController();
      const onProgress = ({ step }: { step: string }): void => {
        if (step === at) controller.abort(new Error('changed my mind'));
      };
      await assert.rejects(install(hollow(), { onProgress, signal: controller.signal }), { message: 'changed my mind' }, at);
      nothingLeft();
    }
  });

  it('ends the compiler and what it started when it is cancelled', async () => {
    const pids = join(folder.path, 'pids');
    const CXX = compiler(`sleep 60 & echo $! > ${pids}; wait`);
    const controller = new AbortController();
    const wait = setInterval(() => existsSync(pids) && readFileSync(pids).length > 0 && controller.abort(new Error('stop')), 20);
    await withEnvironment({ CXX }, () => assert.rejects(install(hollow(), { signal: controller.signal }), { message: 'stop' }));
    clearInterval(wait);
    assert.equal(isAtWork(Number(readFileSync(pids, 'utf8'))), false);
    nothingLeft();
  });

  it('says how much room is missing on the disk before it fills it, and what to do when it is full all the same', async function () {
    const disk = mountTmpfs(join(folder.path, 'disk'), 'size=192k');
    if (!disk) this.skip();
    try {
      const small = { root: join(folder.path, 'disk', 'engines'), from: '' };
      const big = writeWheel(folder.path, WHEEL_NAME, { ...HOLLOW_WHEEL, 'tensorflow/libtensorflow_cc.so.2': 'x'.repeat(3e5) });
      await assert.rejects(
        install(big, { root: small.root }),
        isEngineError(/has 1 MB of room, and .* takes 1 MB.*Make room, or set MNEMONICS_CACHE/),
      );
      const CXX = compiler('for last; do :; done\nhead -c 300000 /dev/zero > "$last"');
      await withEnvironment({ CXX }, () =>
        assert.rejects(install(hollow(), { root: small.root }), isEngineError(/disk of .* is full.*Make room, or set MNEMONICS_CACHE/)),
      );
      assert.deepEqual(readdirSync(small.root), []);
    } finally {
      disk.unmount();
    }
  });

  it('says where to install instead if the cache folder cannot be written to', async function () {
    const disk = mountTmpfs(join(folder.path, 'disk'), 'size=64k,ro');
    try {
      if (disk)
        await assert.rejects(
          install(hollow(), { root: join(folder.path, 'disk', 'engines') }),
          isEngineError(/can't be written to.*MNEMONICS_CACHE/),
        );
      writeFileSync(join(folder.path, 'file'), '');
      await assert.rejects(
        install(hollow(), { root: join(folder.path, 'file', 'engines') }),
        isEngineError(/can't be written to.*MNEMONICS_CACHE/),
      );
    } finally {
      disk?.unmount();
    }
  });

  it('clears what a killed installation left, but not what a living one is filling', async () => {
    mkdirSync(join(root, '.staging-native-999999999-1'), { recursive: true });
    mkdirSync(join(root, `.staging-native-${process.ppid}-1`));
    await withEnvironment({ PATH: empty, CXX: compiler('exit 1') }, () => assert.rejects(search()));
    assert.deepEqual(readdirSync(root), [`.staging-native-${process.ppid}-1`]);
    assert.equal(findNative(root), undefined);
  });

  it('takes an engine for installed only if it is complete and unchanged, and says what is wrong with it', () => {
    const engine = join(root, 'native-2.21.0-linux-x64-cpu');
    mkdirSync(join(engine, 'lib'), { recursive: true });
    const manifest = manifestOf('addon', 4);
    const say = (changes: object): void => writeFileSync(join(engine, 'engine.json'), JSON.stringify({ ...manifest, ...changes }));
    const refused = (reason: RegExp): void => {
      assert.equal(findNative(root), undefined);
      assert.match(whyNoNative(root, {}), reason);
      assert.match(listNative(root)[0]?.problem ?? '', reason);
    };
    assert.equal(whyNoNative(join(root, 'nowhere'), {}), 'not installed; `engine install` does it');
    refused(/engine\.json is missing/);
    say({});
    for (const [file, content] of [
      ['tfjs_binding.node', 'addon'],
      ['lib/libtensorflow_cc.so.2', 'code'],
      ['lib/libtensorflow_framework.so.2', ''],
    ] as const) {
      refused(new RegExp(`${file.split('/').at(-1)} is missing`));
      writeFileSync(join(engine, file), content);
    }
    assert.equal(findNative(root)?.manifest.tensorflow, '2.21.0');
    // A library of a Python is replaced when the user updates it there, and vanishes with it.
    writeFileSync(join(engine, 'lib/libtensorflow_cc.so.2'), 'newer code');
    refused(/another one than was installed \(it came from: a test\)/);
    writeFileSync(join(engine, 'lib/libtensorflow_cc.so.2'), 'code');
    say({ libraries: join(folder.path, 'python-that-was') });
    refused(/libtensorflow_cc\.so\.2 is missing/);
    say({ tfjsNode: '4.0.0' });
    refused(/installed for tfjs 4\.0\.0/);
    say({});
    writeFileSync(join(engine, 'tfjs_binding.node'), 'garbage');
    refused(/not the one that was installed/);
    writeFileSync(join(engine, 'tfjs_binding.node'), 'addon');
    say({ convolutionsSha256: manifest.bindingSha256 });
    refused(/convolutions\.node is missing or not the one that was installed/);
    writeFileSync(join(engine, 'convolutions.node'), 'addon');
    assert.equal(findNative(root)?.manifest.tensorflow, '2.21.0');
    writeFileSync(join(engine, 'engine.json'), '{ torn');
    refused(/engine\.json is missing or damaged/);
  });
});
