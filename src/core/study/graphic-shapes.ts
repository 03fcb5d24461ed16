import type { Point } from "../geometry/view-transform.ts";

/** Straight pieces in which each piece of a spline is drawn. */
const PIECES = 12;

/**
 * A smooth curve through all points (PS3.3 C.10.5: INTERPOLATED), as straight pieces: a Catmull-Rom spline, whose slope at
 * a point is that from its one neighbour to the other.
 * @param isClosed whether the last point is the first one again
 */
export function splineThrough(points: readonly Point[], isClosed: boolean): readonly Point[] {
  const last = points.length - 1;
  const [first] = points;
  if (first === undefined || last < 2) return points;
  const at = (index: number): Point => {
    const around = isClosed ? (index + last) % last : Math.min(Math.max(index, 0), last);
    return points[around] ?? first;
  };
  const curve: Point[] = [first];
  for (let index = 0; index < last; index += 1)
    for (let piece = 1; piece <= PIECES; piece += 1)
      curve.push(between(at(index - 1), at(index), at(index + 1), at(index + 2), piece / PIECES));
  return curve;
}

function between(a: Point, b: Point, c: Point, d: Point, t: number): Point {
  const blend = (from: number, p: number, q: number, to: number): number =>
    p + (t / 2) * (q - from + t * (2 * from - 5 * p + 4 * q - to + t * (3 * (p - q) + to - from)));
  return { x: blend(a.x, b.x, c.x, d.x), y: blend(a.y, b.y, c.y, d.y) };
}

/** An ellipse by its centre and the ends of two conjugate half axes as seen from there. */
export interface EllipseShape {
  readonly center: Point;
  readonly axisA: Point;
  readonly axisB: Point;
}

/**
 * The ellipse of a graphic object (PS3.3 C.10.5). CIRCLE: centre, and a point on the circumference. ELLIPSE: the ends of
 * the major axis, then those of the minor one. A circle is round on the screen, so that on pixels that are not square
 * it is no circle in image space.
 * @param pixelAspect height over width of a pixel on the screen
 */
export function ellipseOf(
  type: "CIRCLE" | "ELLIPSE",
  points: readonly Point[],
  pixelAspect: number,
): EllipseShape | undefined {
  const [first, second, third, fourth] = points;
  if (first === undefined || second === undefined) return undefined;
  if (type === "CIRCLE") {
    const radius = Math.hypot(second.x - first.x, (second.y - first.y) * pixelAspect);
    return {
      center: first,
      axisA: { x: radius, y: 0 },
      axisB: { x: 0, y: radius / pixelAspect },
    };
  }
  if (third === undefined || fourth === undefined) return undefined;
  const half = (a: Point, b: Point): Point => ({ x: (b.x - a.x) / 2, y: (b.y - a.y) / 2 });
  return {
    center: { x: (first.x + second.x) / 2, y: (first.y + second.y) / 2 },
    axisA: half(first, second),
    axisB: half(third, fourth),
  };
}
