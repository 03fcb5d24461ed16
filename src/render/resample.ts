import {
  axisPairs,
  type EnlargePlan,
  type EnlargeScratch,
  enlarge,
  enlargeScratch,
} from "./enlarge.ts";
import type { ResampleSource } from "./resample-source.ts";
import { type AxisTaps, axisTaps, LEAST_KEPT_SHARE, type Sampling } from "./sampling.ts";

/**
 * Averages images of one size to one sampling, frame after frame: the weights are computed once.
 *
 * Rows and columns are averaged one after the other, which a box allows. Reduced images: first the rows of one line of
 * samples, for all columns that are needed, then the columns; the image is read about once, whatever the zoom. Enlarged
 * ones: see `enlarge.ts`.
 */
export class Resampler {
  readonly #sampling: Sampling;
  readonly #axes: Axes;
  readonly #enlarged: Enlarged | undefined;
  readonly #channels: 1 | 3;

  constructor(sampling: Sampling, channels: 1 | 3) {
    this.#sampling = sampling;
    this.#channels = channels;
    this.#axes = axes(sampling);
    this.#enlarged = enlargedOf(sampling, this.#axes, channels);
  }

  /** Room for the values. */
  room(): Float32Array<ArrayBuffer> {
    return new Float32Array(this.#sampling.width * this.#sampling.height * this.#channels);
  }

  /**
   * Writes the values of the canvas pixels: `Float32Array`, height x width of the covered rectangle, row-major, `channels`
   * per pixel; NaN where there is only padding.
   */
  resample(source: ResampleSource, values: Float32Array<ArrayBuffer>): void {
    if (this.#enlarged === undefined) reduce(source, this.#sampling, this.#axes, values);
    else enlarge(source, this.#enlarged.plan, this.#enlarged.scratch, values);
  }
}

interface Enlarged {
  readonly plan: EnlargePlan;
  readonly scratch: EnlargeScratch;
}

function enlargedOf(
  { columns, rows }: Sampling,
  { across, down, acrossStride, downStride }: Axes,
  channels: 1 | 3,
): Enlarged | undefined {
  const acrossPairs = axisPairs(across, columns, channels);
  const downPairs = axisPairs(down, rows, 1);
  if (acrossPairs === undefined || downPairs === undefined) return undefined;
  const plan = { across: acrossPairs, down: downPairs, acrossStride, downStride, columns };
  return { plan, scratch: enlargeScratch(plan, channels) };
}

function reduce(
  source: ResampleSource,
  sampling: Sampling,
  { across, down, acrossStride, downStride }: Axes,
  values: Float32Array<ArrayBuffer>,
): void {
  const { channels } = source;
  const line = lineOf(source, sampling, across);
  for (let sample = 0; sample < down.first.length; sample += 1) {
    if (source.toValue === undefined || line.kept === undefined)
      averageRows(line, source, down, sample);
    else averageKeptRows(line, line.kept.weights, source, source.toValue, down, sample);
    averageColumns(line, across, values, sample * downStride * channels, acrossStride * channels);
  }
}

/** One line of the image after rows were averaged. */
interface Line {
  readonly columns: number;
  readonly channels: number;
  readonly firstColumn: number;
  readonly endColumn: number;
  /** Weighted sums, and what was kept where values can be missing. */
  readonly sums: Float32Array<ArrayBuffer>;
  readonly kept: Kept | undefined;
}

/** The weights that took part in the sums of a line, and their averages along it. */
interface Kept {
  readonly weights: Float32Array<ArrayBuffer>;
  readonly shares: Float32Array<ArrayBuffer>;
}

interface Axes {
  readonly across: AxisTaps;
  readonly down: AxisTaps;
  /** Pixels of the output from one sample along the columns, or rows, of the image to the next. */
  readonly acrossStride: number;
  readonly downStride: number;
}

/** Taps along columns and rows of the image, and where their samples lie in the output: turned images swap the two. */
function axes(sampling: Sampling): Axes {
  const { toImage, width, height, columns, rows, footprintX, footprintY } = sampling;
  const isTurned = toImage.a === 0;
  const [acrossCount, downCount] = isTurned ? [height, width] : [width, height];
  const acrossStep = isTurned ? toImage.c : toImage.a;
  const downStep = isTurned ? toImage.b : toImage.d;
  return {
    across: axisTaps(acrossCount, toImage.e, acrossStep, footprintX, columns),
    down: axisTaps(downCount, toImage.f, downStep, footprintY, rows),
    acrossStride: isTurned ? width : 1,
    downStride: isTurned ? 1 : width,
  };
}

function lineOf(source: ResampleSource, sampling: Sampling, across: AxisTaps): Line {
  const { channels } = source;
  const ends = [across.first[0] ?? 0, across.first.at(-1) ?? 0];
  const reach = Math.ceil(sampling.footprintX) + 1;
  const length = sampling.columns * channels;
  return {
    columns: sampling.columns,
    channels,
    firstColumn: Math.min(...ends),
    endColumn: Math.min(Math.max(...ends) + reach, sampling.columns),
    sums: new Float32Array(length),
    kept:
      source.toValue === undefined
        ? undefined
        : { weights: new Float32Array(length), shares: new Float32Array(across.first.length) },
  };
}

function averageRows(line: Line, source: ResampleSource, down: AxisTaps, sample: number): void {
  const { sums, channels, columns } = line;
  const { samples, base } = source;
  const from = line.firstColumn * channels;
  const end = line.endColumn * channels;
  const start = down.start[sample] ?? 0;
  const stop = down.start[sample + 1] ?? 0;
  const total = sumOf(down.weights, start, stop);
  sums.fill(0, from, end);
  let row = (down.first[sample] ?? 0) * columns * channels;
  for (let tap = start; tap < stop; tap += 1, row += columns * channels) {
    const weight = (down.weights[tap] ?? 0) / total;
    for (let at = from; at < end; at += 1)
      sums[at] = (sums[at] ?? 0) + weight * ((samples[row + at] ?? 0) - base);
  }
}

function averageKeptRows(
  line: Line,
  kept: Float32Array<ArrayBuffer>,
  source: ResampleSource,
  toValue: (sample: number) => number,
  down: AxisTaps,
  sample: number,
): void {
  const { sums, columns, firstColumn, endColumn } = line;
  const start = down.start[sample] ?? 0;
  const stop = down.start[sample + 1] ?? 0;
  const total = sumOf(down.weights, start, stop);
  sums.fill(0);
  kept.fill(0);
  let row = (down.first[sample] ?? 0) * columns;
  for (let tap = start; tap < stop; tap += 1, row += columns) {
    const weight = (down.weights[tap] ?? 0) / total;
    for (let at = firstColumn; at < endColumn; at += 1) {
      const value = toValue(source.samples[row + at] ?? 0);
      if (Number.isNaN(value)) continue;
      sums[at] = (sums[at] ?? 0) + weight * (value - source.base);
      kept[at] = (kept[at] ?? 0) + weight;
    }
  }
}

function averageColumns(
  line: Line,
  across: AxisTaps,
  values: Float32Array<ArrayBuffer>,
  offset: number,
  stride: number,
): void {
  const { channels } = line;
  if (line.kept !== undefined) averageKept(line.sums, line.kept, across, values, offset, stride);
  else
    for (let channel = 0; channel < channels; channel += 1)
      averageChannel(line.sums, channels, channel, across, values, offset + channel, stride);
}

/** Hot: it runs for every canvas pixel, so it works on plain locals. */
function averageChannel(
  sums: Float32Array<ArrayBuffer>,
  channels: number,
  channel: number,
  { first, start, weights }: AxisTaps,
  values: Float32Array<ArrayBuffer>,
  offset: number,
  stride: number,
): void {
  let target = offset;
  let tap = 0;
  for (let sample = 0; sample < first.length; sample += 1, target += stride) {
    const stop = start[sample + 1] ?? 0;
    let at = (first[sample] ?? 0) * channels + channel;
    let sum = 0;
    let total = 0;
    for (; tap < stop; tap += 1, at += channels) {
      const weight = weights[tap] ?? 0;
      sum += weight * (sums[at] ?? 0);
      total += weight;
    }
    values[target] = sum / total;
  }
}

/** Sums and the kept part of their weights are averaged alike, then one is taken over the other. */
function averageKept(
  sums: Float32Array<ArrayBuffer>,
  { weights, shares }: Kept,
  across: AxisTaps,
  values: Float32Array<ArrayBuffer>,
  offset: number,
  stride: number,
): void {
  averageChannel(sums, 1, 0, across, values, offset, stride);
  averageChannel(weights, 1, 0, across, shares, 0, 1);
  for (let sample = 0, target = offset; sample < shares.length; sample += 1, target += stride) {
    const share = shares[sample] ?? 0;
    values[target] = share < LEAST_KEPT_SHARE ? Number.NaN : (values[target] ?? 0) / share;
  }
}

function sumOf(numbers: Float32Array, start: number, stop: number): number {
  let sum = 0;
  for (let index = start; index < stop; index += 1) sum += numbers[index] ?? 0;
  return sum;
}
