import type { DataSet } from "../dicom/data-set.ts";
import * as TAGS from "../dicom/tags.generated.ts";
import { screenColorOfCieLab } from "./cielab.ts";

/** Red, green, blue of sRGB, 0 to 255. */
export type Rgb = readonly [red: number, green: number, blue: number];

/** One shape of a shutter. Coordinates are rows and columns of the image, from 1, where pixel centres lie. */
export type ShutterShape =
  /** Visible are the pixels on and between the edges. */
  | {
      readonly kind: "rectangle";
      readonly left: number;
      readonly right: number;
      readonly upper: number;
      readonly lower: number;
    }
  /** Visible are the pixels whose centres are at most `radius` columns away. */
  | {
      readonly kind: "circle";
      readonly row: number;
      readonly column: number;
      readonly radius: number;
    }
  /** Visible are the pixels inside and on the edges; the last vertex is joined to the first. */
  | { readonly kind: "polygon"; readonly vertices: readonly ShutterVertex[] }
  /** Visible are the pixels whose bit is 0 in the overlay plane of this group (PS3.3 C.7.6.15). */
  | { readonly kind: "bitmap"; readonly group: number };

export interface ShutterVertex {
  readonly row: number;
  readonly column: number;
}

/** What of an image is covered (PS3.3 C.7.6.11, C.7.6.15): visible is what all shapes leave visible. */
export interface DisplayShutter {
  readonly shapes: readonly ShutterShape[];
  /** What the covered pixels look like, whatever window and polarity. */
  readonly color: Rgb;
  /** Shapes that are announced and cannot be understood; they cover nothing. */
  readonly unreadable: readonly string[];
}

/** More vertices than anyone draws; they would take seconds. */
const MOST_VERTICES = 10_000;
const BLACK: Rgb = [0, 0, 0];

/** The shutter of an image or presentation state; undefined when it has none. */
export function readDisplayShutter(dataSet: DataSet): DisplayShutter | undefined {
  const names = dataSet.strings(TAGS.ShutterShape).filter((name) => name !== "");
  if (names.length === 0) return undefined;
  const shapes = names.map((name) => [name, readShape(dataSet, name)] as const);
  return {
    shapes: shapes.flatMap(([, shape]) => (shape === undefined ? [] : [shape])),
    color: readColor(dataSet),
    unreadable: shapes.flatMap(([name, shape]) => (shape === undefined ? [name] : [])),
  };
}

function readShape(dataSet: DataSet, name: string): ShutterShape | undefined {
  switch (name) {
    case "RECTANGULAR":
      return readRectangle(dataSet);
    case "CIRCULAR":
      return readCircle(dataSet);
    case "POLYGONAL":
      return readPolygon(dataSet);
    case "BITMAP": {
      const group = dataSet.number(TAGS.ShutterOverlayGroup);
      return group === undefined ? undefined : { kind: "bitmap", group };
    }
    default:
      return undefined;
  }
}

function readRectangle(dataSet: DataSet): ShutterShape | undefined {
  const left = dataSet.number(TAGS.ShutterLeftVerticalEdge);
  const right = dataSet.number(TAGS.ShutterRightVerticalEdge);
  const upper = dataSet.number(TAGS.ShutterUpperHorizontalEdge);
  const lower = dataSet.number(TAGS.ShutterLowerHorizontalEdge);
  if (left === undefined || right === undefined) return undefined;
  if (upper === undefined || lower === undefined || left > right || upper > lower) return undefined;
  return { kind: "rectangle", left, right, upper, lower };
}

function readCircle(dataSet: DataSet): ShutterShape | undefined {
  const [row, column] = dataSet.numbers(TAGS.CenterOfCircularShutter);
  const radius = dataSet.number(TAGS.RadiusOfCircularShutter);
  if (row === undefined || column === undefined || radius === undefined) return undefined;
  return radius > 0 ? { kind: "circle", row, column, radius } : undefined;
}

function readPolygon(dataSet: DataSet): ShutterShape | undefined {
  const numbers = dataSet.numbers(TAGS.VerticesOfThePolygonalShutter);
  const count = numbers.length / 2;
  if (!Number.isInteger(count) || count < 3 || count > MOST_VERTICES) return undefined;
  const vertices = Array.from({ length: count }, (_, index) => ({
    row: numbers[index * 2] ?? 0,
    column: numbers[index * 2 + 1] ?? 0,
  }));
  return { kind: "polygon", vertices };
}

/**
 * Shutter Presentation Color CIELab Value, as our screens have colours; else Shutter Presentation Value, a P-value of
 * 16 bits, which neither presentation LUT nor polarity changes; else black.
 */
function readColor(dataSet: DataSet): Rgb {
  const lab = screenColorOfCieLab(dataSet.numbers(TAGS.ShutterPresentationColorCIELabValue));
  if (lab !== undefined) return lab;
  const value = dataSet.number(TAGS.ShutterPresentationValue);
  if (value === undefined) return BLACK;
  const grey = Math.floor((Math.min(Math.max(value, 0), 0xffff) / 0xffff) * 255 + 0.5);
  return [grey, grey, grey];
}
