import type { Point } from "#core/geometry/view-transform.ts";
import type {
  FillLook,
  LineLook,
  PresentationGraphic,
  PresentationText,
  Rgb,
} from "#core/study/presentation-graphics.ts";

/** Lines of one look, in image space, as SVG draws them. */
export interface GraphicShape {
  /** Path data. */
  readonly d: string;
  /** A CSS colour; undefined: the viewer's own. */
  readonly stroke: string | undefined;
  /** CSS pixels, whatever the zoom. */
  readonly widthPx: number;
  readonly opacity: number;
  readonly isDashed: boolean;
  readonly fill: { readonly color: string | undefined; readonly opacity: number } | undefined;
}

type Drawn = Exclude<PresentationGraphic, PresentationText>;

/** Diameter of the dot that a point is, CSS pixels. */
const DOT_PX = 6;
/** Share of a half axis at which the handles of the four curves lie that make an ellipse: 4/3 (√2 − 1). */
const HANDLE = 0.5522847498;
/** Beyond this a coordinate is a mistake, and would keep a browser busy for nothing. */
const FARTHEST = 1e7;

/**
 * The graphics of a layer in their order, neighbours of one look in one path: ten thousand small lines are then as
 * cheap as one long line.
 */
export function graphicShapes(
  graphics: readonly PresentationGraphic[],
  layerColor: Rgb | undefined,
): readonly GraphicShape[] {
  const shapes: { look: Omit<GraphicShape, "d">; key: string; parts: string[] }[] = [];
  for (const graphic of graphics) {
    if (graphic.kind === "text") continue;
    const d = pathData(graphic);
    if (d === "") continue;
    const look = lookOf(graphic, layerColor);
    const key = JSON.stringify(look);
    const last = shapes.at(-1);
    if (last?.key === key && look.fill === undefined) last.parts.push(d);
    else shapes.push({ look, key, parts: [d] });
  }
  return shapes.map(({ look, parts }) => ({ ...look, d: parts.join("") }));
}

/** A colour for CSS; undefined stays what it is. */
export function cssColor(color: Rgb | undefined): string | undefined {
  return color === undefined ? undefined : `rgb(${color[0]} ${color[1]} ${color[2]})`;
}

function lookOf(graphic: Drawn, layerColor: Rgb | undefined): Omit<GraphicShape, "d"> {
  const line: LineLook = graphic.line;
  const isDot = graphic.kind === "point" || isSinglePoint(graphic);
  const fill = graphic.kind === "point" ? undefined : graphic.fill;
  return {
    stroke: cssColor(line.color ?? layerColor),
    widthPx: isDot ? Math.max(line.widthPx, DOT_PX) : line.widthPx,
    opacity: line.opacity,
    isDashed: line.isDashed && !isDot,
    fill: fill === undefined ? undefined : fillOf(fill, line.color ?? layerColor),
  };
}

function fillOf({ color, opacity }: FillLook, other: Rgb | undefined): GraphicShape["fill"] {
  return { color: cssColor(color ?? other), opacity };
}

function isSinglePoint(graphic: Drawn): boolean {
  return graphic.kind === "path" && graphic.points.length === 1;
}

function pathData(graphic: Drawn): string {
  switch (graphic.kind) {
    case "point":
      return dot(graphic.point);
    case "ellipse":
      return ellipse(graphic.center, graphic.axisA, graphic.axisB);
    case "path": {
      const points = graphic.points.filter(isDrawable);
      const [first] = points;
      if (first === undefined) return "";
      if (points.length === 1) return dot(first);
      const line = points.map((point, index) => `${index === 0 ? "M" : "L"}${pair(point)}`);
      return line.join("") + (graphic.isClosed ? "Z" : "");
    }
  }
}

/** A line without length, which round ends make a dot. */
function dot(point: Point): string {
  return isDrawable(point) ? `M${pair(point)}h0` : "";
}

/** Four curves through the ends of both axes: right also where a view makes the axes oblique. */
function ellipse(center: Point, axisA: Point, axisB: Point): string {
  const at = (a: number, b: number): Point => ({
    x: center.x + a * axisA.x + b * axisB.x,
    y: center.y + a * axisA.y + b * axisB.y,
  });
  if (![at(1, 0), at(0, 1), at(-1, 0), at(0, -1)].every(isDrawable)) return "";
  const curve = (...points: readonly Point[]): string => `C${points.map(pair).join(" ")}`;
  return [
    `M${pair(at(1, 0))}`,
    curve(at(1, HANDLE), at(HANDLE, 1), at(0, 1)),
    curve(at(-HANDLE, 1), at(-1, HANDLE), at(-1, 0)),
    curve(at(-1, -HANDLE), at(-HANDLE, -1), at(0, -1)),
    curve(at(HANDLE, -1), at(1, -HANDLE), at(1, 0)),
    "Z",
  ].join("");
}

function isDrawable({ x, y }: Point): boolean {
  return Math.abs(x) <= FARTHEST && Math.abs(y) <= FARTHEST;
}

function pair({ x, y }: Point): string {
  return `${Number(x.toFixed(3))} ${Number(y.toFixed(3))}`;
}
