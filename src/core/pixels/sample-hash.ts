import type { DecodedFrame, Samples } from "./decoded-frame.ts";

/** Gives the SHA-256 of bytes; `crypto.subtle.digest("SHA-256", …)` is one. */
export type Sha256 = (bytes: Uint8Array<ArrayBuffer>) => Promise<ArrayBuffer>;

/**
 * The stored values of a frame in one form that does not depend on how they were encoded, for comparing and hashing:
 * little-endian integers as wide as Bits Allocated, sign extended, pixel by pixel, row by row, colour as interleaved
 * RGB; single bits as one byte each; float and double values as they are.
 *
 * The host is taken to be little-endian, as all that run this are. May share the buffer of the samples.
 * @param bitsAllocated of the header; samples that the codestream made wider than that stay as wide as they are.
 */
export function storedValueBytes(samples: Samples, bitsAllocated: number): Uint8Array<ArrayBuffer> {
  const wide = widened(samples, bitsAllocated);
  return new Uint8Array(wide.buffer, wide.byteOffset, wide.byteLength);
}

/** SHA-256 of `storedValueBytes`, as 64 lower-case hexadecimal digits: equal where every stored value is. */
export async function sampleHash(
  frame: Pick<DecodedFrame, "samples">,
  bitsAllocated: number,
  sha256: Sha256,
): Promise<string> {
  const digest = await sha256(storedValueBytes(frame.samples, bitsAllocated));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Two's complement makes signed and unsigned values of a width the same bytes. */
function widened(samples: Samples, bitsAllocated: number): Samples {
  if (samples instanceof Float32Array || samples instanceof Float64Array) return samples;
  if (samples.BYTES_PER_ELEMENT * 8 >= bitsAllocated) return samples;
  return bitsAllocated <= 16 ? Int16Array.from(samples) : Int32Array.from(samples);
}
