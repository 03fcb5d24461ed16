import type { ColourTransform } from "#core/pixels/colour-transform.ts";
import type { DisplayPipeline } from "#core/pixels/display-pipeline.ts";
import { nearestEntry } from "#core/pixels/presentation-lut.ts";
import { paletteOnScreen } from "./screen-palette.ts";

/** Opaque black as one little-endian word of RGBA. */
export const BLACK = 0xff000000;

/** Red, green and blue, 0 to 255, not rounded. */
export type Rgb = Float64Array<ArrayBuffer>;

/** What becomes of a grey, 0 to 1, that the VOI LUT gives: one of many words of RGBA, the nearest of them. */
export interface GreyShades {
  readonly words: Uint32Array<ArrayBuffer>;
  /** Whether the first word belongs to white. */
  readonly isReversed: boolean;
}

/** The shades of a pipeline: presentation LUT, polarity and pseudo colour in one table; else the 256 greys. */
export function greyShades(display: DisplayPipeline): GreyShades {
  const { presentationLut, inverted } = display;
  const words = pValueWords(display);
  if (presentationLut === undefined) return { words, isReversed: inverted };
  const { entries, bits } = presentationLut;
  const most = 2 ** bits - 1;
  const ofEntries = Uint32Array.from(entries, (entry) => {
    const pValue = entry / most;
    return words[nearestEntry(inverted ? 1 - pValue : pValue, words.length)] ?? 0;
  });
  return { words: ofEntries, isReversed: false };
}

/** Words of RGBA for P-values, evenly spread. */
function pValueWords({ pseudoColor, colourTransform }: DisplayPipeline): Uint32Array<ArrayBuffer> {
  if (pseudoColor === undefined)
    return Uint32Array.from({ length: 256 }, (_, level) => BLACK | (level * 0x010101));
  const { colors } = paletteOnScreen(pseudoColor, colourTransform);
  const words = new Uint32Array(colors.length / 3);
  for (let index = 0, at = 0; index < words.length; index += 1, at += 3)
    words[index] =
      BLACK | ((colors[at + 2] ?? 0) << 16) | ((colors[at + 1] ?? 0) << 8) | (colors[at] ?? 0);
  return words;
}

/** Takes a colour through a cube, interpolated linearly in three directions. */
export function throughCube({ points, colors }: ColourTransform, rgb: Rgb): void {
  const red = placeOf(rgb[0] ?? 0, points);
  const green = placeOf(rgb[1] ?? 0, points);
  const blue = placeOf(rgb[2] ?? 0, points);
  const [r, g, b] = [below(red, points), below(green, points), below(blue, points)];
  const corner = ((r * points + g) * points + b) * 3;
  const [toRed, toGreen, toBlue] = [red - r, green - g, blue - b];
  const [redStep, greenStep] = [points * points * 3, points * 3];
  for (let channel = 0; channel < 3; channel += 1) {
    const at = corner + channel;
    const near = plane(colors, at, greenStep, toGreen, toBlue);
    const far = plane(colors, at + redStep, greenStep, toGreen, toBlue);
    rgb[channel] = near + (far - near) * toRed;
  }
}

/** Where a component lies along an edge of the cube. */
function placeOf(component: number, points: number): number {
  return (Math.min(Math.max(component, 0), 255) / 255) * (points - 1);
}

/** The point of the edge below a place; the last one is beyond the one before it. */
function below(place: number, points: number): number {
  return Math.min(Math.floor(place), points - 2);
}

/** One channel between four corners of a square across green and blue. */
function plane(
  colors: Uint8Array,
  at: number,
  greenStep: number,
  green: number,
  blue: number,
): number {
  const near = line(colors, at, blue);
  return near + (line(colors, at + greenStep, blue) - near) * green;
}

function line(colors: Uint8Array, at: number, blue: number): number {
  const near = colors[at] ?? 0;
  return near + ((colors[at + 3] ?? 0) - near) * blue;
}
