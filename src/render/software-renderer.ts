import type { ViewTransform } from "#core/geometry/view-transform.ts";
import type { DecodedFrame } from "#core/pixels/decoded-frame.ts";
import type { DisplayPipeline } from "#core/pixels/display-pipeline.ts";
import type { PixelPadding } from "#core/pixels/image-pixel.ts";
import { modalityValue } from "#core/pixels/modality-lut.ts";
import { isPadding, renderPixels, rgbBytes } from "#core/pixels/render-pixels.ts";
import { finiteValue, greyCurve, greyFunction, valueBase } from "./grey-curve.ts";
import { Resampler } from "./resample.ts";
import type { ResampleSource } from "./resample-source.ts";
import { type Sampling, samplingOf } from "./sampling.ts";

/** Opaque black as one little-endian word of RGBA. */
const BLACK = 0xff000000;

/** A rectangle of RGBA words for a canvas; good until the next picture is made. */
export interface Picture {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly words: Uint32Array<ArrayBuffer>;
}

/** What is needed for every frame that is seen in one view. */
interface Workplace {
  readonly key: string;
  readonly resampler: Resampler;
  readonly values: Float32Array<ArrayBuffer>;
  readonly words: Uint32Array<ArrayBuffer>;
}

/** What the values were averaged from last: windowing the same frame in the same view starts from them. */
interface Averaged {
  readonly frame: DecodedFrame;
  readonly padding: PixelPadding | undefined;
}

/**
 * Makes pictures of frames without graphics hardware, by the maths of `sampling.ts`. As long as the view stays it keeps
 * weights and memory, so that the next frame costs no more than its pixels, and a change of the window one pass over them.
 */
export class SoftwareRenderer {
  #workplace: Workplace | undefined;
  #averaged: Averaged | undefined;

  picture(frame: DecodedFrame, display: DisplayPipeline, view: ViewTransform): Picture {
    const sampling = samplingOf(view);
    const { left, top, width, height } = sampling;
    if (width * height === 0) return { left, top, width, height, words: new Uint32Array() };
    const isGrey = isMonochrome(frame, display);
    const workplace = this.#workplaceOf(sampling, isGrey ? 1 : 3);
    const { values, words } = workplace;
    this.#average(workplace, frame, display, isGrey);
    if (isGrey) greyWords(values, frame, display, words);
    else colorWords(values, words);
    return { left, top, width, height, words };
  }

  /** Forgets what it kept. */
  clear(): void {
    this.#workplace = undefined;
    this.#averaged = undefined;
  }

  #workplaceOf(sampling: Sampling, channels: 1 | 3): Workplace {
    const key = JSON.stringify([channels, sampling]);
    if (this.#workplace?.key === key) return this.#workplace;
    const resampler = new Resampler(sampling, channels);
    const words = new Uint32Array(sampling.width * sampling.height);
    this.#workplace = { key, resampler, values: resampler.room(), words };
    this.#averaged = undefined;
    return this.#workplace;
  }

  #average(
    { resampler, values }: Workplace,
    frame: DecodedFrame,
    display: DisplayPipeline,
    isGrey: boolean,
  ): void {
    // Padding, tables and palettes change what is averaged; a window or a slope does not.
    const { padding } = display;
    const last = this.#averaged;
    if (last?.frame === frame && isSamePadding(last.padding, padding)) return;
    resampler.resample(isGrey ? greySource(frame, display) : colorSource(frame, display), values);
    const isKept = isGrey ? display.modality.kind !== "lut" : frame.meaning === "rgb";
    this.#averaged = isKept ? { frame, padding } : undefined;
  }
}

function isSamePadding(a: PixelPadding | undefined, b: PixelPadding | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Whether a frame goes through the grayscale pipeline; palette indices without a palette do, for want of better. */
function isMonochrome(frame: DecodedFrame, display: DisplayPipeline): boolean {
  return (
    frame.meaning === "monochrome" || (frame.meaning === "palette" && display.palette === undefined)
  );
}

function greySource(frame: DecodedFrame, display: DisplayPipeline): ResampleSource {
  const { samples } = frame;
  const { modality, padding } = display;
  const isFloat = samples instanceof Float32Array || samples instanceof Float64Array;
  const isPlain = padding === undefined && modality.kind !== "lut" && !isFloat;
  if (isPlain) return { samples, channels: 1, base: valueBase(frame) };
  const isTable = modality.kind === "lut";
  return {
    samples,
    channels: 1,
    base: isTable ? 0 : valueBase(frame),
    toValue: (sample) => {
      if (isPadding(padding, sample)) return Number.NaN;
      return isTable ? modalityValue(modality, sample) : finiteValue(sample);
    },
  };
}

function colorSource(frame: DecodedFrame, display: DisplayPipeline): ResampleSource {
  if (frame.meaning === "rgb") return { samples: rgbBytes(frame), channels: 3, base: 0 };
  const rgba = renderPixels(frame, display);
  const rgb = new Uint8Array((rgba.length / 4) * 3);
  for (let from = 0, to = 0; from < rgba.length; from += 4, to += 3) {
    rgb[to] = rgba[from] ?? 0;
    rgb[to + 1] = rgba[from + 1] ?? 0;
    rgb[to + 2] = rgba[from + 2] ?? 0;
  }
  return { samples: rgb, channels: 3, base: 0 };
}

function greyWords(
  values: Float32Array<ArrayBuffer>,
  frame: DecodedFrame,
  display: DisplayPipeline,
  words: Uint32Array<ArrayBuffer>,
): void {
  const curve = greyCurve(display, valueBase(frame));
  const scale = display.inverted ? -255 : 255;
  // Half a level more, so that cutting off rounds to the nearest.
  const zero = display.inverted ? 255.5 : 0.5;
  if (curve.kind === "linear") {
    linearWords(values, curve.middle, curve.scale, scale, zero, words);
    return;
  }
  const grey = greyFunction(curve);
  for (let index = 0; index < words.length; index += 1)
    words[index] = greyWord(grey(values[index] ?? 0) * scale + zero);
}

/** Hot: it runs for every canvas pixel, so the usual window calls no function of its own. */
function linearWords(
  values: Float32Array<ArrayBuffer>,
  middle: number,
  slope: number,
  scale: number,
  zero: number,
  words: Uint32Array<ArrayBuffer>,
): void {
  for (let index = 0; index < words.length; index += 1) {
    const grey = ((values[index] ?? 0) - middle) * slope + 0.5;
    let kept = grey;
    if (grey < 0) kept = 0;
    else if (grey > 1) kept = 1;
    words[index] = greyWord(kept * scale + zero);
  }
}

/** An opaque grey; NaN, which stands for padding, is black, as bit operations take it for 0. */
function greyWord(level: number): number {
  return BLACK | ((level | 0) * 0x010101);
}

function colorWords(values: Float32Array<ArrayBuffer>, words: Uint32Array<ArrayBuffer>): void {
  for (let index = 0, at = 0; index < words.length; index += 1, at += 3) {
    const red = Math.floor((values[at] ?? 0) + 0.5);
    const green = Math.floor((values[at + 1] ?? 0) + 0.5);
    const blue = Math.floor((values[at + 2] ?? 0) + 0.5);
    words[index] = BLACK | (blue << 16) | (green << 8) | red;
  }
}
