import assert from 'node:assert/strict';
import type * as tf from '@tensorflow/tfjs-core';
import { gradients } from '../../src/ops/differentiate';
import * as ops from '../../src/ops/ops';
import { describeOnEngines, valuesOf } from '../engine/support/engines';
import { readFixture, relativeError } from '../learning/fixture';

/** ‖g − g*‖ / ‖g*‖ against PyTorch's float64. */
const LIMIT = 5e-6;
const SIZES = ['few', 'some', 'many'] as const;
const SOURCES = { dy: 'ofDy', x: 'ofX', scale: 'ofScale' } as const;

describeOnEngines("batch norm's second derivative by batch statistics", ['native', 'webgpu', 'wasm', 'cpu'], (engine) => {
  for (const size of SIZES) {
    it(`gives dy, x and γ what PyTorch's double backward does, and β nothing, with ${size} elements a channel`, async () => {
      const { tensor, number, floats } = await readFixture('batch-norm-second.safetensors');
      const part = (name: string) => tensor(`${size}.${name}`);
      const second = engine().compile('second', ({ a, b, c, ...at }: Record<string, tf.Tensor>) => {
        const cotangents = [a, b, c] as tf.Tensor[];
        return gradients(() => {
          const { x, scale, offset } = at;
          const inputs = { x: x!, scale: scale!, offset: offset! };
          const first = gradients(() => {
            const { y } = ops.batchNormTrain(inputs.x, inputs.scale, inputs.offset, number(`${size}.epsilon`));
            return ops.sum(ops.mul(y, at['dy']!));
          }, inputs).gradients;
          const terms = ['x', 'scale', 'offset'].map((name, i) => ops.sum(ops.mul(first[name]!, cotangents[i]!)));
          return terms.reduce(ops.add);
        }, at).gradients;
      });
      const at = { dy: part('dy'), x: part('x'), scale: part('scale'), offset: part('offset') };
      const found = second({ ...at, a: part('ddx'), b: part('ddscale'), c: part('ddoffset') });
      for (const [name, source] of Object.entries(SOURCES)) {
        const error = relativeError(await valuesOf(found[name]!), floats(`${size}.${source}`));
        if (process.env['PRINT_ERRORS']) console.log(`      ${engine().info.engine}, ${size}, ${name}: ${error.toExponential(1)}`);
        assert.ok(error <= LIMIT, `${name}: relative error ${error}`);
      }
      assert.ok((await valuesOf(found['offset']!)).every((value) => value === 0));
    });
  }
});
