import type { ColourTransform } from "./colour-transform.ts";

/**
 * Colours through the cube of a transform, interpolated linearly in three directions: red, green, blue, 0 to 255, three
 * bytes each. A component v lies at v / 255 * (points - 1) along its edge; results are rounded to the nearest.
 */
export function transformedColors(
  { points, colors }: ColourTransform,
  rgb: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const places = placesOf(points);
  const steps = [points * points * 3, points * 3, 3] as const;
  const result = new Uint8Array(rgb.length);
  for (let at = 0; at + 2 < rgb.length; at += 3) {
    const red = places[rgb[at] ?? 0] ?? ORIGIN;
    const green = places[rgb[at + 1] ?? 0] ?? ORIGIN;
    const blue = places[rgb[at + 2] ?? 0] ?? ORIGIN;
    const corner = red.below * steps[0] + green.below * steps[1] + blue.below * steps[2];
    const [r, g, b] = [red.beyond, green.beyond, blue.beyond];
    for (let channel = 0; channel < 3; channel += 1) {
      const from = corner + channel;
      const near = plane(colors, from, steps, g, b);
      const far = r === 0 ? near : plane(colors, from + steps[0], steps, g, b);
      result[at + channel] = Math.floor(near + (far - near) * r + 0.5);
    }
  }
  return result;
}

/** A component along an edge of the cube: the point at or below it, and how far beyond that it lies, 0 to 1. */
interface Place {
  readonly below: number;
  readonly beyond: number;
}

const ORIGIN: Place = { below: 0, beyond: 0 };

/** The places of the components 0 to 255; the last one is on the last point, with nothing beyond. */
function placesOf(points: number): readonly Place[] {
  return Array.from({ length: 256 }, (_, component) => {
    const place = (component * (points - 1)) / 255;
    const below = Math.floor(place);
    return { below, beyond: place - below };
  });
}

/** One channel between four corners of a square across green and blue. Corners that do not count need not exist. */
function plane(
  colors: Uint8Array,
  from: number,
  [, greenStep, blueStep]: readonly [number, number, number],
  green: number,
  blue: number,
): number {
  const near = line(colors, from, blueStep, blue);
  return green === 0
    ? near
    : near + (line(colors, from + greenStep, blueStep, blue) - near) * green;
}

function line(colors: Uint8Array, from: number, step: number, beyond: number): number {
  const near = colors[from] ?? 0;
  return beyond === 0 ? near : near + ((colors[from + step] ?? 0) - near) * beyond;
}
