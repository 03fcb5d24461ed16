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

/** How many scans there are, and whether every component is in one. */
export function countScans(
  encoded: Uint8Array,
  header: JpegHeader,
): { readonly count: number; readonly isComplete: boolean } {
  const components = new Set<number>();
  let count = 0;
  let at = header.segments.at(-1)?.start;
  for (; at !== undefined; at = nextScan(encoded, at, header.end)) {
    count += 1;
    const first = at + 5;
    const end = first + 2 * (encoded[at + 4] ?? 0);
    for (let component = first; component < end; component += 2)
      components.add(encoded[component] ?? 0);
  }
  return { count, isComplete: components.size >= header.components };
}

/** Offset of the next scan header behind the one at `from`. Entropy-coded data never holds FF DA. */
function nextScan(encoded: Uint8Array, from: number, end: number): number | undefined {
  const length = (encoded[from + 2] ?? 0) * 256 + (encoded[from + 3] ?? 0);
  let at = encoded.indexOf(0xff, from + 2 + length);
  while (at !== -1 && at < end && encoded[at + 1] !== SOS) at = encoded.indexOf(0xff, at + 1);
  return at === -1 || at >= end ? undefined : at;
}
