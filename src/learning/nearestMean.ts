import { dotRow, meanOfRows, normalizedRows } from './features';

/**
 * The nearest-mean-of-exemplars classifier (iCaRL, algorithm 1): class means of L2-normalised exemplar features,
 * normalised again, so that the nearest is the one with the largest inner product.
 */
export class NearestMean {
  private readonly means: Float32Array;

  /**
   * @param features [m, d] of the exemplars
   * @param classes class index of each exemplar, [m]
   * @param count number of classes seen; each must have an exemplar
   */
  constructor(
    features: Float32Array,
    private readonly d: number,
    classes: Int32Array,
    private readonly count: number,
  ) {
    const normalized = normalizedRows(features, d);
    const means = new Float32Array(count * d);
    for (let c = 0; c < count; c++) {
      const rows = [...classes.keys()].filter((row) => classes[row] === c);
      if (rows.length === 0) throw new Error(`Class index ${c} has no exemplar`);
      means.set(meanOfRows(normalized, d, rows), c * d);
    }
    this.means = normalizedRows(means, d);
  }

  /** @param features [n, d]; @returns the class index of each row */
  classify(features: Float32Array): Int32Array {
    const n = features.length / this.d;
    const predicted = new Int32Array(n);
    for (let i = 0; i < n; i++) {
      const row = features.subarray(i * this.d, (i + 1) * this.d);
      let best = -Infinity;
      for (let c = 0; c < this.count; c++) {
        const similarity = dotRow(this.means, this.d, c, row);
        if (similarity > best) [best, predicted[i]] = [similarity, c];
      }
    }
    return predicted;
  }
}
