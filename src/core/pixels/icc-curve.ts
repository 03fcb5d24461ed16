import { DicomError } from "../dicom/dicom-error.ts";
import { fixedAt, part, signatureAt } from "./icc-profile.ts";

/** A curve of an ICC profile, from 0 to 1 to 0 to 1; what is outside is clipped, before and after. */
export type IccCurve = (value: number) => number;

/** A curve, and the bytes that it takes, as curves follow one another in a table. */
export interface ReadCurve {
  readonly curve: IccCurve;
  readonly byteLength: number;
}

/** The curve at the start of a value: `curv` or `para` (ICC.1:2022 10.6, 10.18). @throws DicomError `malformed`; RangeError */
export function readCurve(view: DataView): ReadCurve {
  switch (signatureAt(view, 0)) {
    case "curv":
      return readSampledCurve(view);
    case "para":
      return readParametricCurve(view);
    default:
      throw new DicomError("malformed", "A curve of an ICC profile is of an unknown type");
  }
}

/** A curve of entries at equal distances, 0 to 1, between which is interpolated linearly. */
export function sampledCurve(entries: Float64Array): IccCurve {
  const last = entries.length - 1;
  return (value) => {
    const place = clipped(value) * last;
    const below = Math.floor(place);
    const near = entries[below] ?? 0;
    return near + ((entries[below + 1] ?? near) - near) * (place - below);
  };
}

function readSampledCurve(view: DataView): ReadCurve {
  const count = view.getUint32(8);
  const byteLength = 12 + count * 2;
  if (count === 0) return { curve: clipped, byteLength };
  if (count === 1) {
    const gamma = view.getUint16(12) / 256;
    return { curve: (value) => clipped(value) ** gamma, byteLength };
  }
  const values = part(view, 12, count * 2);
  const entries = new Float64Array(count);
  for (let at = 0; at < count; at += 1) entries[at] = values.getUint16(at * 2) / 0xffff;
  return { curve: sampledCurve(entries), byteLength };
}

/** How many parameters each function type has, in the order g a b c d e f. */
const PARAMETERS = [1, 3, 4, 5, 7] as const;

/**
 * With x the value (ICC.1:2022 table 68): type 0 is x^g; 1 is (ax + b)^g from -b/a on, else 0; 2 is (ax + b)^g + c from -b/a on, else
 * c; 3 is (ax + b)^g from d on, else cx; 4 is (ax + b)^g + e from d on, else cx + f.
 */
function readParametricCurve(view: DataView): ReadCurve {
  const type = view.getUint16(8);
  const count = PARAMETERS[type];
  if (count === undefined)
    throw new DicomError("malformed", "A curve of an ICC profile has an unknown function");
  const given = Array.from({ length: count }, (_, at) => fixedAt(view, 12 + at * 4));
  const [g = 1, a = 1, b = 0, c = 0, d = 0, e = 0, f = 0] = given;
  const start = type === 0 ? 0 : type <= 2 ? -b / a : d;
  const slope = type >= 3 ? c : 0;
  const below = type === 2 ? c : f;
  const above = type === 2 ? c : e;
  const curve: IccCurve = (value) => {
    const x = clipped(value);
    const y = x >= start ? Math.max(a * x + b, 0) ** g + above : slope * x + below;
    return clipped(y);
  };
  return { curve, byteLength: 12 + count * 4 };
}

/** NaN, which a hostile gamma can give, is 0. */
function clipped(value: number): number {
  return value > 0 ? Math.min(value, 1) : 0;
}
