import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { runEagerly } from '../../../src/engine/eager';
import { findNative } from '../../../src/engine/native/manifest';
import { assertClose, noise } from '../support/compare';
import { bothWays, KINDS } from '../support/convolutionKernels';
import { describeOnEngines, missing, valuesOf } from '../support/engines';
import type { ConvolutionCase } from '../support/plainConvolution';

const same = { filter: [3, 3], stride: [1, 1], before: [1, 1], after: [1, 1] } as const;

const cases: fc.Arbitrary<ConvolutionCase> = fc
  .record({ images: fc.integer({ min: 1, max: 9 }), height: fc.integer({ min: 1, max: 9 }), width: fc.integer({ min: 1, max: 9 }) })
  .chain(({ images, height, width }) =>
    fc
      .record({ inputs: fc.constantFrom(16, 32, 48, 64), outputs: fc.constantFrom(16, 32, 48, 64) })
      .map((channels) => ({ ...same, ...channels, images, size: [height, width] })),
  );

function assertAgrees(c: ConvolutionCase): void {
  const { actual, expected } = bothWays(c, 'same');
  KINDS.forEach((what, i) => assertClose(actual[i] as Float32Array, expected[i] as Float64Array, 1e-6, what));
}

const drawn = (shape: readonly number[], seed: number): tf.Tensor4D =>
  tf.tensor4d(noise(tf.util.sizeFromShape([...shape]), seed), shape as [number, number, number, number]);

describeOnEngines('the convolutions', ['native'], (engine) => {
  it('agree with sums in double precision, and so do their gradients, for sizes of every remainder', function () {
    this.timeout(60_000);
    fc.assert(fc.property(cases, assertAgrees), { numRuns: 60 });
  });

  for (const c of [
    { ...same, images: 3, size: [32, 32], inputs: 16, outputs: 16 },
    { ...same, images: 2, size: [64, 40], inputs: 32, outputs: 64 },
    { ...same, images: 33, size: [8, 8], inputs: 64, outputs: 64 },
    { ...same, images: 70, size: [7, 7], inputs: 16, outputs: 128 },
  ] satisfies ConvolutionCase[])
    it(`agree at the size of a network: ${c.images}×${c.size.join('×')}×${c.inputs} → ${c.outputs}`, function () {
      this.timeout(30_000);
      assertAgrees(c);
    });

  it('do what follows them in the same pass: the graph agrees with the step op by op', async () => {
    for (const shape of [
      [2, 9, 8, 16],
      [5, 32, 32, 32],
    ]) {
      const channels = shape[3] ?? 0;
      const filter = [3, 3, channels, channels];
      const step = ({ x, v, w, u, b }: Record<'x' | 'v' | 'w' | 'u' | 'b', tf.Tensor>) => {
        const [xs, vs, ws, us] = [x, v, w, u] as [tf.Tensor4D, tf.Tensor4D, tf.Tensor4D, tf.Tensor4D];
        const sum = tf.add(tf.conv2d(xs, ws, 1, 'same'), tf.conv2d(vs, us, 1, 'same'));
        return { y: tf.relu(tf.add(tf.add(sum, b), x)), residual: tf.add(x, tf.conv2d(vs, ws, 1, 'same')) };
      };
      const inputs = {
        x: drawn(shape, 1),
        v: drawn(shape, 2),
        w: drawn(filter, 3),
        u: drawn(filter, 4),
        b: tf.tensor1d(noise(channels, 5)),
      };
      const [graph, eager] = [engine().compile('fused', step)(inputs), runEagerly('fused', step, inputs)];
      for (const name of ['y', 'residual'] as const) assertClose(await valuesOf(graph[name]), await valuesOf(eager[name]), 5e-7, name);
      assert.ok((await valuesOf(graph.y)).every((value) => value >= 0));
      tf.dispose([inputs, graph, eager]);
    }
  });

  it('let what is not a number through a relu and its derivative', async () => {
    const shape: [number, number, number, number] = [1, 2, 2, 16];
    const step = ({ x, w }: { x: tf.Tensor; w: tf.Tensor }) => {
      const attrs = { strides: 1, pad: 'same', inputShape: shape, filterShape: w.shape, x };
      const dy: tf.Tensor = tf.engine().runKernel('Conv2DBackpropInput', { dy: x, filter: w }, attrs as unknown as tf.NamedAttrMap);
      const slope: tf.Tensor = tf.engine().runKernel('LabReluGrad', { dy }, attrs as unknown as tf.NamedAttrMap);
      return { value: tf.relu(tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, 'same')), slope };
    };
    const values = noise(tf.util.sizeFromShape(shape), 1);
    values[17] = Number.NaN; // Within reach of every pixel.
    const [x, w] = [tf.tensor(values, shape), drawn([3, 3, 16, 16], 2)];
    const outputs = engine().compile('nan', step)({ x, w });
    for (const output of [outputs.value, outputs.slope]) assert.ok((await valuesOf(output)).every((value) => Number.isNaN(value)));
    tf.dispose([x, w, outputs]);
  });

  it('with a step, an odd filter or channels that fill no vector are left to TensorFlow', () => {
    for (const c of [
      { ...same, images: 2, size: [5, 5], inputs: 8, outputs: 16 },
      { ...same, images: 2, size: [5, 5], inputs: 16, outputs: 24 },
    ] satisfies ConvolutionCase[])
      assertAgrees(c);
  });
});

interface Said {
  readonly threads?: number;
  readonly kind?: string;
  readonly reason?: string;
  readonly bits?: string;
  readonly error?: string;
}

/** What the engine says and gives in a process of its own. */
function load(env: Record<string, string>, ...args: string[]): Said {
  const fixture = join(__dirname, '../fixtures/nativeConvolutions.ts');
  const { stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', fixture, ...args], {
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });
  const said = stdout.split('\n').find((line) => line.startsWith('{'));
  assert.ok(said, stderr);
  return JSON.parse(said) as Said;
}

const absent = missing('native') ?? (findNative()?.manifest.device === 'gpu' ? 'the native engine is one for GPUs' : undefined);

describe("the native engine's convolutions", function () {
  this.timeout(120_000);
  if (absent) return void it(`skipped, ${absent}`);

  it('give the same bits on any number of threads and every kind of CPU that they know', () => {
    const all = ['1', '2', '5'].map((threads) => load({ TF_NUM_INTRAOP_THREADS: threads }));
    assert.deepEqual(
      all.map(({ threads }) => threads),
      [1, 2, 5],
    );
    for (const kind of ['avx512', 'avx2']) {
      const one = load({ MNEMONICS_CONVOLUTIONS: kind });
      if (one.error) assert.match(one.error, new RegExp(`asks for ${kind}, which this CPU doesn't have`));
      else all.push(one);
    }
    assert.equal(new Set(all.map(({ bits }) => bits)).size, 1, JSON.stringify(all));
    assert.ok(all.every(({ kind }) => /^Winograd, AVX/.test(kind ?? '')));
  });

  it("are TensorFlow's where they are asked for, or where the engine was installed before there were others, and it says so", () => {
    assert.equal(load({ MNEMONICS_CONVOLUTIONS: 'tensorflow' }).kind, "TensorFlow's");
    const { kind, reason } = load({}, 'forget');
    assert.equal(kind, "TensorFlow's");
    assert.match(reason ?? '', /`engine install` again brings faster convolutions/);
  });

  it('refuse a name that they do not know', () => {
    assert.match(load({ MNEMONICS_CONVOLUTIONS: 'fast' }).error ?? '', /"fast"; it can be avx512, avx2 or tensorflow/);
  });
});
