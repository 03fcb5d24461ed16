import { checkSampleCount, type ImageMatrix } from "./encoded-image.ts";

const HEADER_BYTES = 64;
const MAXIMUM_RUN = 128;

/** Samples that RLE can hold: any integers. */
export type RleSamples =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array;

/**
 * Encodes samples as an RLE frame (PS3.5 Annex G): a header of 64 bytes and one segment per byte of a pixel, the most
 * significant byte of each sample first. Every segment has an even length; runs end with the row.
 */
export function encodeRle(samples: RleSamples, matrix: ImageMatrix): Uint8Array<ArrayBuffer> {
  checkSampleCount(matrix, samples.length);
  const bytesPerSample = samples.BYTES_PER_ELEMENT;
  const bytes = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
  const stride = matrix.samplesPerPixel * bytesPerSample;
  const segments: number[][] = [];
  for (let sample = 0; sample < matrix.samplesPerPixel; sample += 1)
    for (let byte = bytesPerSample - 1; byte >= 0; byte -= 1)
      segments.push(encodeSegment(bytes, sample * bytesPerSample + byte, stride, matrix));
  return joinSegments(segments);
}

function encodeSegment(
  bytes: Uint8Array,
  first: number,
  stride: number,
  { rows, columns }: ImageMatrix,
): number[] {
  const encoded: number[] = [];
  for (let row = 0; row < rows; row += 1) {
    const plane: number[] = [];
    for (let column = 0; column < columns; column += 1)
      plane.push(bytes[first + (row * columns + column) * stride] ?? 0);
    encodeRow(plane, encoded);
  }
  if (encoded.length % 2 === 1) encoded.push(0);
  return encoded;
}

function encodeRow(row: readonly number[], encoded: number[]): void {
  let at = 0;
  while (at < row.length) {
    const run = runLength(row, at);
    if (run > 1) {
      encoded.push(257 - run, row[at] ?? 0);
      at += run;
      continue;
    }
    const start = at;
    while (at < row.length && at - start < MAXIMUM_RUN && runLength(row, at) < 3) at += 1;
    encoded.push(at - start - 1, ...row.slice(start, at));
  }
}

function runLength(row: readonly number[], start: number): number {
  let end = start + 1;
  while (end < row.length && end - start < MAXIMUM_RUN && row[end] === row[start]) end += 1;
  return end - start;
}

function joinSegments(segments: readonly (readonly number[])[]): Uint8Array<ArrayBuffer> {
  const length = segments.reduce((sum, segment) => sum + segment.length, HEADER_BYTES);
  const frame = new Uint8Array(length);
  const header = new DataView(frame.buffer, 0, HEADER_BYTES);
  header.setUint32(0, segments.length, true);
  let offset = HEADER_BYTES;
  for (const [index, segment] of segments.entries()) {
    header.setUint32(4 + index * 4, offset, true);
    frame.set(segment, offset);
    offset += segment.length;
  }
  return frame;
}
