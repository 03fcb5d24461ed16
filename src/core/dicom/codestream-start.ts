import type { FrameEncoding } from "./transfer-syntax.ts";

/** Bytes that are enough to know the start of a codestream. */
export const START_BYTES = 64;

/**
 * Whether the bytes begin a codestream of the encoding; undefined where the encoding has no mark to know it by.
 * JPEG and JPEG-LS: SOI and another marker. JPEG 2000: SOC and SIZ, or the signature box of a JP2 file. JPEG XL:
 * its own mark or signature box. RLE: the 64-byte header with 1 to 15 segments, the first at 64, the offsets
 * rising and the rest zero (PS3.5 section G.5).
 */
export function startsCodestream(bytes: Uint8Array, encoding: FrameEncoding): boolean | undefined {
  switch (encoding) {
    case "jpeg-baseline":
    case "jpeg-extended":
    case "jpeg-lossless":
    case "jpeg-ls":
      return startsWith(bytes, [0xff, 0xd8, 0xff]);
    case "jpeg-2000":
    case "htj2k":
      return (
        startsWith(bytes, [0xff, 0x4f, 0xff, 0x51]) ||
        startsWith(bytes, [0, 0, 0, 0x0c, 0x6a, 0x50, 0x20, 0x20])
      );
    case "jpeg-xl":
      return (
        startsWith(bytes, [0xff, 0x0a]) ||
        startsWith(bytes, [0, 0, 0, 0x0c, 0x4a, 0x58, 0x4c, 0x20])
      );
    case "rle":
      return isRleHeader(bytes);
    default:
      return undefined;
  }
}

function startsWith(bytes: Uint8Array, mark: readonly number[]): boolean {
  return mark.every((byte, index) => bytes[index] === byte);
}

function isRleHeader(bytes: Uint8Array): boolean {
  if (bytes.byteLength < 64) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, 64);
  const segments = view.getUint32(0, true);
  if (segments < 1 || segments > 15 || view.getUint32(4, true) !== 64) return false;
  for (let segment = 2; segment <= 15; segment++) {
    const offset = view.getUint32(segment * 4, true);
    const isRight =
      segment <= segments ? offset > view.getUint32(segment * 4 - 4, true) : offset === 0;
    if (!isRight) return false;
  }
  return true;
}
