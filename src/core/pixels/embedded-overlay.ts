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

/** One bit of each cell, packed like Overlay Data. */
function takeEmbeddedOverlay(cells: ArrayLike<number>, bit: number): EmbeddedOverlay {
  const data = new Uint8Array(Math.ceil(cells.length / 8));
  for (let at = 0; at < cells.length; at += 1)
    data[at >> 3] = (data[at >> 3] ?? 0) | ((((cells[at] ?? 0) >>> bit) & 1) << (at & 7));
  return { bit, data };
}

/** The overlays of all the bits that a header names; what a frame without any is given takes no room in it. */
export function takeEmbeddedOverlays(
  cells: ArrayLike<number>,
  bits: readonly number[] | undefined,
): { readonly embeddedOverlays?: readonly EmbeddedOverlay[] } {
  if (bits === undefined || bits.length === 0) return {};
  return { embeddedOverlays: bits.map((bit) => takeEmbeddedOverlay(cells, bit)) };
}
