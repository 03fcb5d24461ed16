import type { DecodedFrame } from "#core/pixels/decoded-frame.ts";
import { sampleHash } from "#core/pixels/sample-hash.ts";
import type { CorpusEntry, FrameReference, ToleranceReference } from "./corpus-entry.ts";

/** How a decoded frame stands to its reference. */
type Comparison =
  | { readonly kind: "exact" }
  | { readonly kind: "within-tolerance" }
  | { readonly kind: "different"; readonly detail: string };

/** Gives a file of the corpus. */
export type ReadCorpusFile = (file: string) => Promise<Uint8Array<ArrayBuffer>>;

/** Levels that decoders of a lossy encoding may differ by where the reference does not say more: one of rounding. */
const ROUNDING: Pick<ToleranceReference, "maxAbs"> = { maxAbs: 1 };

/** Compares a frame by hash, and where that differs, as far as the encoding allows it, by value. */
export async function compareFrame(
  frame: DecodedFrame,
  bitsAllocated: number,
  reference: FrameReference,
  { tolerance, isAlwaysLossy }: Pick<CorpusEntry, "tolerance" | "isAlwaysLossy">,
  readCorpusFile: ReadCorpusFile,
): Promise<Comparison> {
  const hash = await sampleHash(frame, bitsAllocated, (bytes) =>
    crypto.subtle.digest("SHA-256", bytes),
  );
  if (hash === reference.sha256) return { kind: "exact" };
  if (tolerance === undefined)
    return isAlwaysLossy
      ? compareSummary(frame, reference, ROUNDING)
      : { kind: "different", detail: "another hash" };
  // Values are there for frame 1 only; what is known of the others is their range and mean.
  if (reference.frame !== 1) return compareSummary(frame, reference, tolerance);
  const raw = await gunzip(await readCorpusFile(tolerance.file));
  return compareRectangle(frame, viewOf(raw, tolerance.dtype), tolerance);
}

function compareSummary(
  { samples }: DecodedFrame,
  reference: FrameReference,
  { maxAbs }: Pick<ToleranceReference, "maxAbs">,
): Comparison {
  let minimum = Number.POSITIVE_INFINITY;
  let maximum = Number.NEGATIVE_INFINITY;
  let sum = 0;
  for (const sample of samples) {
    minimum = Math.min(minimum, sample);
    maximum = Math.max(maximum, sample);
    sum += sample;
  }
  const off = Math.max(Math.abs(minimum - reference.min), Math.abs(maximum - reference.max));
  const meanOff = Math.abs(sum / samples.length - reference.mean);
  return off <= maxAbs && meanOff <= Math.max(0.25, maxAbs / 8)
    ? { kind: "within-tolerance" }
    : { kind: "different", detail: `range off by ${off}, mean by ${meanOff.toFixed(3)}` };
}

function compareRectangle(
  frame: DecodedFrame,
  expected: ArrayLike<number>,
  tolerance: ToleranceReference,
): Comparison {
  const { x, y, width, height, samples } = tolerance;
  let largest = 0;
  let sum = 0;
  for (let at = 0; at < expected.length; at += 1) {
    const pixel = Math.floor(at / samples);
    const column = x + (pixel % width);
    const row = y + Math.floor(pixel / width);
    const value = frame.samples[(row * frame.columns + column) * samples + (at % samples)];
    const off = Math.abs((value ?? Number.NaN) - (expected[at] ?? 0));
    largest = Math.max(largest, off);
    sum += off;
  }
  const mean = sum / (width * height * samples);
  const isNear =
    tolerance.meanAbs === undefined
      ? largest <= tolerance.maxAbs
      : largest <= tolerance.maxAbs || mean <= tolerance.meanAbs;
  const detail = `off by up to ${largest}, ${mean.toFixed(3)} in the mean`;
  if (!isNear) return { kind: "different", detail };
  return compareBlocks(frame, tolerance);
}

function compareBlocks(
  frame: DecodedFrame,
  { blockMeans, samples, maxAbs }: ToleranceReference,
): Comparison {
  const blockRows = Math.floor(frame.rows / 8);
  const blockColumns = Math.floor(frame.columns / 8);
  const perBlock = blockMeans.length / 64;
  for (let block = 0; block < 64; block += 1) {
    const top = Math.floor(block / 8) * blockRows;
    const left = (block % 8) * blockColumns;
    for (let channel = 0; channel < perBlock; channel += 1) {
      const mean = meanOf(
        frame,
        { top, left, blockRows, blockColumns },
        samples,
        perBlock === 1 ? undefined : channel,
      );
      const off = Math.abs(mean - (blockMeans[block * perBlock + channel] ?? 0));
      if (!(off <= Math.max(1, maxAbs / 2)))
        return { kind: "different", detail: `block ${block} off by ${off.toFixed(2)} in the mean` };
    }
  }
  return { kind: "within-tolerance" };
}

interface Block {
  readonly top: number;
  readonly left: number;
  readonly blockRows: number;
  readonly blockColumns: number;
}

/** Mean of a block, of one sample of its pixels or of all. */
function meanOf(
  frame: DecodedFrame,
  block: Block,
  samples: number,
  channel: number | undefined,
): number {
  let sum = 0;
  let count = 0;
  for (let row = block.top; row < block.top + block.blockRows; row += 1)
    for (let column = block.left; column < block.left + block.blockColumns; column += 1)
      for (
        let sample = channel ?? 0;
        sample < (channel === undefined ? samples : channel + 1);
        sample += 1
      ) {
        sum += frame.samples[(row * frame.columns + column) * samples + sample] ?? 0;
        count += 1;
      }
  return sum / count;
}

function viewOf(bytes: Uint8Array<ArrayBuffer>, dtype: string): ArrayLike<number> {
  if (dtype === "<u2") return new Uint16Array(bytes.buffer);
  return dtype === "<i2" ? new Int16Array(bytes.buffer) : bytes;
}

async function gunzip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
