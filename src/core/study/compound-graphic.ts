import type { DataSet } from "../dicom/data-set.ts";
import * as TAGS from "../dicom/tags.generated.ts";
import type { Point } from "../geometry/view-transform.ts";
import type { EllipseShape } from "./graphic-shapes.ts";

/** The outline of a compound graphic. */
export type CompoundShape =
  | { readonly kind: "path"; readonly points: readonly Point[]; readonly isClosed: boolean }
  | ({ readonly kind: "ellipse" } & EllipseShape);

/**
 * What is drawn of a compound graphic that comes without plain graphics in its place (PS3.3 C.10.5.2): lines of several
 * points, rulers without their ticks, rectangles and ellipses by two corners. Undefined for all others, whose look
 * depends on more than their points.
 * @param points its Graphic Data, in image space
 */
export function compoundShape(
  object: DataSet,
  points: readonly Point[],
): CompoundShape | undefined {
  const [first, second] = points;
  if (first === undefined || second === undefined) return undefined;
  switch (object.string(TAGS.CompoundGraphicType)) {
    case "MULTILINE":
    case "RULER":
      return { kind: "path", points, isClosed: false };
    case "RECTANGLE":
      return turned(object, { kind: "path", points: cornersOf(first, second), isClosed: true });
    case "ELLIPSE":
      return turned(object, { kind: "ellipse", ...inscribed(first, second) });
    default:
      return undefined;
  }
}

/** A shape that is to be turned besides is left to those who can. */
function turned(object: DataSet, shape: CompoundShape): CompoundShape | undefined {
  return (object.number(TAGS.RotationAngle) ?? 0) === 0 ? shape : undefined;
}

function cornersOf(a: Point, b: Point): readonly Point[] {
  return [a, { x: b.x, y: a.y }, b, { x: a.x, y: b.y }, a];
}

function inscribed(a: Point, b: Point): EllipseShape {
  return {
    center: { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 },
    axisA: { x: (b.x - a.x) / 2, y: 0 },
    axisB: { x: 0, y: (b.y - a.y) / 2 },
  };
}
