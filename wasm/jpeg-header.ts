import { DicomError } from "#core/dicom/dicom-error.ts";
import { ByteReader } from "./byte-reader.ts";
import type { CodestreamHeader } from "./codestream-header.ts";

const SOI = 0xffd8;
const EOI = 0xd9;
const SOS = 0xda;
const DNL = 0xdc;
const APP0 = 0xe0;
const APP14 = 0xee;

/** A marker segment before the first scan: marker, and where it lies with its length field. */
interface JpegSegment {
  readonly marker: number;
  /** Offset of the marker's FF, and of the first byte after the segment. */
  readonly start: number;
  readonly end: number;
}

/** What a JPEG (ITU-T T.81) says before its first scan. */
export interface JpegHeader extends CodestreamHeader {
  /** Number n of the frame header SOFn: 0 baseline, 1 extended, 2 progressive, 3 lossless. */
  readonly process: number;
  /** Identifiers of the components, in their order. */
  readonly componentIds: readonly number[];
  readonly hasJfif: boolean;
  /** Colour transform of an Adobe APP14 segment: 0 none, 1 YCbCr. */
  readonly adobeTransform: number | undefined;
  readonly segments: readonly JpegSegment[];
  /** Offset of the first byte after the end marker, or of the first after the stream where it has none. */
  readonly end: number;
  readonly hasEndMarker: boolean;
}

/** Reads the headers of a JPEG. @throws DicomError `codec-failure`, `truncated`. */
export function readJpegHeader(encoded: Uint8Array): JpegHeader {
  const reader = new ByteReader(encoded);
  if (reader.u16(0) !== SOI)
    throw new DicomError("codec-failure", "The encoded frame is not a JPEG");
  const segments = readSegments(reader);
  const frame = segments.find(({ marker }) => isFrameHeader(marker));
  const scan = segments.at(-1);
  if (frame === undefined || scan?.marker !== SOS)
    throw new DicomError("codec-failure", "The JPEG has no frame header before its first scan");
  if (frame.end - frame.start < 10)
    throw new DicomError("codec-failure", "The JPEG has a frame header that is too short");
  return {
    process: frame.marker - 0xc0,
    bitDepth: reader.u8(frame.start + 4),
    rows: reader.u16(frame.start + 5) || linesOfFirstScan(encoded, scan.end),
    columns: reader.u16(frame.start + 7),
    components: reader.u8(frame.start + 9),
    isSigned: false,
    componentIds: componentIds(reader, frame),
    hasJfif: segments.some(
      (segment) => segment.marker === APP0 && startsWith(reader, segment, "JFIF"),
    ),
    adobeTransform: adobeTransform(reader, segments),
    segments,
    ...findEnd(encoded, scan.end),
  };
}

/** The segments from SOI to the header of the first scan. */
function readSegments(reader: ByteReader): readonly JpegSegment[] {
  const segments: JpegSegment[] = [];
  let at = 2;
  for (;;) {
    if (reader.u8(at) !== 0xff)
      throw new DicomError("codec-failure", "The JPEG has bytes between its marker segments");
    const marker = reader.u8(at + 1);
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    const length = reader.u16(at + 2);
    const end = at + 2 + length;
    if (length < 2 || end > reader.length)
      throw new DicomError("truncated", "The JPEG ends within a marker segment");
    segments.push({ marker, start: at, end });
    if (marker === SOS) return segments;
    at = end;
  }
}

/** SOF0 to SOF15 without DHT, JPG and DAC, which share the numbers. */
function isFrameHeader(marker: number): boolean {
  return (marker & 0xf0) === 0xc0 && ![0xc4, 0xc8, 0xcc].includes(marker);
}

function startsWith(reader: ByteReader, segment: JpegSegment, text: string): boolean {
  if (segment.start + 4 + text.length > segment.end) return false;
  return [...text].every(
    (letter, index) => reader.u8(segment.start + 4 + index) === letter.charCodeAt(0),
  );
}

function componentIds(reader: ByteReader, frame: JpegSegment): readonly number[] {
  const components = Math.floor((frame.end - frame.start - 10) / 3);
  return Array.from({ length: components }, (_, index) => reader.u8(frame.start + 10 + 3 * index));
}

function adobeTransform(reader: ByteReader, segments: readonly JpegSegment[]): number | undefined {
  const adobe = segments.find(
    (segment) => segment.marker === APP14 && startsWith(reader, segment, "Adobe"),
  );
  return adobe === undefined || adobe.end - adobe.start < 16
    ? undefined
    : reader.u8(adobe.start + 15);
}

/** Entropy-coded data never holds FF D9, so the last one after the first scan header is the end. */
function findEnd(encoded: Uint8Array, scanStart: number): Pick<JpegHeader, "end" | "hasEndMarker"> {
  for (let at = encoded.length - 2; at >= scanStart; at -= 1)
    if (encoded[at] === 0xff && encoded[at + 1] === EOI) return { end: at + 2, hasEndMarker: true };
  return { end: encoded.length, hasEndMarker: false };
}

/** Number of lines in the DNL segment after the first scan (T.81 B.2.5), for frames whose header says 0. */
function linesOfFirstScan(encoded: Uint8Array, scanStart: number): number {
  for (let at = scanStart; at + 6 <= encoded.length; at += 1) {
    const marker = encoded[at] === 0xff ? (encoded[at + 1] ?? 0) : 0;
    const isRestart = marker >= 0xd0 && marker <= 0xd7;
    if (marker === DNL) return (encoded[at + 4] ?? 0) * 256 + (encoded[at + 5] ?? 0);
    if (marker !== 0 && marker !== 0xff && !isRestart) break;
  }
  return 0;
}
