/** A colour of a screen: red, green, blue, 0 to 255, sRGB. */
type ScreenColor = readonly [red: number, green: number, blue: number];

/** White of the profile connection space, D50 (ICC.1, D.1), to which CIELab values of DICOM belong. */
const WHITE = [0.9642, 1, 0.8249] as const;

/** XYZ (D50) to linear sRGB, chromatic adaptation by Bradford included; rows red, green, blue. */
const TO_RGB = [
  [3.1338561, -1.6168667, -0.4906146],
  [-0.9787684, 1.9161415, 0.033454],
  [0.0719453, -0.2289914, 1.4052427],
] as const;

/**
 * The screen colour of a CIELab value as DICOM encodes it (PS3.3 C.10.7.1.1): three words of 16 bits, L* from 0 (0) to
 * 100 (FFFFH), a* and b* from -128 (0) over 0 (8080H) to 127 (FFFFH). Undefined when there are not three of them.
 */
export function screenColorOfCieLab(words: readonly number[]): ScreenColor | undefined {
  const [lightness, a, b] = words;
  if (lightness === undefined || a === undefined || b === undefined) return undefined;
  const y = ((lightness / 65_535) * 100 + 16) / 116;
  const x = y + (a / 257 - 128) / 500;
  const z = y - (b / 257 - 128) / 200;
  const xyz = [x, y, z].map((value, at) => linearOf(value) * (WHITE[at] ?? 1));
  const [red = 0, green = 0, blue = 0] = TO_RGB.map((row) =>
    encoded(row.reduce<number>((sum, factor, at) => sum + factor * (xyz[at] ?? 0), 0)),
  );
  return [red, green, blue];
}

/** The inverse of the cube root of CIELab, with its straight piece near black. */
function linearOf(value: number): number {
  return value > 6 / 29 ? value ** 3 : 3 * (6 / 29) ** 2 * (value - 4 / 29);
}

/** Linear light to the sRGB curve, 0 to 255. */
function encoded(linear: number): number {
  const light = Math.min(Math.max(linear, 0), 1);
  const curved = light <= 0.003_130_8 ? light * 12.92 : 1.055 * light ** (1 / 2.4) - 0.055;
  return Math.round(curved * 255);
}
