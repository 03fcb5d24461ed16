/**
 * What replaces pixels of a frame when it is shown: display shutters (PS3.3 C.7.6.11), overlay planes (C.9.2), bitmap
 * shutters (C.7.6.15). It lies over the output of the whole pipeline, so that neither window nor polarity changes it.
 *
 * Where a canvas pixel covers several pixels of the frame, the colours of the masked ones are averaged by area, the
 * others go through the pipeline as if the masked ones were not there, and the two are mixed by their areas. Where pixels
 * of the frame are enlarged, masked ones stay squares with sharp edges, whatever the interpolation of the image between them.
 */
export interface PixelMask {
  readonly rows: number;
  readonly columns: number;
  /** rows x columns entries, row-major: 0 leaves the pixel as it is, others are a place in `colors`, from 1. */
  readonly entries: Uint8Array<ArrayBuffer>;
  /** Red, green, blue, 0 to 255, of entry 1, 2 …; three bytes each. */
  readonly colors: Uint8Array<ArrayBuffer>;
}

/** Whether a mask is as large as a frame: one of another size is of another image, and is left out. */
export function isMaskOf(
  mask: PixelMask,
  { rows, columns }: Pick<PixelMask, "rows" | "columns">,
): boolean {
  const isSize = mask.rows === rows && mask.columns === columns;
  return isSize && mask.entries.length === rows * columns;
}
