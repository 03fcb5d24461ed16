import type { JpegHeader } from "./jpeg-header.ts";

const SOS = 0xda;
const EOI = 0xd9;
/** Offset of the number of lines in a frame header, from its marker. */
const LINES = 5;

/**
 * The JPEG with what libjpeg asks for: an end marker, and a frame header that tells its lines where they stand in DNL
 * (T.81 B.2.5). The same bytes where it has both.
 */
export function repairJpeg(
  encoded: Uint8Array<ArrayBuffer>,
  header: JpegHeader,
): { readonly stream: Uint8Array<ArrayBuffer>; readonly header: JpegHeader } {
  const frame = header.segments.find(({ marker }) => marker === 0xc0 + header.process);
  const linesAt = (frame?.start ?? 0) + LINES;
  const hasLines = encoded[linesAt] !== 0 || encoded[linesAt + 1] !== 0;
  if (hasLines && header.hasEndMarker) return { stream: encoded, header };
  const { end } = header;
  const stream = new Uint8Array(end + (header.hasEndMarker ? 0 : 2));
  stream.set(encoded.subarray(0, end));
  if (!header.hasEndMarker) stream.set([0xff, EOI], end);
  if (!hasLines) stream.set([header.rows >> 8, header.rows & 0xff], linesAt);
  return { stream, header: { ...header, end: stream.length, hasEndMarker: true } };
}

/** Whether every component is in a scan: libjpeg makes grey of one that is not, and says nothing. */
export function hasAllScans(encoded: Uint8Array, header: JpegHeader): boolean {
  const first = header.segments.at(-1);
  const seen = new Set<number>();
  for (let at = first?.start; at !== undefined; at = nextScan(encoded, at, header.end)) {
    const count = encoded[at + 4] ?? 0;
    for (let index = 0; index < count; index += 1) seen.add(encoded[at + 5 + 2 * index] ?? 0);
    if (seen.size >= header.components) return true;
  }
  return false;
}

/** Offset of the next scan header behind the one at `from`. Entropy-coded data never holds FF DA. */
function nextScan(encoded: Uint8Array, from: number, end: number): number | undefined {
  const length = (encoded[from + 2] ?? 0) * 256 + (encoded[from + 3] ?? 0);
  let at = encoded.indexOf(0xff, from + 2 + length);
  while (at !== -1 && at < end && encoded[at + 1] !== SOS) at = encoded.indexOf(0xff, at + 1);
  return at === -1 || at >= end ? undefined : at;
}
