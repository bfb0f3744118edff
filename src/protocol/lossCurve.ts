/** A loss as it was reported: the mean since the report before. */
export interface LossPoint {
  readonly step: number;
  readonly loss: number;
}

/**
 * Reported losses, oldest first. Never changed, and still grows in constant time: a curve and the one that continues it share
 * their points, of which each sees its own first `length`. A run of a day reports a hundred thousand of them.
 */
export class LossCurve implements Iterable<LossPoint> {
  static readonly EMPTY = new LossCurve([], 0);

  private constructor(
    private readonly shared: LossPoint[],
    readonly length: number,
  ) {}

  /** The curve with one point more. */
  with(point: LossPoint): LossCurve {
    // A curve that was continued otherwise before keeps its continuation: this one begins a list of its own.
    const points = this.length > 0 && this.shared.length === this.length ? this.shared : [...this];
    points.push(point);
    return new LossCurve(points, points.length);
  }

  /** The points up to and including a step. */
  upTo(step: number): LossCurve {
    let { length } = this;
    while (length > 0 && (this.shared[length - 1]?.step ?? 0) > step) length--;
    return new LossCurve(this.shared, length);
  }

  at(index: number): LossPoint | undefined {
    return index < this.length && index >= -this.length ? this.shared[index < 0 ? this.length + index : index] : undefined;
  }

  /** At most `most` points, evenly spread, the first and the last among them: what a screen can show. */
  sampled(most: number): LossPoint[] {
    if (this.length <= most) return [...this];
    return Array.from({ length: most }, (_, i) => this.at(Math.round((i * (this.length - 1)) / (most - 1)))).filter((p) => p !== undefined);
  }

  *[Symbol.iterator](): Generator<LossPoint> {
    for (let i = 0; i < this.length; i++) yield this.shared[i] as LossPoint;
  }
}
