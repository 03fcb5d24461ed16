import {
  type Affine,
  canvasToImage,
  effectiveInterpolation,
  imageToCanvas,
  mapPoint,
  type ViewTransform,
} from "#core/geometry/view-transform.ts";

/**
 * Which part of a canvas an image covers, and what of the image each canvas pixel there shows. Both renderers work by
 * this, and so give the same picture.
 *
 * **The maths.** A canvas pixel shows the mean of the modality values (or colours) over a rectangle of the image, which
 * is centred on the point that the pixel's centre falls on. Pixels of the image count as squares of one value, with the
 * part of their area that lies within the rectangle. The rectangle is as large as the canvas pixel is on the image, but
 * at least one image pixel:
 *
 * - reduced images are averaged over everything that a canvas pixel stands for, so that fine noise and edges neither
 *   sparkle nor vanish (a box filter of the exact, fractional size);
 * - enlarged images are interpolated linearly: a rectangle of one pixel over squares *is* bilinear interpolation;
 * - at 1:1 on the grid of the device each canvas pixel shows exactly one image pixel; there is no jump in between.
 *
 * Means are taken of values before the VOI LUT, never of greys, so that a window shows the mean where it shows the tissue.
 * Padding takes no part in a mean; where it makes up half of the rectangle, the canvas pixel is padding. With interpolation
 * `nearest`, enlarged images show the pixel below the point instead; reduced ones are averaged all the same.
 */
export interface Sampling {
  /** The covered rectangle in canvas pixels. Empty when width or height is 0. */
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly columns: number;
  readonly rows: number;
  /** From (canvas x - left, canvas y - top) to image space. One of a and c, and one of b and d, is 0. */
  readonly toImage: Affine;
  /** Size of the averaged rectangle in image columns and rows, at least 1; 0 for the nearest pixel. */
  readonly footprintX: number;
  readonly footprintY: number;
}

/**
 * Added to an image coordinate before it is cut down to a pixel, so that points on a border between two pixels fall to the
 * same side in single and in double precision.
 */
export const NEAREST_BIAS = 1 / 1024;

/** Padding wins from this share on; a little below a half, so that a half is the same in all precisions. */
export const LEAST_KEPT_SHARE = 0.499;

/** The sampling of a view. */
export function samplingOf(view: ViewTransform): Sampling {
  const toCanvas = imageToCanvas(view);
  const start = mapPoint(toCanvas, { x: 0, y: 0 });
  const end = mapPoint(toCanvas, { x: view.columns, y: view.rows });
  const [left, right] = covered(start.x, end.x, view.canvasWidth);
  const [top, bottom] = covered(start.y, end.y, view.canvasHeight);
  const map = canvasToImage(view);
  const corner = mapPoint(map, { x: left, y: top });
  return {
    left,
    top,
    width: right - left,
    height: bottom - top,
    columns: view.columns,
    rows: view.rows,
    toImage: { ...map, e: corner.x, f: corner.y },
    ...footprint(view),
  };
}

function footprint(view: ViewTransform): Pick<Sampling, "footprintX" | "footprintY"> {
  const isNearest = effectiveInterpolation(view) === "nearest";
  const size = (scale: number): number => {
    if (scale < 1) return 1 / scale;
    return isNearest ? 0 : 1;
  };
  return { footprintX: size(view.zoom), footprintY: size(view.zoom * view.pixelAspect) };
}

/** First and one past the last canvas pixel whose centre lies between two canvas coordinates. */
function covered(a: number, b: number, limit: number): [number, number] {
  // The centre of the first pixel must not be lost to rounding where an edge falls exactly on it.
  const first = Math.ceil(Math.min(a, b) - 0.5 - 1e-6);
  const end = Math.ceil(Math.max(a, b) - 0.5 - 1e-6);
  const left = Math.min(Math.max(first, 0), limit);
  return [left, Math.min(Math.max(end, left), limit)];
}

/** The averaged pixels of one axis: for each sample, a run of pixels and their weights. */
export interface AxisTaps {
  /** First pixel of each sample's run. */
  readonly first: Int32Array<ArrayBuffer>;
  /** Where the weights of each sample start; one more entry than samples. */
  readonly start: Int32Array<ArrayBuffer>;
  readonly weights: Float32Array<ArrayBuffer>;
}

/** The taps of `count` samples from image coordinate `origin` + 0.5 `step` on, on an axis of `size` pixels. */
export function axisTaps(
  count: number,
  origin: number,
  step: number,
  footprintSize: number,
  size: number,
): AxisTaps {
  const first = new Int32Array(count);
  const start = new Int32Array(count + 1);
  const weights = new Float32Array(count * (Math.ceil(footprintSize) + 2));
  let used = 0;
  for (let sample = 0; sample < count; sample += 1) {
    const at = origin + (sample + 0.5) * step;
    const [low, high] = footprintSize === 0 ? nearest(at, size) : around(at, footprintSize, size);
    const begin = Math.floor(low);
    first[sample] = begin;
    for (let pixel = begin; pixel < Math.ceil(high); pixel += 1) {
      weights[used] = Math.min(high, pixel + 1) - Math.max(low, pixel);
      used += 1;
    }
    start[sample + 1] = used;
  }
  return { first, start, weights };
}

function nearest(at: number, size: number): [number, number] {
  const pixel = Math.min(Math.max(Math.floor(at + NEAREST_BIAS), 0), size - 1);
  return [pixel, pixel + 1];
}

function around(at: number, footprintSize: number, size: number): [number, number] {
  const half = footprintSize / 2;
  return [Math.max(at - half, 0), Math.min(at + half, size)];
}
