import { DicomError } from "#core/dicom/dicom-error.ts";
import { ByteReader } from "./byte-reader.ts";
import type { CodestreamHeader } from "./codestream-header.ts";
import { findCodestream } from "./jpeg-2000-boxes.ts";
import { type ImageGrid, readGrid } from "./jpeg-2000-grid.ts";
import { walkTileParts } from "./jpeg-2000-tile-parts.ts";

const SOC = 0xff4f;
const CAP = 0xff50;
const SIZ = 0xff51;
const COD = 0xff52;
const COC = 0xff53;
const SOT = 0xff90;
const SOD = 0xff93;
const EOC = 0xffd9;
/** Pcap of CAP: the bit of Part 15, and in the style of a code-block the bit that says the same (T.814). */
const PART_15 = 0x00020000;
const HIGH_THROUGHPUT = 0x40;
/**
 * Extensions of Part 2 (T.801) that the codecs pass over: DC offset, visual masking, other decompositions, other
 * non-linearities, other wavelets. What transforms components (MCT, MCC, MCO, CBD) OpenJPEG applies.
 */
const PASSED_OVER = new Set([0xff70, 0xff71, 0xff72, 0xff73, 0xff76, 0xff79]);

/** What a JPEG 2000 codestream (ITU-T T.800) says in its main header and those of its tile-parts. */
export interface Jpeg2000Header extends CodestreamHeader {
  readonly grid: ImageGrid;
  /** Whether all components use the reversible 5/3 wavelet. */
  readonly isReversible: boolean;
  /** Whether the codestream undoes a colour transform (RCT or ICT) by itself. */
  readonly hasColourTransform: boolean;
  /** Whether its code-blocks are those of HTJ2K (T.814). */
  readonly isHighThroughput: boolean;
  /** Whether the end marker is there; without it all tile-parts are complete nevertheless. */
  readonly hasEndMarker: boolean;
  /** Whether every tile-part says how long it is. */
  readonly haveLengths: boolean;
  /** The codestream with its end marker, without the boxes of a JP2 file and without padding. */
  readonly codestream: Uint8Array<ArrayBuffer>;
}

/**
 * Reads a codestream, bare or in a JP2 file.
 * @throws DicomError `codec-failure`, `truncated`, `unsupported-transfer-syntax`.
 */
export function readJpeg2000Header(encoded: Uint8Array<ArrayBuffer>): Jpeg2000Header {
  const boxed = findCodestream(new ByteReader(encoded));
  const bare = boxed === undefined ? encoded : encoded.subarray(boxed.start, boxed.end);
  const reader = new ByteReader(bare);
  if (reader.u16(0) !== SOC || reader.u16(2) !== SIZ)
    throw new DicomError("codec-failure", "The encoded frame is not a JPEG 2000 codestream");
  const { grid, ...size } = readGrid(reader);
  const main = readSegments(reader, 2, SOT);
  const coding = readCoding(reader, main.segments);
  const parts = walkTileParts(reader, main.end, grid.tileCount);
  const styles = parts.starts.flatMap((start) => readSegments(reader, start, SOD).segments);
  return {
    ...size,
    grid,
    ...coding,
    isReversible: coding.isReversible && styles.every((segment) => isReversible(reader, segment)),
    hasEndMarker: parts.hasEndMarker,
    haveLengths: parts.haveLengths,
    codestream: parts.hasEndMarker ? bare.subarray(0, parts.end) : withEndMarker(bare, parts.end),
  };
}

interface Segment {
  readonly marker: number;
  /** Offset of the marker. */
  readonly at: number;
}

/** The marker segments from an offset to the marker that ends them. */
function readSegments(
  reader: ByteReader,
  from: number,
  last: number,
): { readonly segments: readonly Segment[]; readonly end: number } {
  const segments: Segment[] = [];
  let at = from;
  for (;;) {
    const marker = reader.u16(at);
    if (marker === last) return { segments, end: at };
    const length = marker < 0xff00 ? 0 : reader.u16(at + 2);
    if (length < 2) throw new DicomError("codec-failure", "The JPEG 2000 headers are damaged");
    if (PASSED_OVER.has(marker))
      throw new DicomError(
        "unsupported-transfer-syntax",
        "JPEG 2000 with extensions of its second part cannot be decoded",
      );
    segments.push({ marker, at });
    at += 2 + length;
  }
}

function readCoding(reader: ByteReader, segments: readonly Segment[]) {
  const cod = segments.find(({ marker }) => marker === COD)?.at;
  if (cod === undefined)
    throw new DicomError("codec-failure", "The JPEG 2000 main header has no coding style");
  const cap = segments.find(({ marker }) => marker === CAP)?.at;
  const isPart15 = cap !== undefined && (reader.u32(cap + 4) & PART_15) !== 0;
  return {
    isReversible: segments.every((segment) => isReversible(reader, segment)),
    hasColourTransform: reader.u8(cod + 8) !== 0,
    isHighThroughput: isPart15 || (reader.u8(cod + 12) & HIGH_THROUGHPUT) !== 0,
  };
}

/** Whether a segment is no coding style, or one with the 5/3 wavelet. Ccoc takes one byte, as DICOM never has 257 components. */
function isReversible(reader: ByteReader, { marker, at }: Segment): boolean {
  if (marker === COD) return reader.u8(at + 13) === 1;
  return marker !== COC || reader.u8(at + 10) === 1;
}

function withEndMarker(bare: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
  const ended = new Uint8Array(length + 2);
  ended.set(bare.subarray(0, length));
  ended.set([EOC >> 8, EOC & 0xff], length);
  return ended;
}
