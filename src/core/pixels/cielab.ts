import { labToXyz, xyzToSrgb } from "./icc-connection-space.ts";

/** A colour of a screen: red, green, blue, 0 to 255, sRGB. */
type ScreenColor = readonly [red: number, green: number, blue: number];

/**
 * The screen colour of a CIELab value as DICOM encodes it (PS3.3 C.10.7.1.1): three words of 16 bits, L* from 0 (0) to
 * 100 (FFFFH), a* and b* from -128 (0) over 0 (8080H) to 127 (FFFFH). Undefined when there are not three of them.
 */
export function screenColorOfCieLab(words: readonly number[]): ScreenColor | undefined {
  const [lightness, a, b] = words;
  if (lightness === undefined || a === undefined || b === undefined) return undefined;
  const xyz = labToXyz((lightness / 65_535) * 100, a / 257 - 128, b / 257 - 128);
  const [red, green, blue] = xyzToSrgb(xyz);
  return [Math.round(red * 255), Math.round(green * 255), Math.round(blue * 255)];
}
