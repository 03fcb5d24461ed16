import { DicomError } from "../dicom/dicom-error.ts";
import type { ColourTransform } from "./colour-transform.ts";
import { labToXyz, type Xyz, xyzToSrgb } from "./icc-connection-space.ts";
import { readCurve } from "./icc-curve.ts";
import { type IccLookup, readLookup, type Triple } from "./icc-lookup.ts";
import { type ConnectionSpace, fixedAt, type IccProfile, readIccProfile } from "./icc-profile.ts";

/** What an ICC profile (PS3.3 C.11.15) says about the way from the colours of an image to those of an sRGB screen. */
export type ColourProfile =
  /** The colours are those of the screen already: nothing is to be done, and nothing is. */
  | { readonly kind: "srgb"; readonly description: string }
  | {
      readonly kind: "transform";
      readonly transform: ColourTransform;
      readonly description: string;
    }
  /** It contradicts ICC.1, or is of a kind that is not understood: colours are shown as if they were sRGB, and that is said. */
  | { readonly kind: "unusable"; readonly reason: "broken" | "unsupported" };

/** Colours of a device, 0 to 1 each, to sRGB, 0 to 1 each. */
type ToScreen = (rgb: Triple) => Triple;

const POINTS = 33;
/** For profiles whose curves a cube of 33 points does not follow closely. */
const MANY_POINTS = 65;
/** A profile that moves no colour by more than one level is that of sRGB itself, as written by somebody else. */
const SAME_LEVELS = 1;
/** By how many levels a cube of 33 points may miss what lies between its points. */
const CLOSE_LEVELS = 1;

/**
 * Reads an ICC profile of RGB data: matrix and curves, or the table of its relative colorimetric or perceptual intent, versions
 * 2 and 4. Black and white stay where the profile puts them, relative to D50. Never throws.
 */
export function readColourProfile(bytes: Uint8Array): ColourProfile {
  try {
    const profile = readIccProfile(bytes);
    const toScreen = profile === undefined ? undefined : readToScreen(profile);
    if (profile === undefined || toScreen === undefined)
      return { kind: "unusable", reason: "unsupported" };
    const { description } = profile;
    if (largestMove(toScreen) <= SAME_LEVELS) return { kind: "srgb", description };
    const points = isClose(toScreen) ? POINTS : MANY_POINTS;
    return { kind: "transform", transform: cubeOf(toScreen, points), description };
  } catch (error) {
    if (error instanceof DicomError || error instanceof RangeError)
      return { kind: "unusable", reason: "broken" };
    throw error;
  }
}

/** By a table where there is one, else by matrix and curves; undefined where there is neither. */
function readToScreen(profile: IccProfile): ToScreen | undefined {
  const { tags, connectionSpace } = profile;
  const table = tags.get("A2B1") ?? tags.get("A2B0");
  if (table === undefined) return readMatrixShaper(tags);
  const lookup = readLookup(table);
  if (lookup === undefined) return undefined;
  return (rgb) => {
    let values = rgb;
    for (const stage of lookup.stages) values = stage(values);
    return xyzToSrgb(connectionColour(values, connectionSpace, lookup));
  };
}

/** The encodings of the connection space in tables, 0 to 1, as what they mean (ICC.1:2022 6.3.4). */
function connectionColour(
  [first, second, third]: Triple,
  space: ConnectionSpace,
  { isLegacyLab }: IccLookup,
): Xyz {
  if (space === "XYZ") {
    const scale = 1 + 32_767 / 32_768;
    return [first * scale, second * scale, third * scale];
  }
  const scale = isLegacyLab ? 65_535 / 65_280 : 1;
  return labToXyz(first * scale * 100, second * scale * 255 - 128, third * scale * 255 - 128);
}

function readMatrixShaper(tags: IccProfile["tags"]): ToScreen | undefined {
  const curves = ["rTRC", "gTRC", "bTRC"].map((name) => tags.get(name));
  const colorants = ["rXYZ", "gXYZ", "bXYZ"].map((name) => tags.get(name));
  const [redCurve, greenCurve, blueCurve] = curves.map((view) => view && readCurve(view).curve);
  const [red, green, blue] = colorants.map((view) => view && readXyz(view));
  if (redCurve === undefined || greenCurve === undefined || blueCurve === undefined)
    return undefined;
  if (red === undefined || green === undefined || blue === undefined) return undefined;
  return (rgb) => {
    const light: Triple = [redCurve(rgb[0]), greenCurve(rgb[1]), blueCurve(rgb[2])];
    const sum = (at: 0 | 1 | 2): number =>
      red[at] * light[0] + green[at] * light[1] + blue[at] * light[2];
    return xyzToSrgb([sum(0), sum(1), sum(2)]);
  };
}

function readXyz(view: DataView): Xyz {
  return [fixedAt(view, 8), fixedAt(view, 12), fixedAt(view, 16)];
}

/** The largest difference, in levels, between a colour and where it goes, over the points of a cube. */
function largestMove(toScreen: ToScreen): number {
  let largest = 0;
  forEachPoint(POINTS, (rgb) => {
    const moved = toScreen(rgb);
    for (const at of [0, 1, 2] as const)
      largest = Math.max(largest, Math.abs(moved[at] - rgb[at]) * 255);
  });
  return largest;
}

/** Whether a cube of 33 points follows greys and primaries closely, in the middle between its points. */
function isClose(toScreen: ToScreen): boolean {
  const ways: readonly Triple[] = [
    [1, 1, 1],
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ];
  return ways.every(([red, green, blue]) => {
    const along = (share: number) => toScreen([red * share, green * share, blue * share]);
    return Array.from({ length: POINTS - 1 }, (_, cell) => cell).every((cell) => {
      const [near, middle, far] = [cell, cell + 0.5, cell + 1].map((at) =>
        along(at / (POINTS - 1)),
      );
      if (near === undefined || middle === undefined || far === undefined) return true;
      return ([0, 1, 2] as const).every(
        (at) => Math.abs((near[at] + far[at]) / 2 - middle[at]) * 255 <= CLOSE_LEVELS,
      );
    });
  });
}

function cubeOf(toScreen: ToScreen, points: number): ColourTransform {
  const colors = new Uint8Array(points ** 3 * 3);
  let at = 0;
  forEachPoint(points, (rgb) => {
    for (const value of toScreen(rgb)) {
      colors[at] = Math.floor(value * 255 + 0.5);
      at += 1;
    }
  });
  return { points, colors };
}

/** The points of a cube, red slowest, blue fastest. */
function forEachPoint(points: number, visit: (rgb: Triple) => void): void {
  const last = points - 1;
  for (let red = 0; red < points; red += 1)
    for (let green = 0; green < points; green += 1)
      for (let blue = 0; blue < points; blue += 1) visit([red / last, green / last, blue / last]);
}
