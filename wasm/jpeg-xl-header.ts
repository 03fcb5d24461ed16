import { DicomError } from "#core/dicom/dicom-error.ts";
import { ByteReader } from "./byte-reader.ts";
import type { CodestreamHeader } from "./codestream-header.ts";
import { boxesOf } from "./iso-boxes.ts";

const SIGNATURE = 0xff0a;
const BOX_SIGNATURE = 0x4a584c20;
const BOX_CODESTREAM = 0x6a786c63;
const BOX_PARTIAL_CODESTREAM = 0x6a786c70;
/** The headers that are read here fit in so many bytes. */
const HEADER_BYTES = 64;
/** Widths of an image whose width follows from its height (ISO/IEC 18181-1 SizeHeader): columns to rows. */
const RATIOS: readonly (readonly [number, number])[] = [
  [1, 1],
  [12, 10],
  [4, 3],
  [3, 2],
  [16, 9],
  [5, 4],
  [2, 1],
];

/** What a JPEG XL codestream (ISO/IEC 18181-1) says of its image. */
export interface JpegXlHeader extends CodestreamHeader {
  /** Whether colours are coded as XYB, which is always lossy. */
  readonly isXyb: boolean;
}

/**
 * Reads SizeHeader and ImageMetadata, bare or in boxes. Images that a platform would change on the way (turned ones,
 * animations, those with transparency) are refused.
 * @throws DicomError `codec-failure`, `truncated`, `unsupported-transfer-syntax`.
 */
export function readJpegXlHeader(encoded: Uint8Array): JpegXlHeader {
  const start = codestreamStart(encoded);
  if (start.length < 4 || ((start[0] ?? 0) << 8) + (start[1] ?? 0) !== SIGNATURE)
    throw new DicomError("codec-failure", "The encoded frame is not a JPEG XL codestream");
  const bits = new BitReader(start.subarray(2));
  const size = readSize(bits);
  // All defaults: RGB of 8 bits, coded as XYB.
  if (bits.flag()) return { ...size, components: 3, bitDepth: 8, isSigned: false, isXyb: true };
  if (bits.flag()) refuseExtraFields(bits);
  const bitDepth = readBitDepth(bits);
  bits.flag();
  if (
    bits.choice([
      [0, 0],
      [1, 0],
      [2, 4],
      [1, 12],
    ]) !== 0
  )
    throw unsupported("with more channels");
  const isXyb = bits.flag();
  return { ...size, components: readComponents(bits), bitDepth, isSigned: false, isXyb };
}

/** The first bytes of the codestream, which may stand in several boxes (ISO/IEC 18181-2). */
function codestreamStart(encoded: Uint8Array): Uint8Array {
  const reader = new ByteReader(encoded);
  if (reader.u16(0) === SIGNATURE || reader.u32(4) !== BOX_SIGNATURE) return encoded;
  const start: number[] = [];
  for (const { type, start: from, end } of boxesOf(reader, { start: 0, end: reader.length })) {
    // A part begins with its number, four bytes.
    const skipped = type === BOX_PARTIAL_CODESTREAM ? 4 : 0;
    if (type === BOX_CODESTREAM || type === BOX_PARTIAL_CODESTREAM)
      start.push(...encoded.subarray(from + skipped, Math.min(end, from + HEADER_BYTES)));
    if (start.length >= HEADER_BYTES) break;
  }
  return Uint8Array.from(start);
}

function readSize(bits: BitReader): { readonly rows: number; readonly columns: number } {
  const isSmall = bits.flag();
  const side = () =>
    isSmall
      ? 8 * (1 + bits.take(5))
      : bits.choice([
          [1, 9],
          [1, 13],
          [1, 18],
          [1, 30],
        ]);
  const rows = side();
  const ratio = RATIOS[bits.take(3) - 1];
  if (ratio === undefined) return { rows, columns: side() };
  return { rows, columns: Math.floor((rows * ratio[0]) / ratio[1]) };
}

/** Orientation, intrinsic size, preview and animation. */
function refuseExtraFields(bits: BitReader): void {
  const orientation = bits.take(3);
  const hasMore = bits.flag() || bits.flag() || bits.flag();
  if (orientation !== 0 || hasMore) throw unsupported("that is turned, scaled or animated");
}

function readBitDepth(bits: BitReader): number {
  if (bits.flag()) throw unsupported("of floating point samples");
  return bits.choice([
    [8, 0],
    [10, 0],
    [12, 0],
    [1, 6],
  ]);
}

/** Colour space of ColourEncoding: 0 RGB, 1 gray. */
function readComponents(bits: BitReader): number {
  if (bits.flag()) return 3;
  bits.flag();
  const space = bits.choice([
    [0, 0],
    [1, 0],
    [2, 4],
    [18, 6],
  ]);
  if (space > 1) throw unsupported("of an unknown colour space");
  return space === 1 ? 1 : 3;
}

/** Bits from the least significant one on, as JPEG XL has them. */
class BitReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  take(count: number): number {
    let value = 0;
    for (let bit = 0; bit < count; bit += 1, this.#at += 1) {
      const byte = this.#bytes[this.#at >> 3];
      if (byte === undefined) throw new DicomError("truncated", "The JPEG XL ends in its header");
      value += ((byte >> (this.#at & 7)) & 1) * 2 ** bit;
    }
    return value;
  }

  flag(): boolean {
    return this.take(1) === 1;
  }

  /** One of four ranges, by two bits: what it begins with, and the bits that are added (U32 of the standard). */
  choice(ranges: readonly (readonly [number, number])[]): number {
    const [base, count] = ranges[this.take(2)] ?? [0, 0];
    return base + this.take(count);
  }
}

function unsupported(what: string): DicomError {
  return new DicomError("unsupported-transfer-syntax", `JPEG XL ${what} cannot be decoded`);
}
