import { DicomError } from "#core/dicom/dicom-error.ts";
import { ByteReader } from "./byte-reader.ts";
import type { CodestreamHeader } from "./codestream-header.ts";

const SOI = 0xffd8;
const EOI = 0xd9;
const SOS = 0xda;
const DNL = 0xdc;
const SOF55 = 0xf7;
const LSE = 0xf8;
/** LSE of this kind holds the thresholds; others hold tables and sizes that CharLS does not apply. */
const LSE_PRESET = 1;

/** What a JPEG-LS codestream (ITU-T T.87) says in its marker segments. */
export interface JpegLsHeader extends CodestreamHeader {
  /** Largest NEAR of its scans: how far a sample may be off; 0 is lossless. */
  readonly near: number;
  /** Whether each component has a scan of its own, so that colour comes by plane (ILV 0). */
  readonly isPlanar: boolean;
  /** The codestream up to its end marker. */
  readonly codestream: Uint8Array<ArrayBuffer>;
}

interface Scan {
  readonly components: readonly number[];
  readonly near: number;
  readonly interleaveMode: number;
}

/**
 * Reads the marker segments, all scans included, so that a codestream that lacks its end is known before decoding:
 * CharLS works for seconds on such a one.
 * @throws DicomError `codec-failure`, `truncated`, `unsupported-transfer-syntax`.
 */
export function readJpegLsHeader(encoded: Uint8Array<ArrayBuffer>): JpegLsHeader {
  const reader = new ByteReader(encoded);
  if (reader.u16(0) !== SOI)
    throw new DicomError("codec-failure", "The encoded frame is not JPEG-LS");
  const { segments, end } = readSegments(reader);
  const frame = segments.find(({ marker }) => marker === SOF55);
  if (frame === undefined)
    throw new DicomError("codec-failure", "The JPEG-LS has no frame header of its own");
  refuseExtensions(reader, segments);
  const { ids, ...size } = readFrameHeader(reader, frame);
  const scans = segments.filter(({ marker }) => marker === SOS).map((at) => readScan(reader, at));
  checkScans(scans, ids);
  return {
    ...size,
    isSigned: false,
    near: Math.max(...scans.map(({ near }) => near)),
    isPlanar: scans.length > 1,
    codestream: encoded.subarray(0, end),
  };
}

interface Segment {
  readonly marker: number;
  /** Offset of what follows the length field, and of the first byte after the segment. */
  readonly start: number;
  readonly end: number;
}

/** All marker segments up to EOI; what lies between are the entropy coded bytes of scans. */
function readSegments(reader: ByteReader): {
  readonly segments: readonly Segment[];
  readonly end: number;
} {
  const segments: Segment[] = [];
  let at = 2;
  for (;;) {
    at = segments.at(-1)?.marker === SOS ? nextMarker(reader, at) : at;
    if (reader.u8(at) !== 0xff)
      throw new DicomError("codec-failure", "The JPEG-LS has bytes between its marker segments");
    const marker = reader.u8(at + 1);
    if (marker === EOI) return { segments, end: at + 2 };
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    const length = reader.u16(at + 2);
    const end = at + 2 + length;
    if (length < 2 || end > reader.length)
      throw new DicomError("truncated", "The JPEG-LS ends within a marker segment");
    segments.push({ marker, start: at + 4, end });
    at = end;
  }
}

/** After FF, coded bytes have a stuffed 0 bit; so FF and more than 7F is a marker. Restart markers are passed over. */
function nextMarker(reader: ByteReader, from: number): number {
  const { bytes } = reader;
  for (let at = bytes.indexOf(0xff, from); at !== -1; at = bytes.indexOf(0xff, at + 1)) {
    const next = bytes[at + 1] ?? 0;
    const isRestart = next >= 0xd0 && next <= 0xd7;
    if (next > 0x7f && next !== 0xff && !isRestart) return at;
  }
  throw new DicomError("truncated", "The JPEG-LS has no end marker");
}

/** Tables that stand for other values, and images beyond 65535, are parts of T.87 that nothing here applies. */
function refuseExtensions(reader: ByteReader, segments: readonly Segment[]): void {
  for (const { marker, start } of segments) {
    if (marker === LSE && reader.u8(start) !== LSE_PRESET)
      throw unsupported("with mapping tables or extended sizes");
    if (marker === DNL) throw unsupported("that says its number of rows at its end");
    const isOtherFrame = (marker & 0xf0) === 0xc0 && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isOtherFrame) throw new DicomError("codec-failure", "The encoded frame is not JPEG-LS");
  }
}

function readFrameHeader(reader: ByteReader, { start, end }: Segment) {
  const components = reader.u8(start + 5);
  if (end - start < 6 + 3 * components || components === 0)
    throw new DicomError("codec-failure", "The JPEG-LS has a frame header that is too short");
  const ids: number[] = [];
  for (let at = start + 6; at < start + 6 + 3 * components; at += 3) {
    if (reader.u8(at + 1) !== 0x11) throw unsupported("with subsampled components");
    ids.push(reader.u8(at));
  }
  const bitDepth = reader.u8(start);
  if (bitDepth < 2 || bitDepth > 16)
    throw new DicomError("codec-failure", `JPEG-LS cannot have ${bitDepth} bits per sample`);
  const rows = reader.u16(start + 1);
  return { bitDepth, rows, columns: reader.u16(start + 3), components, ids };
}

/** The scan header: Ns, then Cs and Tm of each component, NEAR, ILV and the point transform (T.87 C.2.3). */
function readScan(reader: ByteReader, { start, end }: Segment): Scan {
  const count = reader.u8(start);
  if (end - start < 4 + 2 * count)
    throw new DicomError("codec-failure", "The JPEG-LS has a scan header that is too short");
  const components: number[] = [];
  for (let at = start + 1; at < start + 1 + 2 * count; at += 2) {
    components.push(reader.u8(at));
    if (reader.u8(at + 1) !== 0) throw unsupported("with mapping tables or extended sizes");
  }
  const tail = start + 1 + 2 * count;
  if ((reader.u8(tail + 2) & 0x0f) !== 0) throw unsupported("with a point transform");
  return { components, near: reader.u8(tail), interleaveMode: reader.u8(tail + 1) };
}

/** All components in one scan, or one in each of as many scans, in the order of the frame header. */
function checkScans(scans: readonly Scan[], ids: readonly number[]): void {
  const inOrder = scans.flatMap(({ components }) => components);
  if (inOrder.length < ids.length)
    throw new DicomError("truncated", "The JPEG-LS ends before all components are there");
  const isOrdered = inOrder.length === ids.length && inOrder.every((id, at) => id === ids[at]);
  const isWhole = scans.length === 1 || scans.length === ids.length;
  const isInterleaved = scans.every(
    ({ components, interleaveMode }) => components.length === 1 || interleaveMode > 0,
  );
  if (!isOrdered || !isWhole || !isInterleaved || scans.some((scan) => scan.interleaveMode > 2))
    throw new DicomError("codec-failure", "The scans of the JPEG-LS are not those of its frame");
}

function unsupported(what: string): DicomError {
  return new DicomError("unsupported-transfer-syntax", `JPEG-LS ${what} cannot be decoded`);
}
