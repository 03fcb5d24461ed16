import type { ResampleSource } from "./resample-source.ts";
import { type AxisTaps, LEAST_KEPT_SHARE } from "./sampling.ts";

/**
 * The taps of an axis on which no sample has more than two: the value is `low[s]` x pixel `first[s]` + `high[s]` x the
 * pixel behind it, which always exists. The two weights make up 1.
 */
export interface AxisPairs {
  readonly first: Int32Array<ArrayBuffer>;
  readonly low: Float64Array<ArrayBuffer>;
  readonly high: Float64Array<ArrayBuffer>;
}

/**
 * The taps as pairs, once for each of the interleaved channels; undefined where a sample has more taps than two or the axis
 * only one pixel.
 */
export function axisPairs(taps: AxisTaps, size: number, channels: 1 | 3): AxisPairs | undefined {
  const count = taps.first.length;
  if (size < 2) return undefined;
  const first = new Int32Array(count * channels);
  const low = new Float64Array(count * channels);
  const high = new Float64Array(count * channels);
  for (let sample = 0, at = 0; sample < count; sample += 1) {
    const start = taps.start[sample] ?? 0;
    const length = (taps.start[sample + 1] ?? 0) - start;
    if (length > 2) return undefined;
    const pixel = taps.first[sample] ?? 0;
    const begin = Math.min(pixel, size - 2);
    const [one, two] = [
      taps.weights[start] ?? 0,
      length === 2 ? (taps.weights[start + 1] ?? 0) : 0,
    ];
    const share = begin === pixel ? two / (one + two) : 1;
    for (let channel = 0; channel < channels; channel += 1, at += 1) {
      first[at] = begin * channels + channel;
      low[at] = 1 - share;
      high[at] = share;
    }
  }
  return { first, low, high };
}

/** Where the samples of an enlarged image lie in the output, in pixels, and the weights of both axes. */
export interface EnlargePlan {
  readonly across: AxisPairs;
  readonly down: AxisPairs;
  readonly acrossStride: number;
  readonly downStride: number;
  readonly columns: number;
}

/** One row of the image, averaged across. */
interface Line {
  row: number;
  readonly sums: Float32Array<ArrayBuffer>;
  /** The weight that took part in each sum; undefined where all of it did. */
  kept: Float32Array<ArrayBuffer> | undefined;
}

/** Lines that are used for one picture after the other. */
export interface EnlargeScratch {
  readonly pixels: Float32Array<ArrayBuffer>;
  readonly lines: readonly [Line, Line];
}

/** Room for working on images of this many values in a row. */
export function enlargeScratch({ across, columns }: EnlargePlan, channels: number): EnlargeScratch {
  const line = (): Line => ({
    row: -1,
    sums: new Float32Array(across.first.length),
    kept: undefined,
  });
  return { pixels: new Float32Array(columns * channels), lines: [line(), line()] };
}

/**
 * The same values as `resample` gives, for images of which a canvas pixel touches at most two columns and rows. Each row of
 * the image is averaged across only once, although several rows of the canvas show it.
 */
export function enlarge(
  source: ResampleSource,
  plan: EnlargePlan,
  scratch: EnlargeScratch,
  values: Float32Array<ArrayBuffer>,
): void {
  const { down, downStride, acrossStride } = plan;
  const { channels } = source;
  let lines = scratch.lines;
  for (const line of lines) line.row = -1;
  for (let sample = 0; sample < down.first.length; sample += 1) {
    const row = down.first[sample] ?? 0;
    // The lower row of the sample before is often the upper one of this, or the other way round.
    if (lines[1].row === row || lines[0].row === row + 1) lines = [lines[1], lines[0]];
    for (const [index, line] of lines.entries())
      if (line.row !== row + index) averageAcross(source, plan, scratch.pixels, row + index, line);
    join(lines, down.low[sample] ?? 0, down.high[sample] ?? 0, {
      values,
      offset: sample * downStride * channels,
      stride: acrossStride,
      channels,
    });
  }
}

function join(
  [upper, lower]: readonly [Line, Line],
  low: number,
  high: number,
  target: Target,
): void {
  if (upper.kept !== undefined || lower.kept !== undefined)
    joinKept(upper, lower, low, high, target);
  else if (target.stride === 1)
    joinRow(upper.sums, lower.sums, low, high, target.values, target.offset);
  else joinColumn(upper.sums, lower.sums, low, high, target);
}

function averageAcross(
  source: ResampleSource,
  { across, columns }: EnlargePlan,
  pixels: Float32Array<ArrayBuffer>,
  row: number,
  line: Line,
): void {
  const { channels } = source;
  line.row = row;
  const isWhole = readRow(source, row * columns * channels, pixels);
  line.kept = isWhole ? undefined : (line.kept ?? new Float32Array(line.sums.length));
  if (line.kept !== undefined) weighKept(pixels, across, line.sums, line.kept);
  else weigh(pixels, across, channels, line.sums);
}

/** Reads a row of values; whether all of them take part. */
function readRow(
  source: ResampleSource,
  start: number,
  pixels: Float32Array<ArrayBuffer>,
): boolean {
  const { samples, base, toValue } = source;
  if (toValue === undefined && base === 0) {
    pixels.set(samples.subarray(start, start + pixels.length));
    return true;
  }
  let isWhole = true;
  for (let at = 0; at < pixels.length; at += 1) {
    const sample = samples[start + at] ?? 0;
    const value = (toValue === undefined ? sample : toValue(sample)) - base;
    pixels[at] = value;
    if (Number.isNaN(value)) isWhole = false;
  }
  return isWhole;
}

/** Hot: one kind of array, plain locals. */
function weigh(
  pixels: Float32Array<ArrayBuffer>,
  { first, low, high }: AxisPairs,
  step: number,
  sums: Float32Array<ArrayBuffer>,
): void {
  for (let at = 0; at < sums.length; at += 1) {
    const pixel = first[at] ?? 0;
    sums[at] =
      (low[at] ?? 0) * (pixels[pixel] ?? 0) + (high[at] ?? 0) * (pixels[pixel + step] ?? 0);
  }
}

/** NaN takes no part. Only grey images have it. */
function weighKept(
  pixels: Float32Array<ArrayBuffer>,
  { first, low, high }: AxisPairs,
  sums: Float32Array<ArrayBuffer>,
  kept: Float32Array<ArrayBuffer>,
): void {
  for (let at = 0; at < sums.length; at += 1) {
    const pixel = first[at] ?? 0;
    const [one, two] = [pixels[pixel] ?? 0, pixels[pixel + 1] ?? 0];
    const lowShare = Number.isNaN(one) ? 0 : (low[at] ?? 0);
    const highShare = Number.isNaN(two) ? 0 : (high[at] ?? 0);
    sums[at] = (lowShare === 0 ? 0 : lowShare * one) + (highShare === 0 ? 0 : highShare * two);
    kept[at] = lowShare + highShare;
  }
}

interface Target {
  readonly values: Float32Array<ArrayBuffer>;
  readonly offset: number;
  /** From one pixel to the next, in pixels. */
  readonly stride: number;
  readonly channels: number;
}

/** Hot: it runs for every canvas pixel. */
function joinRow(
  upper: Float32Array<ArrayBuffer>,
  lower: Float32Array<ArrayBuffer>,
  low: number,
  high: number,
  values: Float32Array<ArrayBuffer>,
  offset: number,
): void {
  for (let at = 0; at < upper.length; at += 1)
    values[offset + at] = low * (upper[at] ?? 0) + high * (lower[at] ?? 0);
}

function joinColumn(
  upper: Float32Array<ArrayBuffer>,
  lower: Float32Array<ArrayBuffer>,
  low: number,
  high: number,
  { values, offset, stride, channels }: Target,
): void {
  for (let at = 0, target = offset; at < upper.length; target += stride * channels)
    for (let channel = 0; channel < channels; channel += 1, at += 1)
      values[target + channel] = low * (upper[at] ?? 0) + high * (lower[at] ?? 0);
}

function joinKept(
  upper: Line,
  lower: Line,
  low: number,
  high: number,
  { values, offset, stride }: Target,
): void {
  for (let at = 0, target = offset; at < upper.sums.length; at += 1, target += stride) {
    const share = low * (upper.kept?.[at] ?? 1) + high * (lower.kept?.[at] ?? 1);
    const sum = low * (upper.sums[at] ?? 0) + high * (lower.sums[at] ?? 0);
    values[target] = share < LEAST_KEPT_SHARE ? Number.NaN : sum / share;
  }
}
