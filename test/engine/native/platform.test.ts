import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cudaRequirements } from '../../../src/engine/native/cuda';
import { chooseDevice, parseNvidiaSmi } from '../../../src/engine/native/gpu';
import { assertSupportedPlatform, cLibraryOf, hasAvx, type PlatformFacts } from '../../../src/engine/native/platform';
import { isEngineError } from '../support/installation';

const fixture = (name: string): string => readFileSync(join(__dirname, '../fixtures/platform', name), 'utf8');

describe('the platform', () => {
  const good: PlatformFacts = {
    platform: 'linux',
    arch: 'x64',
    libc: { name: 'glibc', version: '2.36' },
    cpuinfo: fixture('cpuinfo-avx512.txt'),
  };
  const refused = (changes: Partial<PlatformFacts>, sentence: RegExp): void =>
    assert.throws(() => assertSupportedPlatform({ ...good, ...changes }), isEngineError(sentence));

  it('is Linux x64 with glibc 2.27 and AVX, or the sentence says which engine to use instead', () => {
    assert.doesNotThrow(() => assertSupportedPlatform(good));
    assert.doesNotThrow(() => assertSupportedPlatform({ ...good, libc: { name: 'glibc', version: '2.27' }, cpuinfo: undefined }));
    refused({ platform: 'darwin', arch: 'arm64' }, /darwin arm64.*wasm engine/);
    refused({ arch: 'arm64' }, /linux arm64/);
    refused({ libc: { name: 'musl' } }, /musl, as in Alpine.*wasm engine/);
    refused({ libc: { name: 'glibc', version: '2.26' } }, /glibc 2\.27 or newer.*has 2\.26/);
    refused({ libc: { name: 'glibc', version: '1.99' } }, /has 1\.99/);
    refused({ cpuinfo: fixture('cpuinfo-nehalem.txt') }, /AVX.*wasm engine/);
  });

  it('is known from the report of the process that runs', () => {
    if (process.platform === 'linux' && process.arch === 'x64') assert.doesNotThrow(() => assertSupportedPlatform());
  });

  it("tells the C library from Node's report, of Debian, of Alpine and without a version", () => {
    const report = (name: string): Parameters<typeof cLibraryOf>[0] => JSON.parse(fixture(name)) as Parameters<typeof cLibraryOf>[0];
    assert.deepEqual(cLibraryOf(report('report-debian12.json')), { name: 'glibc', version: '2.36' });
    assert.deepEqual(cLibraryOf(report('report-alpine.json')), { name: 'musl' });
    const { sharedObjects } = report('report-debian12.json');
    assert.deepEqual(cLibraryOf({ header: {}, ...(sharedObjects ? { sharedObjects } : {}) }), { name: 'glibc' });
    assert.deepEqual(cLibraryOf({}), { name: 'unknown' });
  });

  it('finds AVX as a word of its own among the flags', () => {
    assert.equal(hasAvx(fixture('cpuinfo-avx512.txt')), true);
    assert.equal(hasAvx(fixture('cpuinfo-nehalem.txt')), false);
    assert.equal(hasAvx('flags\t\t: fpu avx512f avx2\n'), false);
    assert.equal(hasAvx('Features\t: fp asimd\n'), undefined);
  });
});

describe('the device', () => {
  it('is read from nvidia-smi', () => {
    assert.deepEqual(parseNvidiaSmi('NVIDIA H100 80GB HBM3, 550.54.15\nNVIDIA H100 80GB HBM3, 550.54.15\n'), {
      name: 'NVIDIA H100 80GB HBM3',
      driver: '550.54.15',
    });
    assert.deepEqual(parseNvidiaSmi('Tesla T4, 470.82.01\n'), { name: 'Tesla T4', driver: '470.82.01' });
    assert.equal(parseNvidiaSmi("NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.\n"), undefined);
    assert.equal(parseNvidiaSmi('No devices were found\n'), undefined);
  });

  it('is the GPU where its driver serves CUDA 12, else the CPU with the reason', () => {
    const gpu = (driver: string): { name: string; driver: string } => ({ name: 'Tesla T4', driver });
    assert.deepEqual(chooseDevice(undefined, undefined), { device: 'cpu' });
    assert.deepEqual(chooseDevice(undefined, gpu('525.60.13')), { device: 'gpu' });
    assert.deepEqual(chooseDevice(undefined, gpu('1000.1')), { device: 'gpu' });
    assert.deepEqual(chooseDevice('cpu', gpu('550.54.15')), { device: 'cpu' });
    assert.deepEqual(chooseDevice('gpu', undefined), { device: 'gpu' });
    const { device, notice } = chooseDevice(undefined, gpu('525.60.12'));
    assert.equal(device, 'cpu');
    assert.match(notice ?? '', /driver of the Tesla T4 is 525\.60\.12.*525\.60\.13 or newer/);
    assert.throws(() => chooseDevice('gpu', gpu('470.82.01')), isEngineError(/470\.82\.01.*Update NVIDIA's driver, or .*--cpu/));
  });

  it('takes the CUDA libraries that the wheel itself names', () => {
    const metadata = [
      'Requires-Dist: numpy>=1.26.0',
      'Provides-Extra: and-cuda',
      'Requires-Dist: nvidia-cublas-cu12<13.0,>=12.5.3.2; extra == "and-cuda"',
      "Requires-Dist: nvidia-cudnn-cu12 (<10.0,>=9.3.0.75) ; extra == 'and-cuda'",
      'Requires-Dist: nvidia-cuda-nvcc-cu12<13.0,>=12.5.82; extra == "and-cuda"',
      'Requires-Dist: tensorflow-text; extra == "text"',
    ].join('\n');
    assert.deepEqual(cudaRequirements(metadata), ['nvidia-cublas-cu12<13.0,>=12.5.3.2', 'nvidia-cudnn-cu12(<10.0,>=9.3.0.75)']);
  });
});
