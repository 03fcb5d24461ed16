import type { ViewTransform } from "#core/geometry/view-transform.ts";
import type { ColourTransform } from "#core/pixels/colour-transform.ts";
import type { DecodedFrame } from "#core/pixels/decoded-frame.ts";
import type { DisplayPipeline } from "#core/pixels/display-pipeline.ts";
import { isMaskOf, type PixelMask } from "#core/pixels/pixel-mask.ts";
import { ENTRY_BIAS, nearestEntry } from "#core/pixels/presentation-lut.ts";
import { framePlanes } from "./frame-planes.ts";
import { type GreyCurve, greyCurve, greyFunction, valueBase } from "./grey-curve.ts";
import { type ImageAverages, imageAverages } from "./image-averages.ts";
import { coverWords, isSameMask, type MaskCover, maskCover } from "./mask-cover.ts";
import { PlaneAverager } from "./plane-averager.ts";
import { type Sampling, samplingOf } from "./sampling.ts";
import { BLACK, type GreyShades, greyShades, type Rgb, throughCube } from "./screen-color.ts";
import type { Picture } from "./software-renderer.ts";

type Numbers = Float32Array<ArrayBuffer>;
type Words = Uint32Array<ArrayBuffer>;

/** What the averages were made of: they stay good when only the window, the polarity or a table after them changes. */
type Made = readonly unknown[];

/**
 * Makes pictures of frames that have more to their display than values, window and polarity, without graphics hardware, by
 * the maths of `sampling.ts` and `pixel-mask.ts`: first the image where no mask lies, then the mask over it.
 */
export class ExtrasPainter {
  #samplingKey = "";
  #averager: PlaneAverager | undefined;
  #cover: { readonly mask: PixelMask; readonly cover: MaskCover } | undefined;
  #averages: { readonly made: Made; readonly averages: ImageAverages } | undefined;
  #words: Words = new Uint32Array();

  picture(frame: DecodedFrame, display: DisplayPipeline, view: ViewTransform): Picture {
    const sampling = samplingOf(view);
    const { left, top, width, height } = sampling;
    if (width * height === 0) return { left, top, width, height, words: new Uint32Array() };
    const averager = this.#enter(sampling);
    const cover = this.#coverOf(frame, display, sampling);
    const averages = this.#averagesOf(frame, display, averager, cover);
    imageWords(averages, frame, display, this.#words);
    if (cover !== undefined) coverWords(cover, this.#words);
    return { left, top, width, height, words: this.#words };
  }

  /** Forgets what it kept. */
  clear(): void {
    this.#samplingKey = "";
    this.#averager = undefined;
    this.#cover = undefined;
    this.#averages = undefined;
    this.#words = new Uint32Array();
  }

  #enter(sampling: Sampling): PlaneAverager {
    const key = JSON.stringify(sampling);
    if (key === this.#samplingKey && this.#averager !== undefined) return this.#averager;
    this.clear();
    this.#samplingKey = key;
    this.#averager = new PlaneAverager(sampling);
    this.#words = new Uint32Array(sampling.width * sampling.height);
    return this.#averager;
  }

  #coverOf(
    frame: DecodedFrame,
    { mask }: DisplayPipeline,
    sampling: Sampling,
  ): MaskCover | undefined {
    if (mask === undefined || !isMaskOf(mask, frame)) return undefined;
    const last = this.#cover;
    const isSame = last !== undefined && isSameMask(last.mask, mask);
    const cover = isSame ? last.cover : maskCover(mask, sampling);
    this.#cover = { mask, cover };
    return cover;
  }

  #averagesOf(
    frame: DecodedFrame,
    display: DisplayPipeline,
    averager: PlaneAverager,
    cover: MaskCover | undefined,
  ): ImageAverages {
    const { modality, padding, palette, supplementalPalette, colourTransform } = display;
    const table = modality.kind === "lut" ? modality.lut : undefined;
    const tables = [table, palette, supplementalPalette, colourTransform];
    const made: Made = [frame, cover, padding?.first, padding?.last, ...tables];
    const last = this.#averages;
    if (last?.made.every((part, index) => part === made[index]) === true) return last.averages;
    const planes = framePlanes(frame, display, cover?.openPixels);
    const averages = imageAverages(planes, averager, cover?.open);
    this.#averages = { made, averages };
    return averages;
  }
}

function imageWords(
  { greys, colors, colorShare }: ImageAverages,
  frame: DecodedFrame,
  display: DisplayPipeline,
  words: Words,
): void {
  if (greys === undefined) {
    const cube = frame.meaning === "rgb" ? display.colourTransform : undefined;
    if (colors !== undefined) colorWords(colors, cube, words);
    return;
  }
  const base = display.modality.kind === "lut" ? 0 : valueBase(frame);
  const curve = greyCurve(display, base);
  const shades = greyShades(display);
  if (curve.kind === "linear") linearWords(greys, curve.middle, curve.scale, shades, words);
  else curvedWords(greys, curve, shades, words);
  if (colors !== undefined && colorShare !== undefined) mixColors(colors, colorShare, words);
}

/** Hot: it runs for every canvas pixel, so the usual window calls no function of its own. */
function linearWords(
  values: Numbers,
  middle: number,
  slope: number,
  { words: shades, isReversed }: GreyShades,
  words: Words,
): void {
  const last = shades.length - 1;
  const scale = isReversed ? -last : last;
  // Half an entry more, so that cutting off gives the nearest.
  const zero = (isReversed ? last : 0) + 0.5 + ENTRY_BIAS;
  for (let index = 0; index < words.length; index += 1) {
    const value = values[index] ?? 0;
    const grey = (value - middle) * slope + 0.5;
    let kept = grey;
    if (grey < 0) kept = 0;
    else if (grey > 1) kept = 1;
    words[index] = Number.isNaN(kept) ? BLACK : (shades[(kept * scale + zero) | 0] ?? BLACK);
  }
}

function curvedWords(
  values: Numbers,
  curve: GreyCurve,
  { words: shades, isReversed }: GreyShades,
  words: Words,
): void {
  const toGrey = greyFunction(curve);
  for (let index = 0; index < words.length; index += 1) {
    const value = values[index] ?? Number.NaN;
    const grey = toGrey(value);
    const entry = nearestEntry(isReversed ? 1 - grey : grey, shades.length);
    words[index] = Number.isNaN(value) ? BLACK : (shades[entry] ?? BLACK);
  }
}

function colorWords(colors: Numbers, cube: ColourTransform | undefined, words: Words): void {
  const rgb: Rgb = new Float64Array(3);
  for (let index = 0, at = 0; index < words.length; index += 1, at += 3) {
    rgb[0] = colors[at] ?? 0;
    rgb[1] = colors[at + 1] ?? 0;
    rgb[2] = colors[at + 2] ?? 0;
    if (cube !== undefined) throughCube(cube, rgb);
    words[index] = word(rgb[0] ?? 0, rgb[1] ?? 0, rgb[2] ?? 0);
  }
}

/** Mixes the coloured part of each canvas pixel into its grey. */
function mixColors(colors: Numbers, shares: Numbers, words: Words): void {
  for (let index = 0, at = 0; index < words.length; index += 1, at += 3) {
    const share = shares[index] ?? 0;
    if (share === 0) continue;
    const grey = words[index] ?? 0;
    const left = 1 - share;
    words[index] = Number.isNaN(share)
      ? BLACK
      : word(
          share * (colors[at] ?? 0) + left * (grey & 0xff),
          share * (colors[at + 1] ?? 0) + left * ((grey >> 8) & 0xff),
          share * (colors[at + 2] ?? 0) + left * ((grey >> 16) & 0xff),
        );
  }
}

/** Rounded to the nearest, opaque. */
function word(red: number, green: number, blue: number): number {
  return BLACK | ((blue + 0.5) << 16) | ((green + 0.5) << 8) | (red + 0.5);
}
