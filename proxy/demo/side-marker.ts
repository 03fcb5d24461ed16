import type { MadeDataSet } from "#core/dicom/data-set-builder.ts";

/** Strokes of the letter L in fractions of its box: left, top, right, bottom. */
const LETTER_L = [
  [0.15, 0.05, 0.4, 0.95],
  [0.15, 0.75, 0.85, 0.95],
] as const;

/**
 * An overlay plane (PS3.3 C.9.2) with the letter of the side that was next to the detector, in the upper left corner of an
 * image. It is smaller than the image.
 * @param columns of the image
 */
export function sideMarker(columns: number): MadeDataSet {
  const width = Math.max(Math.round(columns / 16), 8);
  const height = Math.round(width * 1.25);
  const bits = new Uint8Array(Math.ceil((width * height) / 16) * 2);
  for (let at = 0; at < width * height; at += 1) {
    const x = ((at % width) + 0.5) / width;
    const y = (Math.floor(at / width) + 0.5) / height;
    const isInk = LETTER_L.some(
      ([left, top, right, bottom]) => x >= left && x <= right && y >= top && y <= bottom,
    );
    if (isInk) bits[at >> 3] = (bits[at >> 3] ?? 0) | (1 << (at & 7));
  }
  return {
    "60000010": height,
    "60000011": width,
    "60000022": "Side marker",
    "60000040": "G",
    "60000050": [width, width],
    "60000100": 1,
    "60000102": 0,
    "60001500": "L",
    "60003000": bits,
  };
}
