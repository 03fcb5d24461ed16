import { DicomError } from "../dicom/dicom-error.ts";
import { type IccCurve, readCurve, sampledCurve } from "./icc-curve.ts";
import { fixedAt, part, signatureAt } from "./icc-profile.ts";

/** Three numbers on their way through a profile. */
export type Triple = readonly [number, number, number];

/** One step of a profile's way from the device to the connection space. */
type IccStage = (values: Triple) => Triple;

/** The steps of a lookup table, and how its output is to be read. */
export interface IccLookup {
  readonly stages: readonly IccStage[];
  /** Whether Lab is encoded as in version 2 with 16 bits: FF00 is 100 (ICC.1:2022 6.3.4.2 and table 13). */
  readonly isLegacyLab: boolean;
}

/**
 * A table from three device values to three of the connection space: `mft1`, `mft2` or `mAB ` (ICC.1:2022 10.10 to 10.12). Undefined
 * for other numbers of channels and other types.
 * @throws DicomError `malformed`; RangeError where it is cut off.
 */
export function readLookup(view: DataView): IccLookup | undefined {
  if (view.getUint8(8) !== 3 || view.getUint8(9) !== 3) return undefined;
  switch (signatureAt(view, 0)) {
    case "mft1":
      return { stages: readTables(view, 1), isLegacyLab: false };
    case "mft2":
      return { stages: readTables(view, 2), isLegacyLab: true };
    case "mAB ":
      return { stages: readElements(view), isLegacyLab: false };
    default:
      return undefined;
  }
}

/** Input curves, cube, output curves. The matrix is for XYZ as input alone, and these tables have RGB. */
function readTables(view: DataView, bytesEach: 1 | 2): readonly IccStage[] {
  const gridPoints = view.getUint8(10);
  const inputEntries = bytesEach === 1 ? 256 : view.getUint16(48);
  const outputEntries = bytesEach === 1 ? 256 : view.getUint16(50);
  const start = bytesEach === 1 ? 48 : 52;
  const cubeStart = start + 3 * inputEntries * bytesEach;
  const cubeCount = gridPoints ** 3 * 3;
  const curves = (from: number, entries: number): readonly IccCurve[] =>
    [0, 1, 2].map((channel) => {
      const at = from + channel * entries * bytesEach;
      return sampledCurve(readNumbers(part(view, at), entries, bytesEach));
    });
  return [
    curveStage(curves(start, inputEntries)),
    cubeStage(readNumbers(part(view, cubeStart), cubeCount, bytesEach), [
      gridPoints,
      gridPoints,
      gridPoints,
    ]),
    curveStage(curves(cubeStart + cubeCount * bytesEach, outputEntries)),
  ];
}

/** A curves, cube, M curves, matrix, B curves: those that there are, in this order (ICC.1:2022 10.12). */
function readElements(view: DataView): readonly IccStage[] {
  const [b = 0, matrix = 0, m = 0, cube = 0, a = 0] = [12, 16, 20, 24, 28].map((at) =>
    view.getUint32(at),
  );
  return [
    ...(a === 0 ? [] : [curveStage(readCurves(part(view, a)))]),
    ...(cube === 0 ? [] : [readCube(part(view, cube))]),
    ...(m === 0 ? [] : [curveStage(readCurves(part(view, m)))]),
    ...(matrix === 0 ? [] : [readMatrix(part(view, matrix))]),
    ...(b === 0 ? [] : [curveStage(readCurves(part(view, b)))]),
  ];
}

/** Three curves, each beginning at a multiple of four bytes. */
function readCurves(view: DataView): readonly IccCurve[] {
  let at = 0;
  return [0, 1, 2].map(() => {
    const { curve, byteLength } = readCurve(part(view, at));
    at += Math.ceil(byteLength / 4) * 4;
    return curve;
  });
}

function readCube(view: DataView): IccStage {
  const [red = 0, green = 0, blue = 0] = [0, 1, 2].map((at) => view.getUint8(at));
  const bytesEach = view.getUint8(16);
  if (bytesEach !== 1 && bytesEach !== 2)
    throw new DicomError("malformed", "A table of an ICC profile has an unknown precision");
  const count = red * green * blue * 3;
  return cubeStage(readNumbers(part(view, 20), count, bytesEach), [red, green, blue]);
}

function readMatrix(view: DataView): IccStage {
  const e = Array.from({ length: 12 }, (_, at) => fixedAt(view, at * 4));
  const row = (at: number, [r, g, b]: Triple): number =>
    (e[at * 3] ?? 0) * r + (e[at * 3 + 1] ?? 0) * g + (e[at * 3 + 2] ?? 0) * b + (e[9 + at] ?? 0);
  return (values) => [row(0, values), row(1, values), row(2, values)];
}

/** Numbers of 8 or 16 bits, as 0 to 1. @throws RangeError when they are not all there */
function readNumbers(view: DataView, count: number, bytesEach: 1 | 2): Float64Array {
  const values = part(view, 0, count * bytesEach);
  const numbers = new Float64Array(count);
  for (let at = 0; at < count; at += 1)
    numbers[at] = bytesEach === 1 ? values.getUint8(at) / 0xff : values.getUint16(at * 2) / 0xffff;
  return numbers;
}

function curveStage(curves: readonly IccCurve[]): IccStage {
  const [red, green, blue] = curves;
  return ([r, g, b]) => [red?.(r) ?? 0, green?.(g) ?? 0, blue?.(b) ?? 0];
}

/** Linear interpolation in three directions; the first channel varies slowest. */
function cubeStage(entries: Float64Array, points: Triple): IccStage {
  if (points.some((count) => count < 2))
    throw new DicomError("malformed", "A table of an ICC profile has no size");
  const [reds, greens, blues] = points;
  const steps: Triple = [greens * blues * 3, blues * 3, 3];
  return ([r, g, b]) => {
    const red = placeOf(r, reds);
    const green = placeOf(g, greens);
    const blue = placeOf(b, blues);
    const near = Math.floor(red) * steps[0] + Math.floor(green) * steps[1] + Math.floor(blue) * 3;
    const across: Triple = [red % 1, green % 1, blue % 1];
    return [
      cornerMix(entries, near, steps, across),
      cornerMix(entries, near + 1, steps, across),
      cornerMix(entries, near + 2, steps, across),
    ];
  };
}

/** One channel between the eight corners of a cell. Corners beyond the last point weigh nothing. */
function cornerMix(
  entries: Float64Array,
  near: number,
  [redStep, greenStep, blueStep]: Triple,
  [red, green, blue]: Triple,
): number {
  const far = near + redStep;
  const a = mix(entries[near] ?? 0, entries[near + blueStep] ?? 0, blue);
  const b = mix(entries[near + greenStep] ?? 0, entries[near + greenStep + blueStep] ?? 0, blue);
  const c = mix(entries[far] ?? 0, entries[far + blueStep] ?? 0, blue);
  const d = mix(entries[far + greenStep] ?? 0, entries[far + greenStep + blueStep] ?? 0, blue);
  return mix(mix(a, b, green), mix(c, d, green), red);
}

/** Where a value lies between the points of an edge. */
function placeOf(value: number, points: number): number {
  return Math.min(Math.max(value, 0), 1) * (points - 1);
}

function mix(near: number, far: number, share: number): number {
  return near + (far - near) * share;
}
