/**
 * An overlay plane that stood in one bit of the cells of a frame (PS3.3 C.9.2, retired in 2004), taken out of the
 * stored bytes before the samples were cut to Bits Stored. Rows and columns are those of the frame.
 */
export interface EmbeddedOverlay {
  /** Overlay Bit Position (60xx,0102): 0 is the least significant bit of the cell. */
  readonly bit: number;
  /**
   * The plane as Overlay Data (60xx,3000) of this frame would hold it: a bit per pixel, row-major, eight to a byte,
   * the first pixel in the least significant bit; ceil(rows x columns / 8) bytes.
   */
  readonly data: Uint8Array<ArrayBuffer>;
}

/** Cells of a frame as they stood before they were cut to Bits Stored. */
type Cells = ArrayLike<number>;

/** The bit `bit` of each cell, packed like Overlay Data. */
export function takeEmbeddedOverlay(cells: Cells, bit: number): EmbeddedOverlay {
  const data = new Uint8Array(Math.ceil(cells.length / 8));
  for (let at = 0; at < cells.length; at += 1)
    data[at >> 3] = (data[at >> 3] ?? 0) | ((((cells[at] ?? 0) >>> bit) & 1) << (at & 7));
  return { bit, data };
}
