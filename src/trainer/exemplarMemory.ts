import type { ClassIndex } from '../protocol/ids';
import type { ExemplarChange } from '../protocol/metrics';
import { gatherRows, scatterRows } from './imageRows';

/** Shape of one image. */
export interface ImageShape {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}
export const imageSize = ({ height, width, channels }: ImageShape): number => height * width * channels;

/**
 * E_{0:i}: the stored exemplars of all classes seen, in class order, float32 in normalised pixels. `before` is what an
 * exemplar was when it was chosen, `after` what learning has made of it since.
 */
export class ExemplarMemory {
  before: Float32Array = new Float32Array(0);
  after: Float32Array = new Float32Array(0);
  /** What the exemplars were before this phase adapted the old ones among them; null where it hasn't, or doesn't. */
  stored: Float32Array | null = null;
  /** Class index of each exemplar. */
  classes: Int32Array = new Int32Array(0);

  constructor(readonly image: ImageShape) {}

  get count(): number {
    return this.classes.length;
  }

  /** Adds a class's chosen images, [count, H, W, C]. */
  add(classIndex: ClassIndex, pixels: Float32Array): void {
    const count = pixels.length / imageSize(this.image);
    this.before = concat(this.before, pixels);
    this.after = concat(this.after, pixels);
    const classes = new Int32Array(this.count + count).fill(classIndex, this.count);
    classes.set(this.classes);
    this.classes = classes;
  }

  /**
   * Keeps the first `perClass` exemplars of each class, in the order in which they were chosen. With herding a prefix is the
   * smaller memory; of a random choice any part is as good as another. Learned ones keep the place of the image they began
   * as: what they were chosen for can't be asked again, because the class's data is gone.
   */
  shrink(perClass: number): void {
    const kept: number[] = [];
    const counts = new Map<number, number>();
    this.classes.forEach((classIndex, row) => {
      const before = counts.get(classIndex) ?? 0;
      if (before < perClass) kept.push(row);
      counts.set(classIndex, before + 1);
    });
    if (kept.length === this.count) return;
    const size = imageSize(this.image);
    this.before = gatherRows(this.before, size, kept);
    this.after = gatherRows(this.after, size, kept);
    this.classes = Int32Array.from(kept, (row) => this.classes[row] ?? -1);
  }

  /** Row numbers of the exemplars whose class index is in [from, to). */
  rowsOf(from: number, to: number): number[] {
    return [...this.classes.keys()].filter((row) => (this.classes[row] ?? -1) >= from && (this.classes[row] ?? -1) < to);
  }

  /** Copies of the given exemplars as they are now, [rows, H, W, C]. */
  gather(rows: readonly number[]): Float32Array {
    return gatherRows(this.after, imageSize(this.image), rows);
  }

  /** Replaces the given exemplars by what they have become, [rows, H, W, C]. */
  scatter(rows: readonly number[], pixels: Float32Array): void {
    scatterRows(this.after, imageSize(this.image), rows, pixels);
  }

  /** How far each class's exemplars have moved since they were chosen, or since they were as given, [count, H, W, C]. */
  changes(since: Float32Array = this.before): ExemplarChange[] {
    const size = imageSize(this.image);
    const byClass = new Map<number, { total: number; largest: number; pixels: number }>();
    this.classes.forEach((classIndex, row) => {
      const entry = byClass.get(classIndex) ?? { total: 0, largest: 0, pixels: 0 };
      for (let p = row * size; p < (row + 1) * size; p++) {
        const moved = Math.abs((this.after[p] ?? 0) - (since[p] ?? 0));
        entry.total += moved;
        entry.largest = Math.max(entry.largest, moved);
      }
      entry.pixels += size;
      byClass.set(classIndex, entry);
    });
    return [...byClass].map(([classIndex, { total, largest, pixels }]) => ({
      classIndex: classIndex as ClassIndex,
      meanChange: total / pixels,
      maxChange: largest,
    }));
  }
}

function concat(a: Float32Array, b: Float32Array): Float32Array {
  const result = new Float32Array(a.length + b.length);
  result.set(a);
  result.set(b, a.length);
  return result;
}
