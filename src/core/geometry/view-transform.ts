/** How values between pixel centres are made when an image is enlarged. */
export type Interpolation = "smooth" | "nearest";

/** The image and the canvas that a view joins. */
export interface ViewSizes {
  /** Canvas size in device pixels. */
  readonly canvasWidth: number;
  readonly canvasHeight: number;
  readonly columns: number;
  readonly rows: number;
  /** Height over width of an image pixel in space: row spacing / column spacing. 1 for square pixels. */
  readonly pixelAspect: number;
}

/**
 * Where and how an image stands on a canvas. First the image is flipped in its own axes, then turned, scaled and moved.
 *
 * Image space: columns to the right, rows down, unit one pixel, origin at the outer corner of the first pixel; the
 * centre of the pixel (column, row) is (column + 0.5, row + 0.5). Canvas space: device pixels, origin at the top left corner.
 */
export interface ViewTransform extends ViewSizes {
  /** Device pixels per image column; rows are `zoom * pixelAspect` device pixels high. */
  readonly zoom: number;
  /** Device pixels from the centre of the canvas to the centre of the image. */
  readonly panX: number;
  readonly panY: number;
  /** Clockwise quarter turns. */
  readonly quarterTurns: 0 | 1 | 2 | 3;
  /** Whether columns run from right to left before the turn. */
  readonly flipHorizontal: boolean;
  /** Whether rows run from bottom to top before the turn. */
  readonly flipVertical: boolean;
  readonly interpolation: Interpolation;
}

/** A point in image or canvas space. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** An affine map: x' = a x + c y + e; y' = b x + d y + f. */
export interface Affine {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
  readonly e: number;
  readonly f: number;
}

/** From this zoom on single pixels are looked at, and are shown as the squares that they are. */
const NEAREST_FROM_ZOOM = 32;

/** The view in which the whole image fills the canvas as far as its shape allows, upright. */
export function fitView(sizes: ViewSizes, interpolation: Interpolation = "smooth"): ViewTransform {
  const upright: ViewTransform = {
    ...sizes,
    zoom: 1,
    panX: 0,
    panY: 0,
    quarterTurns: 0,
    flipHorizontal: false,
    flipVertical: false,
    interpolation,
  };
  return { ...upright, zoom: fitZoom(upright) };
}

/** The zoom at which the turned image just fits into the canvas; 1 while there is no canvas. */
export function fitZoom(view: ViewSizes & Pick<ViewTransform, "quarterTurns">): number {
  const [across, down] = turnedSize(view);
  const zoom = Math.min(view.canvasWidth / across, view.canvasHeight / down);
  return Number.isFinite(zoom) && zoom > 0 ? zoom : 1;
}

/** Width and height of the image as it stands on the screen, device pixels at zoom 1. */
export function turnedSize(
  view: Pick<ViewTransform, "columns" | "rows" | "pixelAspect" | "quarterTurns">,
): readonly [number, number] {
  const height = view.rows * view.pixelAspect;
  return view.quarterTurns % 2 === 0 ? [view.columns, height] : [height, view.columns];
}

/** How enlarged pixels are drawn in this view, the automatic change at high zoom included. */
export function effectiveInterpolation(view: ViewTransform): Interpolation {
  return view.zoom >= NEAREST_FROM_ZOOM ? "nearest" : view.interpolation;
}

/**
 * The map from image space to canvas space. Where image pixels are whole device pixels (1:1, 2:1 ...), they are
 * set exactly on the device's grid, by less than one device pixel of movement.
 */
export function imageToCanvas(view: ViewTransform): Affine {
  const { quarterTurns, zoom } = view;
  const sx = zoom * (view.flipHorizontal ? -1 : 1);
  const sy = zoom * view.pixelAspect * (view.flipVertical ? -1 : 1);
  const cos = [1, 0, -1, 0][quarterTurns] ?? 1;
  const sin = [0, 1, 0, -1][quarterTurns] ?? 0;
  const [a, b, c, d] = [cos * sx, sin * sx, -sin * sy, cos * sy];
  const e = view.canvasWidth / 2 + view.panX - (a * view.columns + c * view.rows) / 2;
  const f = view.canvasHeight / 2 + view.panY - (b * view.columns + d * view.rows) / 2;
  const isOnGrid = isWhole(zoom) && isWhole(zoom * view.pixelAspect);
  return { a, b, c, d, e: isOnGrid ? Math.round(e) : e, f: isOnGrid ? Math.round(f) : f };
}

/** The map from canvas space to image space, inverse of `imageToCanvas`. */
export function canvasToImage(view: ViewTransform): Affine {
  const { a, b, c, d, e, f } = imageToCanvas(view);
  const determinant = a * d - b * c;
  const inverse = {
    a: d / determinant,
    b: -b / determinant,
    c: -c / determinant,
    d: a / determinant,
  };
  return {
    ...inverse,
    e: -(inverse.a * e + inverse.c * f),
    f: -(inverse.b * e + inverse.d * f),
  };
}

/** A point through an affine map. */
export function mapPoint(map: Affine, point: Point): Point {
  return {
    x: map.a * point.x + map.c * point.y + map.e,
    y: map.b * point.x + map.d * point.y + map.f,
  };
}

function isWhole(value: number): boolean {
  return value >= 1 && Math.abs(value - Math.round(value)) < 1e-9;
}
