import { runError } from '../protocol/errors';
import type { TensorStatistics } from '../protocol/webviewMessages';
import { bytesOf, elementCount } from './dtypes';
import { elementDecoder } from './elementDecoder';
import { headerOf, readFully, withFile } from './readSafetensors';

/** Bins of the histogram. */
export const HISTOGRAM_BINS = 40;
/** Bytes read at a time: a tensor of any size needs no more memory than this. Divisible by every dtype's size. */
const CHUNK_BYTES = 1 << 20;

/**
 * Statistics of one tensor, read in chunks: the first pass finds range and mean, the second deviation and histogram.
 * @throws LabError `run-folder`; also for dtypes whose numbers aren't defined here (8-bit floats).
 */
export const tensorStatistics = (path: string, name: string): Promise<TensorStatistics> =>
  withFile(path, async (file) => {
    const entry = (await headerOf(file, path)).tensors.get(name);
    if (!entry) throw runError(`${path} has no tensor "${name}"; \`inspect\` lists those it has.`);
    const decode = elementDecoder(entry.dtype);
    if (!decode) throw runError(`Tensor "${name}" of ${path} is ${entry.dtype}, of which no statistics are computed; convert it to F32.`);
    const each = async (use: (values: ArrayLike<number>) => void) => {
      for (let at = entry.begin; at < entry.end; at += CHUNK_BYTES) {
        const bytes = new Uint8Array(Math.min(CHUNK_BYTES, entry.end - at));
        await readFully(file, bytes, at, path);
        use(decode(bytes.buffer, bytes.byteLength / bytesOf(entry.dtype)));
      }
    };
    return statistics(name, elementCount(entry.shape), each);
  });

async function statistics(
  name: string,
  count: number,
  each: (use: (values: ArrayLike<number>) => void) => Promise<void>,
): Promise<TensorStatistics> {
  let [notFinite, zeros, sum, min, max] = [0, 0, 0, Infinity, -Infinity];
  await each((values) => {
    for (let i = 0; i < values.length; i++) {
      const value = values[i]!;
      if (!Number.isFinite(value)) {
        notFinite++;
        continue;
      }
      if (value === 0) zeros++;
      if (value < min) min = value;
      if (value > max) max = value;
      sum += value;
    }
  });
  const finite = count - notFinite;
  if (finite === 0) return { name, count, notFinite, zeros, min: null, max: null, mean: null, standardDeviation: null, histogram: [] };
  const mean = clamp(sum / finite, min, max);
  const histogram = new Array<number>(HISTOGRAM_BINS).fill(0);
  // Halved before they are subtracted: the range of float64 itself would overflow.
  const binsPerHalf = max > min ? HISTOGRAM_BINS / (max / 2 - min / 2) : 0;
  let squares = 0;
  await each((values) => {
    for (let i = 0; i < values.length; i++) {
      const value = values[i]!;
      if (!Number.isFinite(value)) continue;
      squares += (value - mean) ** 2;
      const bin = Math.min(HISTOGRAM_BINS - 1, Math.floor((value / 2 - min / 2) * binsPerHalf));
      histogram[bin] = (histogram[bin] ?? 0) + 1;
    }
  });
  const deviation = Math.sqrt(squares / finite);
  return { name, count, notFinite, zeros, min, max, mean, standardDeviation: Number.isFinite(deviation) ? deviation : null, histogram };
}

/** Rounding and overflow of a sum must not put the mean outside of the values. */
const clamp = (value: number, min: number, max: number): number => Math.min(max, Math.max(min, value));
