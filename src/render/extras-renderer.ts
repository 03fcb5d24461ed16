import type { ViewTransform } from "#core/geometry/view-transform.ts";
import type { DecodedFrame } from "#core/pixels/decoded-frame.ts";
import type { DisplayPipeline } from "#core/pixels/display-pipeline.ts";
import { isMaskOf, type PixelMask } from "#core/pixels/pixel-mask.ts";
import { type FramePlanes, framePlanes } from "./frame-planes.ts";
import { valueBase } from "./grey-curve.ts";
import { type MaskCover, maskCover } from "./mask-cover.ts";
import { Resampler } from "./resample.ts";
import { LEAST_KEPT_SHARE, type Sampling, samplingOf } from "./sampling.ts";
import { greyToScreen, type Rgb, throughCube } from "./screen-color.ts";
import type { Picture } from "./software-renderer.ts";

/** Opaque black as one little-endian word of RGBA. */
const BLACK = 0xff000000;
/** Shares below this are what single precision leaves of nothing. */
const NOTHING = 1e-5;

type Numbers = Float32Array<ArrayBuffer>;

/** Of what a canvas pixel averages: how much is grey and coloured image, and the sums of their values. */
interface Averages {
  /** Sum of the grey values by their share. */
  readonly grey: Numbers | undefined;
  readonly greyShare: Numbers | undefined;
  /** Sum of the colours by their share, three numbers each. */
  readonly color: Numbers | undefined;
  readonly colorShare: Numbers | undefined;
}

/** What the averages were made of: they stay good when only the window, the polarity or a table after them changes. */
type Made = readonly unknown[];

/**
 * Makes pictures of frames that have more to their display than values, window and polarity, without graphics hardware, by
 * the maths of `sampling.ts` and `pixel-mask.ts`. The planes of a frame are averaged apart from each other and joined last.
 */
export class ExtrasRenderer {
  #samplingKey = "";
  #cover: { readonly mask: PixelMask; readonly cover: MaskCover } | undefined;
  #averages: { readonly made: Made; readonly averages: Averages } | undefined;
  #words = new Uint32Array();

  picture(frame: DecodedFrame, display: DisplayPipeline, view: ViewTransform): Picture {
    const sampling = samplingOf(view);
    const { left, top, width, height } = sampling;
    if (width * height === 0) return { left, top, width, height, words: new Uint32Array() };
    this.#enter(sampling);
    const cover = this.#coverOf(frame, display, sampling);
    const averages = this.#averagesOf(frame, display, sampling, cover);
    join(averages, cover, shades(frame, display), this.#words);
    return { left, top, width, height, words: this.#words };
  }

  /** Forgets what it kept. */
  clear(): void {
    this.#samplingKey = "";
    this.#cover = undefined;
    this.#averages = undefined;
    this.#words = new Uint32Array();
  }

  #enter(sampling: Sampling): void {
    const key = JSON.stringify(sampling);
    if (key === this.#samplingKey) return;
    this.clear();
    this.#samplingKey = key;
    this.#words = new Uint32Array(sampling.width * sampling.height);
  }

  #coverOf(
    frame: DecodedFrame,
    { mask }: DisplayPipeline,
    sampling: Sampling,
  ): MaskCover | undefined {
    if (mask === undefined || !isMaskOf(mask, frame)) return undefined;
    if (this.#cover?.mask !== mask) this.#cover = { mask, cover: maskCover(mask, sampling) };
    return this.#cover.cover;
  }

  #averagesOf(
    frame: DecodedFrame,
    display: DisplayPipeline,
    sampling: Sampling,
    cover: MaskCover | undefined,
  ): Averages {
    const { padding, palette, supplementalPalette, colourTransform } = display;
    const lut = display.modality.kind === "lut" ? display.modality.lut : undefined;
    const made: Made = [
      frame,
      cover,
      lut,
      padding?.first,
      padding?.last,
      palette,
      supplementalPalette,
      colourTransform,
    ];
    const last = this.#averages;
    if (last?.made.every((part, index) => part === made[index]) === true) return last.averages;
    const averages = averagesOf(framePlanes(frame, display, cover?.openPixels), sampling, cover);
    this.#averages = { made, averages };
    return averages;
  }
}

function averagesOf(
  { grey, color }: FramePlanes,
  sampling: Sampling,
  cover: MaskCover | undefined,
): Averages {
  const single = new Resampler(sampling, 1);
  const average = (samples: FramePlanes["grey"], channels: 1 | 3): Numbers | undefined => {
    if (samples === undefined) return undefined;
    const resampler = channels === 1 ? single : new Resampler(sampling, 3);
    const values = resampler.room();
    resampler.resample({ samples: samples.values, channels, base: 0 }, values);
    return values;
  };
  const share = (plane: FramePlanes["grey"]): Numbers | undefined => {
    if (plane?.shares === undefined) return plane === undefined ? undefined : cover?.open;
    const values = single.room();
    single.resample({ samples: plane.shares, channels: 1, base: 0 }, values);
    return values;
  };
  return {
    grey: average(grey, 1),
    greyShare: share(grey),
    color: average(color, 3),
    colorShare: share(color),
  };
}

/** How averaged values and colours become those of the screen. */
interface Shades {
  readonly grey: (value: number, rgb: Rgb) => void;
  readonly color: (rgb: Rgb) => void;
}

function shades(frame: DecodedFrame, display: DisplayPipeline): Shades {
  const { colourTransform } = display;
  const base = display.modality.kind === "lut" ? 0 : valueBase(frame);
  // Palettes are taken through the cube entry by entry.
  const isCubed = frame.meaning === "rgb" && colourTransform !== undefined;
  return {
    grey: greyToScreen(display, base),
    color: isCubed ? (rgb) => throughCube(colourTransform, rgb) : () => undefined,
  };
}

/** Joins image and mask by their shares, into one word per canvas pixel. */
function join(
  averages: Averages,
  cover: MaskCover | undefined,
  shades: Shades,
  words: Uint32Array<ArrayBuffer>,
): void {
  const image: Rgb = new Float64Array(3);
  const scratch: Rgb = new Float64Array(3);
  for (let at = 0; at < words.length; at += 1) {
    const masked = cover?.masked[at] ?? 0;
    if (masked < 1 - NOTHING) paint(averages, at, cover?.open[at] ?? 1, shades, image, scratch);
    else image.fill(0);
    let word = BLACK;
    for (let channel = 0; channel < 3; channel += 1) {
      const over = cover?.colors[at * 3 + channel] ?? 0;
      word |= Math.floor(over + (1 - masked) * (image[channel] ?? 0) + 0.5) << (8 * channel);
    }
    words[at] = word;
  }
}

/** Writes the colour of the image in one canvas pixel, of which `open` takes part. */
function paint(
  { grey, greyShare, color, colorShare }: Averages,
  at: number,
  open: number,
  shades: Shades,
  image: Rgb,
  scratch: Rgb,
): void {
  const greyPart = grey === undefined ? 0 : (greyShare?.[at] ?? 1);
  const colorPart = color === undefined ? 0 : (colorShare?.[at] ?? 1);
  const kept = greyPart + colorPart;
  image.fill(0);
  if (kept < LEAST_KEPT_SHARE * open || kept < NOTHING) return;
  if (greyPart > NOTHING) {
    shades.grey((grey?.[at] ?? 0) / greyPart, scratch);
    add(image, scratch, greyPart / kept);
  }
  if (colorPart > NOTHING) {
    for (let channel = 0; channel < 3; channel += 1)
      scratch[channel] = (color?.[at * 3 + channel] ?? 0) / colorPart;
    shades.color(scratch);
    add(image, scratch, colorPart / kept);
  }
}

function add(image: Rgb, color: Rgb, share: number): void {
  for (let channel = 0; channel < 3; channel += 1)
    image[channel] = (image[channel] ?? 0) + share * (color[channel] ?? 0);
}
