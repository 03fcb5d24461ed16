import type { DecodedFrame } from "#core/pixels/decoded-frame.ts";
import type { DisplayPipeline } from "#core/pixels/display-pipeline.ts";
import { modalityValue } from "#core/pixels/modality-lut.ts";
import { isPadding, renderPixels, rgbBytes } from "#core/pixels/render-pixels.ts";
import { greyCurve, greyFunction, valueBase } from "./grey-curve.ts";
import { type ResampleSource, resample } from "./resample.ts";
import { type Sampling, samplingOf } from "./sampling.ts";
import type { ViewTransform } from "./view-transform.ts";

/** Opaque black as one little-endian word of RGBA. */
const BLACK = 0xff000000;

/** A rectangle of RGBA words for a canvas. */
export interface Picture {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly words: Uint32Array<ArrayBuffer>;
}

/** What was averaged last: windowing the same frame in the same view starts from here. */
interface Averaged {
  readonly frame: DecodedFrame;
  readonly key: string;
  readonly values: Float32Array<ArrayBuffer>;
}

/**
 * Makes pictures of frames without graphics hardware, by the maths of `sampling.ts`. It keeps the averaged values of the
 * last picture, so that a change of the window costs one pass over the canvas.
 */
export class SoftwareRenderer {
  #averaged: Averaged | undefined;

  picture(frame: DecodedFrame, display: DisplayPipeline, view: ViewTransform): Picture {
    const sampling = samplingOf(view);
    const { left, top, width, height } = sampling;
    const words = new Uint32Array(width * height);
    if (words.length > 0) {
      const isGrey = isMonochrome(frame, display);
      const values = this.#values(frame, display, sampling, isGrey);
      if (isGrey) greyWords(values, frame, display, words);
      else colorWords(values, words);
    }
    return { left, top, width, height, words };
  }

  /** Forgets what it kept. */
  clear(): void {
    this.#averaged = undefined;
  }

  #values(
    frame: DecodedFrame,
    display: DisplayPipeline,
    sampling: Sampling,
    isGrey: boolean,
  ): Float32Array<ArrayBuffer> {
    // Padding and tables change what is averaged; a window or a slope does not.
    const table = display.modality.kind === "lut" ? display.modality.lut : undefined;
    const key = JSON.stringify([
      sampling,
      display.padding,
      table?.firstMapped,
      table?.entries.length,
    ]);
    const last = this.#averaged;
    if (last?.frame === frame && last.key === key && table === undefined) return last.values;
    const source = isGrey ? greySource(frame, display) : colorSource(frame, display);
    const values = resample(source, sampling);
    this.#averaged = { frame, key, values };
    return values;
  }
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
      return isTable ? modalityValue(modality, sample) : sample;
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
  values: Float32Array,
  frame: DecodedFrame,
  display: DisplayPipeline,
  words: Uint32Array,
): void {
  const grey = greyFunction(greyCurve(display, valueBase(frame)));
  const scale = display.inverted ? -255 : 255;
  // Half a level more, so that cutting off rounds to the nearest.
  const zero = display.inverted ? 255.5 : 0.5;
  for (let index = 0; index < words.length; index += 1) {
    const value = values[index] ?? Number.NaN;
    words[index] = Number.isNaN(value)
      ? BLACK
      : BLACK | (Math.floor(grey(value) * scale + zero) * 0x010101);
  }
}

function colorWords(values: Float32Array, words: Uint32Array): void {
  for (let index = 0, at = 0; index < words.length; index += 1, at += 3) {
    const red = Math.floor((values[at] ?? 0) + 0.5);
    const green = Math.floor((values[at + 1] ?? 0) + 0.5);
    const blue = Math.floor((values[at + 2] ?? 0) + 0.5);
    words[index] = BLACK | (blue << 16) | (green << 8) | red;
  }
}
