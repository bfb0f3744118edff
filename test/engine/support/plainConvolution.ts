/** A convolution's sizes and its zeros on each side. */
export interface ConvolutionCase {
  readonly images: number;
  readonly size: readonly [rows: number, columns: number];
  readonly filter: readonly [rows: number, columns: number];
  readonly inputs: number;
  readonly outputs: number;
  readonly stride: readonly [rows: number, columns: number];
  readonly before: readonly [rows: number, columns: number];
  readonly after: readonly [rows: number, columns: number];
}

export function outputSize({ size, filter, stride, before, after }: ConvolutionCase): [rows: number, columns: number] {
  const along = (i: 0 | 1): number => Math.floor((size[i] + before[i] + after[i] - filter[i]) / stride[i]) + 1;
  return [along(0), along(1)];
}

/** Calls back with the index of x, w and y for each product that a convolution is the sum of. */
export function eachProduct(c: ConvolutionCase, visit: (x: number, w: number, y: number) => void): void {
  const [rows, columns] = outputSize(c);
  for (let n = 0; n < c.images; n++)
    for (let p = 0; p < rows; p++)
      for (let q = 0; q < columns; q++)
        for (let i = 0; i < c.filter[0]; i++)
          for (let j = 0; j < c.filter[1]; j++) {
            const row = p * c.stride[0] + i - c.before[0];
            const column = q * c.stride[1] + j - c.before[1];
            if (row < 0 || row >= c.size[0] || column < 0 || column >= c.size[1]) continue;
            for (let a = 0; a < c.inputs; a++)
              for (let f = 0; f < c.outputs; f++)
                visit(
                  ((n * c.size[0] + row) * c.size[1] + column) * c.inputs + a,
                  ((i * c.filter[1] + j) * c.inputs + a) * c.outputs + f,
                  ((n * rows + p) * columns + q) * c.outputs + f,
                );
          }
}
