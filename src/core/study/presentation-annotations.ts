import type { DataSet } from "../dicom/data-set.ts";
import * as TAGS from "../dicom/tags.generated.ts";
import { type Affine, mapPoint, type Point } from "../geometry/view-transform.ts";
import { compoundShape } from "./compound-graphic.ts";
import { ellipseOf, splineThrough } from "./graphic-shapes.ts";
import { displayToImage, type PresentedPlace } from "./presentation-area.ts";
import type { PresentationGraphic, PresentationText } from "./presentation-graphics.ts";
import { readFillLook, readLineLook, readTextLook } from "./presentation-looks.ts";
import type { PresentationLimit } from "./presentation-state.ts";

/** The graphics of annotations, and what of them cannot be drawn. */
export interface ReadGraphics {
  readonly graphics: readonly PresentationGraphic[];
  readonly limits: readonly PresentationLimit[];
}

/** More points than anyone draws by hand; they would hold up the page. */
const MOST_POINTS = 200_000;

/** Ways to image space by units; identity for what is in image space already. */
type UnitMaps = ReadonlyMap<string, Affine>;

const IDENTITY: Affine = { a: 1, b: 0, c: 0, d: 1, e: 0, f: 0 };

/**
 * What an item of the Graphic Annotation Sequence draws on an image (PS3.3 C.10.5). PIXEL and MATRIX units are image
 * space as they are: 0\0 is the outer corner of the first pixel. MATRIX is the same but for tiled images.
 */
export function readAnnotation(item: DataSet, place: PresentedPlace): ReadGraphics {
  const maps: UnitMaps = new Map([
    ["PIXEL", IDENTITY],
    ["MATRIX", IDENTITY],
    ["DISPLAY", displayToImage(place)],
  ]);
  const graphics: PresentationGraphic[] = [];
  const limits = new Set<PresentationLimit>();
  let points = 0;
  const add = (found: PresentationGraphic | PresentationLimit | undefined): void => {
    if (typeof found === "string") limits.add(found);
    else if (found !== undefined) graphics.push(found);
  };
  const objects = item.items(TAGS.GraphicObjectSequence);
  for (const object of objects) {
    points += object.numbers(TAGS.GraphicData).length / 2;
    add(points > MOST_POINTS ? "too-many-graphics" : readObject(object, maps, place.pixelAspect));
  }
  const texts = item.items(TAGS.TextObjectSequence);
  for (const object of texts) add(readText(object, maps));
  // Compound graphics are also given in plain ones, which carry their number (PS3.3 C.10.5.2).
  const plain = new Set([...objects, ...texts].flatMap((object) => compoundNumber(object) ?? []));
  for (const object of item.items(TAGS.CompoundGraphicSequence))
    if (!plain.has(compoundNumber(object) ?? Number.NaN)) add(readCompound(object, maps));
  return { graphics, limits: [...limits] };
}

function compoundNumber(object: DataSet): number | undefined {
  return object.number(TAGS.CompoundGraphicInstanceID);
}

function readObject(
  object: DataSet,
  maps: UnitMaps,
  pixelAspect: number,
): PresentationGraphic | PresentationLimit {
  const map = maps.get(object.string(TAGS.GraphicAnnotationUnits) ?? "PIXEL");
  const points = readPoints(object, map ?? IDENTITY);
  const [first] = points;
  if (map === undefined || first === undefined) return "unknown-graphics";
  const line = readLineLook(object);
  const fill = readFillLook(object);
  const isClosed = points.length > 2 && isSamePoint(first, points.at(-1));
  const type = object.string(TAGS.GraphicType);
  switch (type) {
    case "POINT":
      return { kind: "point", point: first, line };
    case "POLYLINE":
      return { kind: "path", points, isClosed, line, fill: isClosed ? fill : undefined };
    case "INTERPOLATED": {
      const curve = splineThrough(points, isClosed);
      return { kind: "path", points: curve, isClosed, line, fill: isClosed ? fill : undefined };
    }
    case "CIRCLE":
    case "ELLIPSE": {
      const shape = ellipseOf(type, points, pixelAspect);
      return shape === undefined ? "unknown-graphics" : { kind: "ellipse", ...shape, line, fill };
    }
    default:
      return "unknown-graphics";
  }
}

function readCompound(object: DataSet, maps: UnitMaps): PresentationGraphic | PresentationLimit {
  const map = maps.get(object.string(TAGS.CompoundGraphicUnits) ?? "PIXEL");
  const shape = map === undefined ? undefined : compoundShape(object, readPoints(object, map));
  if (shape === undefined) return "compound-graphics";
  return { ...shape, line: readLineLook(object), fill: readFillLook(object) };
}

function readText(object: DataSet, maps: UnitMaps): PresentationText | PresentationLimit {
  const lines = textLines(object.string(TAGS.UnformattedTextValue) ?? "");
  const boxMap = maps.get(object.string(TAGS.BoundingBoxAnnotationUnits) ?? "PIXEL");
  const anchorMap = maps.get(object.string(TAGS.AnchorPointAnnotationUnits) ?? "PIXEL");
  const topLeft = pointOf(object.numbers(TAGS.BoundingBoxTopLeftHandCorner), boxMap);
  const bottomRight = pointOf(object.numbers(TAGS.BoundingBoxBottomRightHandCorner), boxMap);
  const anchor = pointOf(object.numbers(TAGS.AnchorPoint), anchorMap);
  const hasBox = topLeft !== undefined && bottomRight !== undefined;
  if (lines.length === 0 || (!hasBox && anchor === undefined)) return "unknown-graphics";
  const isVisible = object.string(TAGS.AnchorPointVisibility) === "Y";
  return {
    kind: "text",
    lines,
    box: hasBox ? { topLeft, bottomRight } : undefined,
    anchor: anchor === undefined ? undefined : { point: anchor, isVisible },
    look: readTextLook(object),
  };
}

/** Lines end with CR LF (PS3.3 C.10.5.1.1), and with whatever else writers end them. */
function textLines(text: string): readonly string[] {
  const lines = text.split(/\r\n|\n\r|\r|\n|\f/).map((line) => line.trimEnd());
  while (lines.at(-1) === "") lines.pop();
  return lines;
}

function readPoints(object: DataSet, map: Affine): readonly Point[] {
  const numbers = object.numbers(TAGS.GraphicData);
  return Array.from({ length: Math.floor(numbers.length / 2) }, (_, index) =>
    mapPoint(map, { x: numbers[index * 2] ?? 0, y: numbers[index * 2 + 1] ?? 0 }),
  );
}

function pointOf(values: readonly number[], map: Affine | undefined): Point | undefined {
  const [x, y] = values;
  return x === undefined || y === undefined || map === undefined
    ? undefined
    : mapPoint(map, { x, y });
}

function isSamePoint(a: Point, b: Point | undefined): boolean {
  return b !== undefined && a.x === b.x && a.y === b.y;
}
