/** Rows of a matrix [n, d] scaled to length 1; a row of zeros stays. */
export function normalizedRows(matrix: Float32Array, d: number): Float32Array {
  const result = new Float32Array(matrix.length);
  for (let start = 0; start < matrix.length; start += d) {
    const row = matrix.subarray(start, start + d);
    const length = Math.sqrt(row.reduce((total, value) => total + value * value, 0));
    for (let j = 0; j < d; j++) result[start + j] = length > 0 ? (row[j] ?? 0) / length : 0;
  }
  return result;
}

/** Mean of the given rows of a matrix [n, d], in float64. */
export function meanOfRows(matrix: Float32Array, d: number, rows: Iterable<number>): Float64Array {
  const mean = new Float64Array(d);
  let count = 0;
  for (const row of rows) {
    for (let j = 0; j < d; j++) mean[j] = (mean[j] ?? 0) + (matrix[row * d + j] ?? 0);
    count++;
  }
  return mean.map((value) => value / Math.max(1, count));
}

/** Inner product of row `i` of a matrix [n, d] with a vector. */
export function dotRow(matrix: Float32Array, d: number, i: number, vector: ArrayLike<number>): number {
  let total = 0;
  for (let j = 0; j < d; j++) total += (matrix[i * d + j] ?? 0) * (vector[j] ?? 0);
  return total;
}
