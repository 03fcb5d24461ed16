/** X, Y, Z relative to the white of D50, which has Y = 1: the profile connection space of ICC. */
export type Xyz = readonly [x: number, y: number, z: number];

/** The white of the profile connection space (ICC.1:2022 7.2.16). */
const D50: Xyz = [0.9642, 1, 0.8249];

/**
 * XYZ under D50 to linear sRGB: the inverse of the colorants that sRGB has under D50 (IEC 61966-2-1, adapted by Bradford),
 * whose rows sum to white.
 */
const TO_SRGB = [
  [3.1338561, -1.6168667, -0.4906146],
  [-0.9787684, 1.9161415, 0.033454],
  [0.0719453, -0.2289914, 1.4052427],
] as const;

/** CIE 1976 L*a*b* under D50 to XYZ (ISO 11664-4). */
export function labToXyz(l: number, a: number, b: number): Xyz {
  const y = (l + 16) / 116;
  return [D50[0] * labCurve(y + a / 500), D50[1] * labCurve(y), D50[2] * labCurve(y - b / 200)];
}

/** XYZ under D50 to sRGB, 0 to 1 each, clipped to what the screen can show. */
export function xyzToSrgb([x, y, z]: Xyz): readonly [number, number, number] {
  const [red, green, blue] = TO_SRGB;
  return [
    srgbCurve(red[0] * x + red[1] * y + red[2] * z),
    srgbCurve(green[0] * x + green[1] * y + green[2] * z),
    srgbCurve(blue[0] * x + blue[1] * y + blue[2] * z),
  ];
}

function labCurve(t: number): number {
  return t > 6 / 29 ? t ** 3 : 3 * (6 / 29) ** 2 * (t - 4 / 29);
}

/** IEC 61966-2-1: linear light to the value that is sent to the screen. */
function srgbCurve(linear: number): number {
  const light = Math.min(Math.max(linear, 0), 1);
  return light <= 0.0031308 ? 12.92 * light : 1.055 * light ** (1 / 2.4) - 0.055;
}
