import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseConfig } from '../../src/protocol/parseConfig';
import { arrayOf, readSafetensors } from '../../src/store/readSafetensors';
import { readRunFile } from '../../src/store/readRun';
import { RunControl } from '../../src/trainer/runControl';
import { resumeExperiment, runExperiment } from '../../src/trainer/runExperiment';
import { png, writeTree, type Paint } from '../data/support/images';
import { missing } from '../engine/support/engines';
import { relativeError } from '../learning/fixture';
import { temporaryFolders } from '../store/support/temporaryFolder';
import { runCli } from './cli/support/runCli';
import { TINY_ON_IMAGES } from './support/tiny';

/** Every stage of the method on images that are told apart by their colour. */
const TINY = { ...TINY_ON_IMAGES, dataPath: 'pictures', imageSize: 8, engine: 'webgpu' };

const COLOURS = [
  [220, 30, 30],
  [30, 220, 30],
  [30, 30, 220],
  [220, 220, 30],
] as const;

function pictures(folder: string): void {
  const files: Record<string, Buffer> = {};
  COLOURS.forEach(([r, g, b], c) => {
    for (let i = 0; i < 7; i++) {
      const paint: Paint = (x, y) => [r + ((7 * x + i) % 30), g + ((5 * y + 3 * i) % 30), b + ((x * y + i) % 30)];
      files[`${i < 4 ? 'train' : 'test'}/class${c}/${i}.png`] = png(16, 16, paint);
    }
  });
  writeTree(folder, files);
}

const FILES = ['phase-00', 'phase-01'].flatMap((phase) => [`${phase}/model.safetensors`, `${phase}/exemplars.safetensors`]);
const FIXTURES = join(__dirname, '../fixtures/hypergradient');

describe('the command line on webgpu', function () {
  this.timeout(600_000);
  const folder = temporaryFolders();
  before(function () {
    if (missing('webgpu')) this.skip();
  });

  const computes = async (name: string) => {
    const out = join(folder(), 'out.safetensors');
    const end = await runCli(['hypergradient', join(FIXTURES, `${name}.in.safetensors`), out, '--engine', 'webgpu'], FIXTURES, process.env);
    assert.deepEqual([end.code, end.stderr], [0, '']);
    const gradients = [out, join(FIXTURES, `${name}.expected.safetensors`)].map(async (path) => {
      return arrayOf((await readSafetensors(path)).tensors, 'gradient', 'F32', path).data;
    });
    const [gradient, expected] = (await Promise.all(gradients)) as [Float32Array, Float32Array];
    const error = relativeError(gradient, expected);
    if (process.env['PRINT_ERRORS']) console.log(`      ${name}: ${error.toExponential(1)}`);
    assert.ok(error <= 1e-4, `relative error ${error}`);
    return readFileSync(out);
  };

  it("computes the last layer's hypergradient as PyTorch does in float64, prints no noise and ends by itself", async () => {
    await computes('squareplus-last-layer');
  });

  it('computes the exact hypergradient as PyTorch does in float64, with the same bits in another process', async function () {
    if (!process.env['MNEMONICS_WHOLE_WEBGPU']) return this.skip();
    const first = await computes('squareplus-frozen');
    assert.ok(first.equals(await computes('squareplus-frozen')));
  });

  it('is not chosen by itself where its adapter is software, which `engine` says in a sentence, and nothing else', async () => {
    const { code, stdout, stderr } = await runCli(['engine', '--quick', '--json'], FIXTURES, process.env);
    assert.deepEqual([code, stderr], [0, '']);
    const { engines } = JSON.parse(stdout) as { engines: { name: string; chosen: boolean; available: boolean; reason: string }[] };
    const webgpu = engines.find(({ name }) => name === 'webgpu');
    assert.deepEqual([webgpu?.chosen, webgpu?.available], [false, false]);
    assert.match(webgpu?.reason ?? '', /^its only adapter is software on the CPU \(SwiftShader[^\n]*$/);
  });
});

describe('a run on webgpu', function () {
  this.timeout(1_800_000);
  const folder = temporaryFolders();
  before(function () {
    if (missing('webgpu') ?? (process.env['MNEMONICS_WHOLE_WEBGPU'] ? undefined : 'slow')) this.skip();
  });

  it('completes; stopped and resumed it ends with the same bits; wasm learns the same', async () => {
    const dir = folder();
    pictures(join(dir, 'pictures'));
    const run = async (name: string, engine: 'webgpu' | 'wasm') => {
      const runDir = join(dir, name);
      const options = { config: parseConfig({ ...TINY, engine }), configDir: dir, runDir, control: new RunControl() };
      assert.equal((await runExperiment(options)).outcome, 'completed');
      return runDir;
    };
    const accuracyOf = async (runDir: string) => (await readRunFile(runDir)).summary?.averageAccuracy ?? NaN;
    const whole = await run('whole', 'webgpu');
    const onWasm = await run('wasm', 'wasm');
    // Twelve test images: two of them either way are noise.
    assert.ok(Math.abs((await accuracyOf(whole)) - (await accuracyOf(onWasm))) <= 2 / 12);

    const stopped = join(dir, 'stopped');
    const control = new RunControl();
    await runExperiment({
      config: parseConfig(TINY),
      configDir: dir,
      runDir: stopped,
      control,
      onEvent: (event) => {
        if (event.kind === 'stage-started' && event.phase === 1) control.stop().catch(() => undefined);
      },
    });
    await resumeExperiment({ runDir: stopped, control: new RunControl() });
    for (const file of FILES) assert.ok(readFileSync(join(stopped, file)).equals(readFileSync(join(whole, file))), file);
  });
});
