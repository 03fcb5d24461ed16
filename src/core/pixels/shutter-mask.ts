import type { ShutterShape, ShutterVertex } from "./display-shutter.ts";

/** An image that is covered: its size in pixels, and row over column spacing of a pixel (1 where that is unknown). */
export interface CoveredImage {
  readonly rows: number;
  readonly columns: number;
  readonly pixelAspect: number;
}

/** A shape that is made of numbers; bitmaps are looked up in overlay planes. */
export type OutlinedShape = Exclude<ShutterShape, { kind: "bitmap" }>;

/** The pixels that a shape leaves visible: 1, row-major, rows x columns; 0 for those that it covers. */
export function visiblePixels(shape: OutlinedShape, image: CoveredImage): Uint8Array<ArrayBuffer> {
  const visible = new Uint8Array(image.rows * image.columns);
  switch (shape.kind) {
    case "rectangle":
      for (let row = firstRow(shape.upper); row <= Math.min(shape.lower, image.rows); row += 1)
        fill(visible, image, row, shape.left, shape.right);
      break;
    case "circle":
      drawCircle(visible, image, shape);
      break;
    case "polygon":
      drawPolygon(visible, image, shape.vertices);
      break;
  }
  return visible;
}

/** The first row of the image at or below a place. */
function firstRow(place: number): number {
  return Math.max(Math.ceil(place), 1);
}

/** Marks columns `from` to `to` of a row, both included, counted from 1, as far as they lie in the image. */
function fill(
  visible: Uint8Array,
  { rows, columns }: CoveredImage,
  row: number,
  from: number,
  to: number,
): void {
  if (row < 1 || row > rows) return;
  const start = (row - 1) * columns;
  const first = Math.max(Math.ceil(from), 1);
  const last = Math.min(Math.floor(to), columns);
  if (first <= last) visible.fill(1, start + first - 1, start + last);
}

/**
 * The radius counts pixels along a row (PS3.3 C.7.6.11): on pixels that are not square the circle is one in the patient, not in
 * the matrix.
 */
function drawCircle(
  visible: Uint8Array,
  image: CoveredImage,
  { row: middle, column, radius }: Extract<ShutterShape, { kind: "circle" }>,
): void {
  for (let row = 1; row <= image.rows; row += 1) {
    const down = (row - middle) * image.pixelAspect;
    const half = Math.sqrt(radius * radius - down * down);
    if (half >= 0) fill(visible, image, row, column - half, column + half);
  }
}

/**
 * Inside by the even-odd rule. Each edge turns the pixels of a row from its crossing on; what was turned an odd number of
 * times is inside. Vertices and pixels that lie exactly on an edge are visible too.
 */
function drawPolygon(
  visible: Uint8Array,
  image: CoveredImage,
  vertices: readonly ShutterVertex[],
): void {
  const { rows, columns } = image;
  for (const [from, to] of edgesOf(vertices)) {
    const [upper, lower] = from.row <= to.row ? [from, to] : [to, from];
    // A row through a vertex counts for the edge below it alone.
    const last = Math.min(Math.ceil(lower.row) - 1, rows);
    for (let row = firstRow(upper.row); row <= last; row += 1) {
      const crossing = Math.max(Math.ceil(crossingOf(upper, lower, row)), 1);
      if (crossing <= columns) turn(visible, (row - 1) * columns + crossing - 1);
    }
  }
  for (let row = 0; row < rows; row += 1)
    for (let column = 1; column < columns; column += 1)
      visible[row * columns + column] =
        (visible[row * columns + column] ?? 0) ^ (visible[row * columns + column - 1] ?? 0);
  for (const [from, to] of edgesOf(vertices)) drawEdge(visible, image, from, to);
}

function edgesOf(
  vertices: readonly ShutterVertex[],
): readonly (readonly [ShutterVertex, ShutterVertex])[] {
  return vertices.map((vertex, index) => [
    vertex,
    vertices[(index + 1) % vertices.length] ?? vertex,
  ]);
}

/** Column at which an edge crosses a row between its ends. */
function crossingOf(upper: ShutterVertex, lower: ShutterVertex, row: number): number {
  const share = (row - upper.row) / (lower.row - upper.row);
  return upper.column + share * (lower.column - upper.column);
}

function turn(visible: Uint8Array, at: number): void {
  visible[at] = (visible[at] ?? 0) ^ 1;
}

/** The pixels whose centres lie on an edge. */
function drawEdge(
  visible: Uint8Array,
  image: CoveredImage,
  from: ShutterVertex,
  to: ShutterVertex,
): void {
  if (from.row === to.row) {
    const [left, right] = [from.column, to.column].sort((a, b) => a - b);
    fill(visible, image, from.row, left ?? 0, right ?? 0);
    return;
  }
  const [upper, lower] = from.row < to.row ? [from, to] : [to, from];
  const last = Math.min(lower.row, image.rows);
  for (let row = firstRow(upper.row); row <= last; row += 1) {
    const column = crossingOf(upper, lower, row);
    if (Number.isInteger(column)) fill(visible, image, row, column, column);
  }
}
