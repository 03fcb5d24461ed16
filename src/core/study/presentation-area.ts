import { type Affine, mapPoint, type Point } from "../geometry/view-transform.ts";
import type { DisplayedArea, SpatialTransformation } from "./presentation-state.ts";

/** A rectangle of image space (core/geometry/view-transform): corners of pixels, not their centres. */
export interface ImageArea {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** How a state places an image: what a view is made of. */
export interface PresentedPlace {
  readonly area: ImageArea;
  readonly transformation: SpatialTransformation;
  /** Height over width of an image pixel on the screen. */
  readonly pixelAspect: number;
}

/** A turn and flips in the order of a view: first the flips in the image's own axes, then the turn. */
export interface PosedTransformation {
  readonly quarterTurns: 0 | 1 | 2 | 3;
  readonly flipHorizontal: boolean;
  readonly flipVertical: boolean;
}

/** The displayed area: both corner pixels are inside it (PS3.3 C.10.4), in whatever order they come. It may reach beyond the image. */
export function areaOf({ topLeft, bottomRight }: DisplayedArea): ImageArea {
  return {
    left: Math.min(topLeft[0], bottomRight[0]) - 1,
    top: Math.min(topLeft[1], bottomRight[1]) - 1,
    right: Math.max(topLeft[0], bottomRight[0]),
    bottom: Math.max(topLeft[1], bottomRight[1]),
  };
}

/** The area of a whole image. */
export function wholeArea(columns: number, rows: number): ImageArea {
  return { left: 0, top: 0, right: columns, bottom: rows };
}

/**
 * The transformation of a state, which flips from left to right after the turn (PS3.4 N.2.3.3), as a view has it, which
 * flips before the turn: a flip across the screen is one of the image's rows once the image lies on its side.
 */
export function posed({ quarterTurns, isFlipped }: SpatialTransformation): PosedTransformation {
  const isUpright = quarterTurns % 2 === 0;
  return {
    quarterTurns,
    flipHorizontal: isFlipped && isUpright,
    flipVertical: isFlipped && !isUpright,
  };
}

/** Width and height of the area as it stands on the screen, in columns of the image. */
export function shownSize({
  area,
  transformation,
  pixelAspect,
}: PresentedPlace): readonly [number, number] {
  const across = area.right - area.left;
  const down = (area.bottom - area.top) * pixelAspect;
  return transformation.quarterTurns % 2 === 0 ? [across, down] : [down, across];
}

/** The linear part of the way from image space to the screen, at one device pixel per column. */
export function imageToScreen({ transformation, pixelAspect }: PresentedPlace): Affine {
  const { quarterTurns, flipHorizontal, flipVertical } = posed(transformation);
  const sx = flipHorizontal ? -1 : 1;
  const sy = pixelAspect * (flipVertical ? -1 : 1);
  const cos = [1, 0, -1, 0][quarterTurns] ?? 1;
  const sin = [0, 1, 0, -1][quarterTurns] ?? 0;
  return { a: cos * sx, b: sin * sx, c: -sin * sy, d: cos * sy, e: 0, f: 0 };
}

/**
 * The map from DISPLAY units (fractions of the displayed area as it stands on the screen, PS3.3 C.10.5) to image space.
 */
export function displayToImage(place: PresentedPlace): Affine {
  const [width, height] = shownSize(place);
  const { a, b, c, d } = imageToScreen(place);
  const determinant = a * d - b * c;
  const inverse = {
    a: d / determinant,
    b: -b / determinant,
    c: -c / determinant,
    d: a / determinant,
  };
  const linear = {
    a: inverse.a * width,
    b: inverse.b * width,
    c: inverse.c * height,
    d: inverse.d * height,
  };
  const centre = centreOf(place.area);
  const half = mapPoint({ ...linear, e: 0, f: 0 }, { x: 0.5, y: 0.5 });
  return { ...linear, e: centre.x - half.x, f: centre.y - half.y };
}

/** The middle of an area. */
export function centreOf({ left, top, right, bottom }: ImageArea): Point {
  return { x: (left + right) / 2, y: (top + bottom) / 2 };
}
