import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installNative } from '../../../src/engine/native/install';
import { findNative, removeNative } from '../../../src/engine/native/manifest';
import { assertSupportedPlatform } from '../../../src/engine/native/platform';
import { LabError } from '../../../src/protocol/errors';
import { HOLLOW_WHEEL, WHEEL_NAME, temporaryFolder, writeZip } from '../support/wheels';

const isEngineError =
  (pattern: RegExp) =>
  (error: unknown): boolean => {
    assert.ok(error instanceof LabError, String(error));
    assert.deepEqual([error.code, error.exitCode], ['engine-unavailable', 4]);
    assert.match(error.message, pattern);
    return true;
  };

/** Runs with environment variables changed. */
async function withEnvironment<T>(changes: Record<string, string | undefined>, run: () => Promise<T>): Promise<T> {
  const before = Object.fromEntries(Object.keys(changes).map((name) => [name, process.env[name]]));
  const apply = (values: Record<string, string | undefined>): void => {
    for (const [name, value] of Object.entries(values)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  };
  apply(changes);
  try {
    return await run();
  } finally {
    apply(before);
  }
}

describe('installing the native engine', function () {
  let folder: ReturnType<typeof temporaryFolder>;
  let root: string;
  beforeEach(() => {
    folder = temporaryFolder();
    root = join(folder.path, 'engines');
  });
  afterEach(() => folder.remove());

  before(function () {
    // Elsewhere the installation ends with its first sentence.
    if (process.platform !== 'linux' || process.arch !== 'x64') this.skip();
  });

  const install = (wheel: string, options: object = {}): Promise<unknown> =>
    installNative({ fromWheel: wheel, gpu: false, root, ...options });
  const hollow = (): string => writeZip(folder.path, WHEEL_NAME, HOLLOW_WHEEL);

  it('says what to install where there is no compiler, and leaves nothing behind', async () => {
    const wheel = hollow();
    await withEnvironment({ PATH: join(folder.path, 'empty'), CXX: undefined }, () =>
      assert.rejects(install(wheel), isEngineError(/C\+\+ compiler g\+\+.*apt install g\+\+/)),
    );
    assert.deepEqual(readdirSync(root), []);
    assert.equal(findNative(root), undefined);
  });

  it('passes on what the compiler says, and leaves nothing behind', async () => {
    const compiler = join(folder.path, 'failing-cxx');
    writeFileSync(compiler, '#!/bin/sh\necho "c_api.h: no such thing" >&2\nexit 1\n');
    chmodSync(compiler, 0o755);
    const wheel = hollow();
    await withEnvironment({ CXX: compiler }, () => assert.rejects(install(wheel), isEngineError(/no such thing/)));
    assert.deepEqual(readdirSync(root), []);
  });

  it('refuses an engine that builds but does not load, and leaves nothing behind', async () => {
    const compiler = join(folder.path, 'lying-cxx');
    writeFileSync(compiler, '#!/bin/sh\nfor last; do :; done\necho hollow > "$last"\n');
    chmodSync(compiler, 0o755);
    const wheel = hollow();
    await withEnvironment({ CXX: compiler }, () => assert.rejects(install(wheel), isEngineError(/doesn't load/)));
    assert.deepEqual(readdirSync(root), []);
  });

  it('says what to install where there is neither wheel nor pip', async () => {
    await withEnvironment({ PATH: join(folder.path, 'empty') }, () =>
      assert.rejects(installNative({ gpu: false, root }), isEngineError(/pip.*Install Python 3/)),
    );
    assert.deepEqual(readdirSync(root), []);
  });

  it('passes on what pip says where the network or the package is missing', async () => {
    const bin = join(folder.path, 'bin');
    mkdirSync(bin);
    writeFileSync(
      join(bin, 'python3'),
      '#!/bin/sh\ncase "$*" in *--version) exit 0;; *download*) echo "ERROR: no route to host" >&2; exit 1;; *) echo null;; esac\n',
    );
    chmodSync(join(bin, 'python3'), 0o755);
    await withEnvironment({ PATH: bin }, () =>
      assert.rejects(installNative({ gpu: false, root }), isEngineError(/no route to host.*network/)),
    );
    assert.deepEqual(readdirSync(root), []);
  });

  it('refuses other files than a TensorFlow wheel, by name', async () => {
    await assert.rejects(
      install(writeZip(folder.path, 'numpy-1.0-cp311-cp311-manylinux_2_27_x86_64.whl', {})),
      isEngineError(/numpy.*not a TensorFlow wheel/),
    );
    const empty = writeZip(folder.path, WHEEL_NAME, { 'tensorflow/other': '' });
    await assert.rejects(install(empty), isEngineError(/no libtensorflow_cc\.so\.2/));
    writeFileSync(empty, 'cut short');
    await assert.rejects(install(empty), isEngineError(/not a zip file/));
    await assert.rejects(install(join(folder.path, 'gone', WHEEL_NAME)), isEngineError(/no such file/));
    assert.deepEqual(readdirSync(root), []);
  });

  it('stops when it is cancelled, with the reason of the one who cancelled', async () => {
    const controller = new AbortController();
    const wheel = hollow();
    const onProgress = ({ step }: { step: string }): void => {
      if (step === 'build') controller.abort(new Error('changed my mind'));
    };
    await assert.rejects(install(wheel, { onProgress, signal: controller.signal }), { message: 'changed my mind' });
    assert.deepEqual(readdirSync(root), []);
  });

  it('clears what a killed installation left, but not what a living one is filling', async () => {
    mkdirSync(join(root, '.staging-native-999999999-1'), { recursive: true });
    mkdirSync(join(root, `.staging-native-${process.ppid}-1`));
    await withEnvironment({ PATH: join(folder.path, 'empty') }, () => assert.rejects(installNative({ gpu: false, root })));
    assert.deepEqual(readdirSync(root), [`.staging-native-${process.ppid}-1`]);
    assert.equal(findNative(root), undefined);
  });

  it('takes an engine for installed only if it is complete', () => {
    const engine = join(root, 'native-2.21.0-linux-x64-cpu');
    mkdirSync(join(engine, 'lib'), { recursive: true });
    const manifest = {
      schemaVersion: 1,
      tensorflow: '2.21.0',
      tfjsNode: '4.22.0',
      platform: process.platform,
      arch: process.arch,
      device: 'cpu',
      source: 'a test',
      libraries: 'lib',
      librarySizes: {},
      bindingSha256: '',
      installedAt: '',
    };
    const files = ['tfjs_binding.node', 'lib/libtensorflow_cc.so.2', 'lib/libtensorflow_framework.so.2'];
    writeFileSync(join(engine, 'engine.json'), JSON.stringify(manifest));
    for (const file of files) {
      assert.equal(findNative(root), undefined, `without ${file}`);
      writeFileSync(join(engine, file), '');
    }
    assert.equal(findNative(root)?.manifest.tensorflow, '2.21.0');
    // A borrowed library vanishes with its Python.
    writeFileSync(join(engine, 'engine.json'), JSON.stringify({ ...manifest, libraries: join(folder.path, 'python-that-was') }));
    assert.equal(findNative(root), undefined);
    writeFileSync(join(engine, 'engine.json'), '{ torn');
    assert.equal(findNative(root), undefined);
    assert.equal(removeNative(root), 1);
    assert.equal(existsSync(engine), false);
  });
});

describe('the platform', () => {
  it('is Linux x64 with glibc, or the sentence says which engine to use instead', () => {
    assert.doesNotThrow(() => assertSupportedPlatform('linux', 'x64', true));
    assert.throws(() => assertSupportedPlatform('linux', 'x64', false), isEngineError(/musl.*wasm engine/));
    assert.throws(() => assertSupportedPlatform('darwin', 'arm64', true), isEngineError(/darwin arm64.*wasm engine/));
    assert.throws(() => assertSupportedPlatform('linux', 'arm64', true), isEngineError(/linux arm64/));
  });
});
