import {
  fitZoom,
  type Point,
  turnedSize,
  type ViewSizes,
  type ViewTransform,
} from "#core/geometry/view-transform.ts";

/** What a person did to the view of an image. It does not know the canvas, so it outlives every resize. */
export interface ViewPose extends Omit<ViewTransform, "zoom" | keyof ViewSizes> {
  /** Device pixels per image column, or as large as the canvas allows; the image is centred then. */
  readonly zoom: number | "fit";
}

/** Upright, fitted, smooth. */
export const INITIAL_POSE: ViewPose = {
  zoom: "fit",
  panX: 0,
  panY: 0,
  quarterTurns: 0,
  flipHorizontal: false,
  flipVertical: false,
  interpolation: "smooth",
};

const LARGEST_ZOOM = 64;

/** A view is never smaller than this share of the fitted one, so that the image cannot be lost. */
const SMALLEST_SHARE_OF_FIT = 0.25;

/** The pose on this canvas. */
export function placeView(pose: ViewPose, sizes: ViewSizes): ViewTransform {
  const zoom = pose.zoom === "fit" ? fitZoom({ ...pose, ...sizes }) : pose.zoom;
  return { ...pose, ...sizes, zoom };
}

/** Centred and as large as fits; turns and flips stay. */
export function fitted(pose: ViewPose): ViewPose {
  return { ...pose, zoom: "fit", panX: 0, panY: 0 };
}

/** The zoom set to a value while the image point below the anchor stays where it is. */
export function zoomedTo(
  pose: ViewPose,
  sizes: ViewSizes,
  wanted: number,
  anchor: Point = { x: sizes.canvasWidth / 2, y: sizes.canvasHeight / 2 },
): ViewPose {
  const fit = fitZoom({ ...pose, ...sizes });
  const smallest = Math.min(fit * SMALLEST_SHARE_OF_FIT, 1);
  const zoom = Math.min(Math.max(wanted, smallest), Math.max(LARGEST_ZOOM, fit));
  const factor = zoom / (pose.zoom === "fit" ? fit : pose.zoom);
  const x = anchor.x - sizes.canvasWidth / 2;
  const y = anchor.y - sizes.canvasHeight / 2;
  const moved = { panX: x - (x - pose.panX) * factor, panY: y - (y - pose.panY) * factor };
  return keptInSight({ ...pose, zoom, ...moved }, sizes);
}

/** The zoom multiplied by a factor around an anchor. */
export function zoomedBy(
  pose: ViewPose,
  sizes: ViewSizes,
  factor: number,
  anchor?: Point,
): ViewPose {
  return zoomedTo(pose, sizes, placeView(pose, sizes).zoom * factor, anchor);
}

/** The image moved by device pixels; its centre stays on the canvas or close to it. */
export function pannedBy(pose: ViewPose, sizes: ViewSizes, dx: number, dy: number): ViewPose {
  const { zoom } = placeView(pose, sizes);
  return keptInSight({ ...pose, zoom, panX: pose.panX + dx, panY: pose.panY + dy }, sizes);
}

/** Turned on the screen by clockwise quarters, about the centre of the canvas. */
export function turnedBy(pose: ViewPose, quarters: 1 | -1): ViewPose {
  const turns = (pose.quarterTurns + quarters + 4) % 4;
  return {
    ...pose,
    panX: -pose.panY * quarters || 0,
    panY: pose.panX * quarters || 0,
    quarterTurns: turns === 1 || turns === 2 || turns === 3 ? turns : 0,
  };
}

/** Mirrored on the screen, left to right or top to bottom, whatever its turn. */
export function flippedOnScreen(pose: ViewPose, axis: "horizontal" | "vertical"): ViewPose {
  const isUpright = pose.quarterTurns % 2 === 0;
  const isAcross = axis === "horizontal";
  const moved = isAcross ? { ...pose, panX: -pose.panX || 0 } : { ...pose, panY: -pose.panY || 0 };
  return isAcross === isUpright
    ? { ...moved, flipHorizontal: !pose.flipHorizontal }
    : { ...moved, flipVertical: !pose.flipVertical };
}

/** Pan limited so that a quarter of the canvas, or of a smaller image, always shows the image. */
function keptInSight(pose: ViewPose & { readonly zoom: number }, sizes: ViewSizes): ViewPose {
  const [across, down] = turnedSize({ ...pose, ...sizes });
  return {
    ...pose,
    panX: limited(pose.panX, sizes.canvasWidth, across * pose.zoom),
    panY: limited(pose.panY, sizes.canvasHeight, down * pose.zoom),
  };
}

function limited(pan: number, canvas: number, image: number): number {
  const inSight = Math.min(canvas, image) / 4;
  const most = Math.max((canvas + image) / 2 - inSight, 0);
  return Math.min(Math.max(pan, -most), most);
}
