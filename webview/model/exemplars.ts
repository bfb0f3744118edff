import type { ExemplarPixels } from '../../src/protocol/webviewMessages';

/** How far one exemplar's pixels moved, in normalised pixels. */
export interface Change {
  readonly mean: number;
  readonly max: number;
}

/** One class's exemplars in a file. */
export interface ClassChange extends Change {
  readonly classIndex: number;
  readonly exemplars: readonly number[];
}

export const valuesPerExemplar = ({ height, width, channels }: ExemplarPixels): number => height * width * channels;

/** Change of the exemplar at a position. */
export function exemplarChange(pixels: ExemplarPixels, exemplar: number): Change {
  const size = valuesPerExemplar(pixels);
  let sum = 0;
  let max = 0;
  for (let i = exemplar * size; i < (exemplar + 1) * size; i++) {
    const change = Math.abs((pixels.after[i] ?? 0) - (pixels.before[i] ?? 0));
    sum += change;
    if (change > max) max = change;
  }
  return { mean: sum / size, max };
}

/** Changes per class, in the order of the classes' indices. */
export function classChanges(pixels: ExemplarPixels): ClassChange[] {
  const groups = new Map<number, number[]>();
  pixels.classes.forEach((c, exemplar) => groups.set(c, [...(groups.get(c) ?? []), exemplar]));
  return [...groups]
    .sort(([a], [b]) => a - b)
    .map(([classIndex, exemplars]) => {
      const changes = exemplars.map((e) => exemplarChange(pixels, e));
      return {
        classIndex,
        exemplars,
        mean: changes.reduce((sum, c) => sum + c.mean, 0) / changes.length,
        max: Math.max(...changes.map((c) => c.max)),
      };
    });
}

/** after − before of one exemplar, mean over channels: [height × width]. */
export function difference(pixels: ExemplarPixels, exemplar: number): Float32Array {
  const { channels } = pixels;
  const area = pixels.height * pixels.width;
  const start = exemplar * valuesPerExemplar(pixels);
  return Float32Array.from({ length: area }, (_, pixel) => {
    let sum = 0;
    for (let c = 0; c < channels; c++)
      sum += (pixels.after[start + pixel * channels + c] ?? 0) - (pixels.before[start + pixel * channels + c] ?? 0);
    return sum / channels;
  });
}

/** The differences of several exemplars, one after the other. */
export function differences(pixels: ExemplarPixels, exemplars: readonly number[]): Float32Array {
  const area = pixels.height * pixels.width;
  const all = new Float32Array(exemplars.length * area);
  exemplars.forEach((exemplar, i) => all.set(difference(pixels, exemplar), i * area));
  return all;
}

/** One exemplar's image as RGBA bytes: normalisation undone, clamped to [0, 1], grey images spread over the three channels. */
export function displayBytes(pixels: ExemplarPixels, which: 'before' | 'after', exemplar: number): Uint8ClampedArray<ArrayBuffer> {
  const { channels, mean, std } = pixels;
  const area = pixels.height * pixels.width;
  const start = exemplar * valuesPerExemplar(pixels);
  const bytes = new Uint8ClampedArray(area * 4);
  for (let pixel = 0; pixel < area; pixel++) {
    for (let rgb = 0; rgb < 3; rgb++) {
      const c = channels === 1 ? 0 : Math.min(rgb, channels - 1);
      bytes[pixel * 4 + rgb] = ((pixels[which][start + pixel * channels + c] ?? 0) * (std[c] ?? 1) + (mean[c] ?? 0)) * 255;
    }
    bytes[pixel * 4 + 3] = 255;
  }
  return bytes;
}
