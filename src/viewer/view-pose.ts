/** How values between pixel centres are made when an image is enlarged. */
type Interpolation = "smooth" | "nearest";

/** What a person did to the view of an image. It does not know the canvas, so it outlives every resize. */
export interface ViewPose {
  /** Device pixels per image column, or as large as the canvas allows. */
  readonly zoom: number | "fit";
  /** Device pixels from the centre of the canvas to the centre of the image; 0 while fitted. */
  readonly panX: number;
  readonly panY: number;
  /** Clockwise quarter turns, after the flips. */
  readonly quarterTurns: 0 | 1 | 2 | 3;
  /** Whether columns run from right to left before the turn. */
  readonly flipHorizontal: boolean;
  /** Whether rows run from bottom to top before the turn. */
  readonly flipVertical: boolean;
  readonly interpolation: Interpolation;
}

/** The image and the canvas that a view joins; canvas in device pixels. */
export interface ViewSizes {
  readonly canvasWidth: number;
  readonly canvasHeight: number;
  readonly columns: number;
  readonly rows: number;
  /** Row spacing over column spacing; 1 for square pixels. */
  readonly pixelAspect: number;
}

/** A pose on a canvas: the zoom is a number. It has the shape of the renderer's view transform. */
export interface PlacedView extends ViewSizes, Omit<ViewPose, "zoom"> {
  readonly zoom: number;
}

/** A point on the canvas, device pixels from its top left corner. */
export interface CanvasPoint {
  readonly x: number;
  readonly y: number;
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
export function placeView(pose: ViewPose, sizes: ViewSizes): PlacedView {
  const zoom = pose.zoom === "fit" ? fitZoom(pose, sizes) : pose.zoom;
  return { ...pose, ...sizes, zoom };
}

/** The zoom at which the turned image just fits into the canvas; 1 while there is no canvas. */
export function fitZoom(pose: Pick<ViewPose, "quarterTurns">, sizes: ViewSizes): number {
  const height = sizes.rows * sizes.pixelAspect;
  const isUpright = pose.quarterTurns % 2 === 0;
  const [across, down] = isUpright ? [sizes.columns, height] : [height, sizes.columns];
  const zoom = Math.min(sizes.canvasWidth / across, sizes.canvasHeight / down);
  return Number.isFinite(zoom) && zoom > 0 ? zoom : 1;
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
  anchor: CanvasPoint = { x: sizes.canvasWidth / 2, y: sizes.canvasHeight / 2 },
): ViewPose {
  const fit = fitZoom(pose, sizes);
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
  anchor?: CanvasPoint,
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
  const height = sizes.rows * sizes.pixelAspect;
  const isUpright = pose.quarterTurns % 2 === 0;
  const [across, down] = isUpright ? [sizes.columns, height] : [height, sizes.columns];
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
