import { DicomError } from "#core/dicom/dicom-error.ts";
import { ByteReader } from "./byte-reader.ts";
import type { CodestreamHeader } from "./codestream-header.ts";

const SOC = 0xff4f;
const SIZ = 0xff51;
const COD = 0xff52;
const COC = 0xff53;
const SOT = 0xff90;
const EOC = 0xffd9;
const BOX_JP2_SIGNATURE = 0x6a502020;
const BOX_CODESTREAM = 0x6a703263;

/** What a JPEG 2000 codestream (ITU-T T.800) says in its main header and the lengths of its tile-parts. */
export interface Jpeg2000Header extends CodestreamHeader {
  /** Whether all components use the reversible 5/3 wavelet. */
  readonly isReversible: boolean;
  /** Whether the codestream undoes a colour transform (RCT or ICT) by itself. */
  readonly hasColourTransform: boolean;
  /** Whether the end marker is there; without it all tile-parts are complete nevertheless. */
  readonly hasEndMarker: boolean;
  /** The codestream, without the boxes of a JP2 file and without padding. */
  readonly codestream: Uint8Array<ArrayBuffer>;
}

/** Reads a codestream, bare or in a JP2 file. @throws DicomError `codec-failure`, `truncated`. */
export function readJpeg2000Header(encoded: Uint8Array<ArrayBuffer>): Jpeg2000Header {
  const bare = unwrap(encoded);
  const reader = new ByteReader(bare);
  if (reader.u16(0) !== SOC || reader.u16(2) !== SIZ)
    throw new DicomError("codec-failure", "The encoded frame is not a JPEG 2000 codestream");
  const size = readSize(reader);
  const coding = readCoding(reader);
  const end = walkTileParts(reader, coding.end);
  return {
    ...size,
    isReversible: coding.isReversible,
    hasColourTransform: coding.hasColourTransform,
    hasEndMarker: end.hasEndMarker,
    codestream: end.hasEndMarker ? bare.subarray(0, end.offset) : withEndMarker(bare, end.offset),
  };
}

/** The contiguous codestream box of a JP2 file; a bare codestream as it is. */
function unwrap(encoded: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const reader = new ByteReader(encoded);
  if (reader.u16(0) === SOC || reader.u32(4) !== BOX_JP2_SIGNATURE) return encoded;
  let at = 0;
  for (;;) {
    const length = reader.u32(at);
    const type = reader.u32(at + 4);
    // Length 1: the true length follows in 64 bits. Length 0: the box reaches to the end.
    const header = length === 1 ? 16 : 8;
    const whole = length === 1 ? reader.u32(at + 8) * 2 ** 32 + reader.u32(at + 12) : length;
    const end = whole === 0 ? encoded.length : at + whole;
    if (type === BOX_CODESTREAM)
      return encoded.subarray(at + header, Math.min(end, encoded.length));
    if (end <= at || end >= encoded.length)
      throw new DicomError("truncated", "The JP2 file has no codestream");
    at = end;
  }
}

function readSize(reader: ByteReader): CodestreamHeader {
  const components = reader.u16(40);
  const precision = reader.u8(42);
  for (let component = 0; component < components; component += 1) {
    const at = 42 + 3 * component;
    if (reader.u8(at + 1) !== 1 || reader.u8(at + 2) !== 1)
      throw new DicomError(
        "codec-failure",
        "JPEG 2000 with subsampled components cannot be decoded",
      );
    if (reader.u8(at) !== precision)
      throw new DicomError(
        "codec-failure",
        "JPEG 2000 with components of several depths cannot be decoded",
      );
  }
  const bitDepth = (precision & 0x7f) + 1;
  if (bitDepth > 16)
    throw new DicomError(
      "codec-failure",
      `JPEG 2000 of ${bitDepth} bits per sample cannot be decoded`,
    );
  return {
    columns: reader.u32(8) - reader.u32(16),
    rows: reader.u32(12) - reader.u32(20),
    components,
    bitDepth,
    isSigned: (precision & 0x80) !== 0,
  };
}

interface Coding {
  readonly isReversible: boolean;
  readonly hasColourTransform: boolean;
  /** Offset of the first SOT marker. */
  readonly end: number;
}

function readCoding(reader: ByteReader): Coding {
  let at = 2;
  let cod: number | undefined;
  let isReversible = true;
  for (;;) {
    const marker = reader.u16(at);
    if (marker === SOT) break;
    if (marker < 0xff00)
      throw new DicomError("codec-failure", "The JPEG 2000 main header is damaged");
    const length = reader.u16(at + 2);
    if (length < 2) throw new DicomError("codec-failure", "The JPEG 2000 main header is damaged");
    if (marker === COD) {
      cod = at;
      isReversible &&= reader.u8(at + 13) === 1;
    }
    if (marker === COC) {
      // Ccoc takes two bytes where there are more than 256 components, which DICOM never has.
      isReversible &&= reader.u8(at + 10) === 1;
    }
    at += 2 + length;
  }
  if (cod === undefined)
    throw new DicomError("codec-failure", "The JPEG 2000 main header has no coding style");
  return { isReversible, hasColourTransform: reader.u8(cod + 8) === 1, end: at };
}

/** Follows the tile-part lengths to the end of the codestream. */
function walkTileParts(
  reader: ByteReader,
  first: number,
): { readonly offset: number; readonly hasEndMarker: boolean } {
  const parts: TilePart[] = [];
  let at = first;
  while (at + 2 <= reader.length && reader.u16(at) === SOT) {
    const length = reader.u32(at + 6);
    // Psot 0: the tile-part reaches to the end marker.
    if (length === 0) return { offset: lastEndMarker(reader, at + 12), hasEndMarker: true };
    if (length < 14 || at + length > reader.length)
      throw new DicomError("truncated", "The JPEG 2000 codestream ends within a tile");
    parts.push({ tile: reader.u16(at + 4), partsOfTile: reader.u8(at + 11) });
    at += length;
  }
  if (at + 2 <= reader.length && reader.u16(at) === EOC)
    return { offset: at + 2, hasEndMarker: true };
  if (!isComplete(reader, parts))
    throw new DicomError("truncated", "The JPEG 2000 codestream has no end marker");
  return { offset: at, hasEndMarker: false };
}

interface TilePart {
  readonly tile: number;
  /** How many parts the tile has; 0 where this part does not say. */
  readonly partsOfTile: number;
}

/** Whether every tile of the image is there with all its parts, as far as they tell. */
function isComplete(reader: ByteReader, parts: readonly TilePart[]): boolean {
  const across = Math.ceil((reader.u32(8) - reader.u32(32)) / reader.u32(24));
  const down = Math.ceil((reader.u32(12) - reader.u32(36)) / reader.u32(28));
  const seen = new Map<number, number>();
  for (const { tile } of parts) seen.set(tile, (seen.get(tile) ?? 0) + 1);
  return (
    seen.size === across * down &&
    parts.every(({ tile, partsOfTile }) => partsOfTile === seen.get(tile))
  );
}

function withEndMarker(bare: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
  const ended = new Uint8Array(length + 2);
  ended.set(bare.subarray(0, length));
  ended.set([EOC >> 8, EOC & 0xff], length);
  return ended;
}

function lastEndMarker(reader: ByteReader, from: number): number {
  for (let at = reader.length - 2; at >= from; at -= 1) if (reader.u16(at) === EOC) return at + 2;
  throw new DicomError("truncated", "The JPEG 2000 codestream has no end marker");
}
