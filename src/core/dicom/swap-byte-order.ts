import { NUMBER_BYTES, type Vr } from "./vr.ts";

/** The numbers of a binary value in the other byte order; AT is a pair of 16-bit numbers. A copy where it differs. */
export function swapByteOrder(bytes: Uint8Array, vr: Vr): Uint8Array {
  const size = vr === "AT" ? 2 : (NUMBER_BYTES[vr] ?? 1);
  if (size === 1) return bytes;
  const swapped = bytes.slice();
  for (let at = 0; at + size <= swapped.byteLength; at += size)
    swapped.subarray(at, at + size).reverse();
  return swapped;
}
