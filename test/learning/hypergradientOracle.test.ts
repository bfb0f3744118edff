import assert from 'node:assert/strict';
import { join } from 'node:path';
import { arrayOf, readSafetensors } from '../../src/store/readSafetensors';
import { readProblem } from '../../src/trainer/hypergradientFile/readProblem';
import { solveProblem } from '../../src/trainer/hypergradientFile/solveProblem';
import { describeOnEngines } from '../engine/support/engines';
import { relativeError } from './fixture';

/** algorithm.md, Verification: the smooth activation to 1e-4; relu to 1e-2, since one unit that changes sign moves it. */
const LIMITS = { squareplus: 1e-4, relu: 1e-2 } as const;
const FOLDER = join(__dirname, '../fixtures/hypergradient');
const FIXTURES = ['squareplus-frozen', 'squareplus-batch', 'relu-frozen', 'relu-batch', 'squareplus-last-layer', 'squareplus-first-order'];

/** Fixtures of test/fixtures/hypergradient.py: PyTorch's double backward in float64. */
describeOnEngines("the hypergradient against PyTorch's double backward", ['native', 'slow webgpu', 'wasm'], (engine) => {
  for (const name of FIXTURES) {
    it(`is within its limit: ${name}`, async function () {
      this.timeout(engine().info.engine === 'webgpu' ? 600_000 : 60_000);
      const path = join(FOLDER, `${name}.expected.safetensors`);
      const { tensors } = await readSafetensors(path);
      const problem = await readProblem(join(FOLDER, `${name}.in.safetensors`));
      const { gradient, loss } = await solveProblem(engine(), problem);
      const error = relativeError(gradient.data, arrayOf(tensors, 'gradient', 'F32', path).data);
      if (process.env['PRINT_ERRORS']) console.log(`      ${engine().info.engine}, ${name}: ${error.toExponential(1)}`);
      assert.ok(error <= LIMITS[problem.shape.activation], `relative error ${error}`);
      const [expected = NaN] = arrayOf(tensors, 'loss', 'F32', path).data;
      assert.ok(Math.abs(loss - expected) <= 1e-5 * Math.abs(expected), `loss ${loss} instead of ${expected}`);
    });
  }
});
