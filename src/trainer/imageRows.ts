/** Copies of some rows of a matrix [n, size], [rows, size]. */
export function gatherRows(matrix: Float32Array, size: number, rows: readonly number[]): Float32Array {
  const result = new Float32Array(rows.length * size);
  rows.forEach((row, i) => result.set(matrix.subarray(row * size, (row + 1) * size), i * size));
  return result;
}

/** Writes [rows, size] over those rows of a matrix [n, size]. */
export function scatterRows(matrix: Float32Array, size: number, rows: readonly number[], values: Float32Array): void {
  rows.forEach((row, i) => matrix.set(values.subarray(i * size, (i + 1) * size), row * size));
}
