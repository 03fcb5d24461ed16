import type { ColourTransform } from "#core/pixels/colour-transform.ts";
import type { DisplayPipeline } from "#core/pixels/display-pipeline.ts";
import { nearestEntry, presentationValue } from "#core/pixels/presentation-lut.ts";
import { greyCurve, greyFunction } from "./grey-curve.ts";
import { paletteOnScreen } from "./screen-palette.ts";

/** Red, green and blue, 0 to 255, not rounded; a function that writes them is asked for every canvas pixel. */
export type Rgb = Float64Array<ArrayBuffer>;

/** Writes the colour of an averaged modality value less the base: VOI LUT, presentation LUT, polarity, pseudo colour. */
export function greyToScreen(
  display: DisplayPipeline,
  base: number,
): (value: number, rgb: Rgb) => void {
  const { presentationLut, inverted, pseudoColor, colourTransform } = display;
  const grey = greyFunction(greyCurve(display, base));
  const toP = (value: number): number => {
    const shown = grey(value);
    const p = presentationLut === undefined ? shown : presentationValue(presentationLut, shown);
    return inverted ? 1 - p : p;
  };
  if (pseudoColor === undefined) return (value, rgb) => rgb.fill(toP(value) * 255);
  const { colors } = paletteOnScreen(pseudoColor, colourTransform);
  return (value, rgb) => {
    const at = nearestEntry(toP(value), colors.length / 3) * 3;
    for (let channel = 0; channel < 3; channel += 1) rgb[channel] = colors[at + channel] ?? 0;
  };
}

/** Takes a colour through a cube, interpolated linearly in three directions. */
export function throughCube({ points, colors }: ColourTransform, rgb: Rgb): void {
  const [redStep, greenStep, blueStep] = [points * points * 3, points * 3, 3];
  const [red, redBelow] = placeOf(rgb[0] ?? 0, points);
  const [green, greenBelow] = placeOf(rgb[1] ?? 0, points);
  const [blue, blueBelow] = placeOf(rgb[2] ?? 0, points);
  const corner = redBelow * redStep + greenBelow * greenStep + blueBelow * blueStep;
  for (let channel = 0; channel < 3; channel += 1) {
    const line = (from: number): number => {
      const near = colors[from + channel] ?? 0;
      return near + ((colors[from + channel + blueStep] ?? 0) - near) * blue;
    };
    const plane = (from: number): number => {
      const near = line(from);
      return near + (line(from + greenStep) - near) * green;
    };
    const near = plane(corner);
    rgb[channel] = near + (plane(corner + redStep) - near) * red;
  }
}

/** How far a component lies beyond the point of the edge below it, and that point; the last point is beyond the one before. */
function placeOf(component: number, points: number): readonly [number, number] {
  const place = (Math.min(Math.max(component, 0), 255) / 255) * (points - 1);
  const below = Math.min(Math.floor(place), points - 2);
  return [place - below, below];
}
