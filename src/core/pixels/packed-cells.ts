import type { Samples } from "./decoded-frame.ts";
import type { ImagePixel } from "./image-pixel.ts";

/** One byte, 0 or 1, per sample; the first one is the least significant bit (PS3.5 section 8.1.1). */
export function unpackBits(
  bytes: Uint8Array<ArrayBuffer>,
  imagePixel: ImagePixel,
): Uint8Array<ArrayBuffer> {
  const samples = new Uint8Array(sampleCount(imagePixel));
  for (let at = 0; at < samples.length; at += 1)
    samples[at] = ((bytes[at >> 3] ?? 0) >> (at & 7)) & 1;
  return samples;
}

/** Cells of 12 bits, two in three bytes, the first one in the lower bits (PS3.5-2004 section 8.1.1, retired). */
export function unpackTwelveBits(
  bytes: Uint8Array<ArrayBuffer>,
  imagePixel: ImagePixel,
  isSigned: boolean,
): Samples {
  const count = sampleCount(imagePixel);
  const cells = isSigned ? new Int16Array(count) : new Uint16Array(count);
  for (let at = 0, from = 0; at < count; at += 2, from += 3) {
    const middle = bytes[from + 1] ?? 0;
    cells[at] = (bytes[from] ?? 0) | ((middle & 0x0f) << 8);
    if (at + 1 < count) cells[at + 1] = (middle >> 4) | ((bytes[from + 2] ?? 0) << 4);
  }
  return cells;
}

/** Cells of three bytes, the least significant one first. */
export function unpackThreeBytes(
  bytes: Uint8Array<ArrayBuffer>,
  byteLength: number,
  isSigned: boolean,
): Samples {
  const count = byteLength / 3;
  const cells = isSigned ? new Int32Array(count) : new Uint32Array(count);
  for (let at = 0, from = 0; at < count; at += 1, from += 3)
    cells[at] = (bytes[from] ?? 0) | ((bytes[from + 1] ?? 0) << 8) | ((bytes[from + 2] ?? 0) << 16);
  return cells;
}

function sampleCount({ rows, columns, samplesPerPixel }: ImagePixel): number {
  return rows * columns * samplesPerPixel;
}
