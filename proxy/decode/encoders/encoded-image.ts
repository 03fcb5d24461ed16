/** An image to encode; its samples are interleaved, row by row. */
export interface ImageMatrix {
  readonly rows: number;
  readonly columns: number;
  readonly samplesPerPixel: 1 | 3;
}

/** Checks that there are as many values as the matrix has samples. @throws RangeError */
export function checkSampleCount(matrix: ImageMatrix, count: number): void {
  const expected = matrix.rows * matrix.columns * matrix.samplesPerPixel;
  if (count !== expected || expected === 0)
    throw new RangeError(`An image of ${expected} samples cannot be made of ${count}`);
}
