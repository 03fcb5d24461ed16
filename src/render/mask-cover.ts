import type { PixelMask } from "#core/pixels/pixel-mask.ts";
import type { PixelShares } from "./frame-planes.ts";
import { Resampler } from "./resample.ts";
import type { Sampling } from "./sampling.ts";

type Numbers = Float32Array<ArrayBuffer>;

/** What a mask does to the canvas pixels of a view: it is the same for all frames that share the mask. */
export interface MaskCover {
  /** 1 for the pixels of the frame that are not masked, 0 for others. */
  readonly openPixels: PixelShares;
  /** Which part of the averaged pixels of the image is not masked; one number for each canvas pixel that the image covers. */
  readonly open: Numbers;
  /** The canvas pixels that show the mask. */
  readonly places: Uint32Array<ArrayBuffer>;
  /** Which part of each of these shows it. */
  readonly shares: Numbers;
  /** Red, green, blue of the mask, 0 to 255, times that part; three numbers for each of these. */
  readonly colors: Numbers;
}

/** The cover of a mask in a view. */
export function maskCover(mask: PixelMask, sampling: Sampling): MaskCover {
  const { entries } = mask;
  const openPixels = new Uint8Array(entries.length);
  for (let at = 0; at < openPixels.length; at += 1) openPixels[at] = entries[at] === 0 ? 1 : 0;
  const open = averages(openPixels, sampling, 1);
  const sharp = maskSampling(sampling);
  const isSame =
    sharp.footprintX === sampling.footprintX && sharp.footprintY === sampling.footprintY;
  const shown = isSame ? open : averages(openPixels, sharp, 1);
  const places = placesBelow(shown, 1);
  const shares = Float32Array.from(places, (place) => 1 - (shown[place] ?? 0));
  const colors = colorsOf(mask, sharp, places, shares);
  return { openPixels, open, places, shares, colors };
}

/** One colour, as overlays have, and two, with a shutter, need no average of three channels. */
function colorsOf(
  mask: PixelMask,
  sampling: Sampling,
  places: MaskCover["places"],
  shares: Numbers,
): Numbers {
  const colors = new Float32Array(places.length * 3);
  const count = mask.colors.length / 3;
  if (count > 2) {
    const all = averages(colorPlane(mask), sampling, 3);
    for (let at = 0; at < places.length; at += 1)
      for (let channel = 0; channel < 3; channel += 1)
        colors[at * 3 + channel] = all[(places[at] ?? 0) * 3 + channel] ?? 0;
    return colors;
  }
  const second = count === 2 ? averages(secondPixels(mask), sampling, 1) : undefined;
  const [red = 0, green = 0, blue = 0, red2 = 0, green2 = 0, blue2 = 0] = mask.colors;
  for (let at = 0, to = 0; at < places.length; at += 1, to += 3) {
    const two = second?.[places[at] ?? 0] ?? 0;
    const one = (shares[at] ?? 0) - two;
    colors[to] = one * red + two * red2;
    colors[to + 1] = one * green + two * green2;
    colors[to + 2] = one * blue + two * blue2;
  }
  return colors;
}

function secondPixels({ entries }: PixelMask): PixelShares {
  const plane = new Uint8Array(entries.length);
  for (let at = 0; at < plane.length; at += 1) plane[at] = entries[at] === 2 ? 1 : 0;
  return plane;
}

/** Mixes the mask into the words of an image, by its shares. */
export function coverWords(
  { places, shares, colors }: MaskCover,
  words: Uint32Array<ArrayBuffer>,
): void {
  for (let at = 0, from = 0; at < places.length; at += 1, from += 3) {
    const place = places[at] ?? 0;
    const image = words[place] ?? 0;
    const left = 1 - (shares[at] ?? 0);
    const red = (colors[from] ?? 0) + left * (image & 0xff);
    const green = (colors[from + 1] ?? 0) + left * ((image >> 8) & 0xff);
    const blue = (colors[from + 2] ?? 0) + left * ((image >> 16) & 0xff);
    words[place] = 0xff000000 | ((blue + 0.5) << 16) | ((green + 0.5) << 8) | (red + 0.5);
  }
}

/** Whether two masks look the same, as those of the frames of a film do: to compare them is far less than to average one. */
export function isSameMask(a: PixelMask, b: PixelMask): boolean {
  return a === b || (isSameBytes(a.colors, b.colors) && isSameBytes(a.entries, b.entries));
}

function isSameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at += 1) if (a[at] !== b[at]) return false;
  return true;
}

/** Pixels of a mask are squares: along an axis on which they are not reduced, a canvas pixel shows the one below it. */
function maskSampling(sampling: Sampling): Sampling {
  const size = (footprint: number): number => (footprint > 1 ? footprint : 0);
  return {
    ...sampling,
    footprintX: size(sampling.footprintX),
    footprintY: size(sampling.footprintY),
  };
}

function placesBelow(values: Numbers, limit: number): Uint32Array<ArrayBuffer> {
  const places = new Uint32Array(values.length);
  let count = 0;
  for (let at = 0; at < values.length; at += 1)
    if ((values[at] ?? 0) < limit) {
      places[count] = at;
      count += 1;
    }
  return places.slice(0, count);
}

function colorPlane({ entries, colors }: PixelMask): Uint8Array<ArrayBuffer> {
  const plane = new Uint8Array(entries.length * 3);
  for (let at = 0; at < entries.length; at += 1) {
    const entry = entries[at] ?? 0;
    if (entry === 0) continue;
    plane[at * 3] = colors[entry * 3 - 3] ?? 0;
    plane[at * 3 + 1] = colors[entry * 3 - 2] ?? 0;
    plane[at * 3 + 2] = colors[entry * 3 - 1] ?? 0;
  }
  return plane;
}

function averages(samples: Uint8Array<ArrayBuffer>, sampling: Sampling, channels: 1 | 3): Numbers {
  const resampler = new Resampler(sampling, channels);
  const values = resampler.room();
  resampler.resample({ samples, channels, base: 0 }, values);
  return values;
}
