/** A loss as it was reported: the mean since the report before. */
export interface LossPoint {
  readonly step: number;
  readonly loss: number;
}

/** Points that a curve keeps beside its newest: more than a screen is wide, few enough for any number of stages. */
const MOST_POINTS = 10_000;

/**
 * Reported losses, oldest first: all of them up to ten thousand, then every second, fourth … and always the newest, so that a curve
 * of a month is as small as one of an hour. Never changed, and still grows in constant time: a curve and the one that continues
 * it share their points, of which each sees its own first `kept`.
 */
export class LossCurve implements Iterable<LossPoint> {
  static readonly EMPTY = new LossCurve([], 0, 1, null, 0);

  private constructor(
    private readonly shared: LossPoint[],
    private readonly kept: number,
    /** One point in so many is kept. */
    private readonly every: number,
    /** The newest point where it isn't kept yet. */
    private readonly newest: LossPoint | null,
    /** Points since the last that is kept. */
    private readonly since: number,
  ) {}

  get length(): number {
    return this.kept + (this.newest ? 1 : 0);
  }

  /** The curve with one point more. */
  with(point: LossPoint): LossCurve {
    const { shared, kept, every, since } = this;
    if (kept > 0 && since + 1 < every) return new LossCurve(shared, kept, every, point, since + 1);
    // A curve that was continued otherwise before keeps its continuation: this one begins a list of its own.
    const points = kept > 0 && shared.length === kept ? shared : shared.slice(0, kept);
    points.push(point);
    if (points.length <= MOST_POINTS) return new LossCurve(points, points.length, every, null, 0);
    // One more than an even number: the newest is among those that stay.
    const thinned = points.filter((_, i) => i % 2 === 0);
    return new LossCurve(thinned, thinned.length, 2 * every, null, 0);
  }

  /** The points up to and including a step. */
  upTo(step: number): LossCurve {
    if (this.newest && this.newest.step <= step) return this;
    let { kept } = this;
    while (kept > 0 && (this.shared[kept - 1]?.step ?? 0) > step) kept--;
    return new LossCurve(this.shared, kept, this.every, null, 0);
  }

  at(index: number): LossPoint | undefined {
    const i = index < 0 ? this.length + index : index;
    return i >= 0 && i < this.kept ? this.shared[i] : i === this.kept ? (this.newest ?? undefined) : undefined;
  }

  /** At most `most` points, evenly spread, the first and the last among them: what a screen can show. */
  sampled(most: number): LossPoint[] {
    if (this.length <= most) return [...this];
    return Array.from({ length: most }, (_, i) => this.at(Math.round((i * (this.length - 1)) / (most - 1)))).filter((p) => p !== undefined);
  }

  *[Symbol.iterator](): Generator<LossPoint> {
    for (let i = 0; i < this.length; i++) yield this.at(i) as LossPoint;
  }
}
