import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tensorStatisticsSchema } from '../../src/protocol/webviewMessages';
import type { TensorData } from '../../src/store/dtypes';
import { encodeSafetensors } from '../../src/store/encodeSafetensors';
import { tensorStatistics } from '../../src/store/tensorStatistics';
import { rejectsWith } from './support/rejects';
import { temporaryFolders } from './support/temporaryFolder';

describe('tensorStatistics', () => {
  const folder = temporaryFolders();
  const statisticsOf = async (tensor: TensorData) => {
    const path = join(folder(), 'x.safetensors');
    writeFileSync(path, Buffer.concat(encodeSafetensors(new Map([['t', tensor]]))));
    return tensorStatisticsSchema.parse(await tensorStatistics(path, 't'));
  };

  it('agrees over several chunks with numbers known in closed form', async () => {
    const count = 1_000_001;
    const result = await statisticsOf({ dtype: 'F32', shape: [count], data: Float32Array.from({ length: count }, (_, i) => i - 500_000) });
    assert.deepEqual([result.min, result.max, result.mean, result.zeros, result.count], [-500_000, 500_000, 0, 1, count]);
    assert.ok(Math.abs((result.standardDeviation ?? 0) - Math.sqrt((count ** 2 - 1) / 12)) < 1e-3);
    assert.equal(result.histogram.length, 40);
    assert.equal(
      result.histogram.reduce((a, b) => a + b),
      count,
    );
    assert.ok(
      result.histogram.every((n) => Math.abs(n - count / 40) <= 1),
      result.histogram.join(),
    );
  });

  it('counts what is not finite and leaves it out', async () => {
    const result = await statisticsOf({ dtype: 'F64', shape: [5], data: new Float64Array([NaN, Infinity, -Infinity, 2, 4]) });
    assert.deepEqual([result.notFinite, result.min, result.max, result.mean, result.standardDeviation], [3, 2, 4, 3, 1]);
  });

  it('has no numbers for a tensor without finite elements', async () => {
    for (const data of [new Float32Array(0), new Float32Array([NaN])]) {
      const result = await statisticsOf({ dtype: 'F32', shape: [data.length], data });
      assert.deepEqual([result.min, result.mean, result.histogram], [null, null, []]);
    }
  });

  it('puts equal elements into one bin', async () => {
    const { histogram, standardDeviation } = await statisticsOf({ dtype: 'I32', shape: [3], data: new Int32Array([7, 7, 7]) });
    assert.deepEqual([histogram[0], standardDeviation], [3, 0]);
  });

  it('survives a range as wide as float64 itself', async () => {
    const { min, max, histogram } = await statisticsOf({ dtype: 'F64', shape: [2], data: new Float64Array([-1.7e308, 1.7e308]) });
    assert.deepEqual([min, max, histogram[0], histogram[39]], [-1.7e308, 1.7e308, 1, 1]);
  });

  // Bit patterns by IEEE 754: 1, −2, the smallest subnormal half, 65504; and the upper halves of 1, −2, 3.140625.
  it('reads half precision', async () => {
    const { min, max } = await statisticsOf({ dtype: 'F16', shape: [3], data: new Uint16Array([0x3c00, 0xc000, 0x7bff]) });
    assert.deepEqual([min, max], [-2, 65504]);
    assert.equal((await statisticsOf({ dtype: 'F16', shape: [1], data: new Uint16Array([0x0001]) })).min, 2 ** -24);
    assert.equal((await statisticsOf({ dtype: 'F16', shape: [2], data: new Uint16Array([0x7c00, 0x7e00]) })).notFinite, 2);
  });
  it('reads bfloat16', async () => {
    const { min, max } = await statisticsOf({ dtype: 'BF16', shape: [3], data: new Uint16Array([0x3f80, 0xc000, 0x4049]) });
    assert.deepEqual([min, max], [-2, 3.140625]);
  });
  it('reads 64-bit integers', async () => {
    const { min, max } = await statisticsOf({ dtype: 'I64', shape: [2], data: new BigInt64Array([-5n, 7n]) });
    assert.deepEqual([min, max], [-5, 7]);
  });
  it('says which dtype it cannot read', () =>
    rejectsWith(statisticsOf({ dtype: 'F8_E4M3', shape: [1], data: new Uint8Array(1) }), 5, /F8_E4M3/));
});
