import { mapPoint, type ViewSizes } from "#core/geometry/view-transform.ts";
import {
  centreOf,
  imageToScreen,
  type PresentedPlace,
  posed,
  shownSize,
} from "#core/study/presentation-area.ts";
import type { PresentationSize } from "#core/study/presentation-state.ts";
import { INITIAL_POSE, type ViewPose } from "./view-pose.ts";

/** CSS pixels per millimetre: 96 to the inch by definition, which no screen need keep to. */
const CSS_PIXELS_PER_MM = 96 / 25.4;

/**
 * The pose in which a state places an image (PS3.3 C.10.4, C.10.6): its displayed area in the middle of the canvas, turned and
 * flipped, as large as fits, in true size by the CSS millimetre, or magnified by its ratio.
 * @param pixelRatio device pixels per CSS pixel
 */
export function presentedPose(
  place: PresentedPlace,
  size: PresentationSize,
  sizes: ViewSizes,
  pixelRatio: number,
): ViewPose {
  if (size.mode === "SCALE TO FIT" && isWhole(place, sizes))
    return { ...INITIAL_POSE, ...posed(place.transformation) };
  const zoom = zoomOf(place, size, sizes, pixelRatio);
  const middle = centreOf(place.area);
  const away = { x: sizes.columns / 2 - middle.x, y: sizes.rows / 2 - middle.y };
  const pan = mapPoint(imageToScreen(place), away);
  return {
    ...INITIAL_POSE,
    ...posed(place.transformation),
    zoom,
    panX: pan.x * zoom || 0,
    panY: pan.y * zoom || 0,
  };
}

function isWhole({ area }: PresentedPlace, { columns, rows }: ViewSizes): boolean {
  const isAtOrigin = area.left === 0 && area.top === 0;
  return isAtOrigin && area.right === columns && area.bottom === rows;
}

/** Device pixels per column of the image. */
function zoomOf(
  place: PresentedPlace,
  size: PresentationSize,
  { canvasWidth, canvasHeight }: ViewSizes,
  pixelRatio: number,
): number {
  switch (size.mode) {
    case "SCALE TO FIT": {
      const [across, down] = shownSize(place);
      return Math.min(canvasWidth / across, canvasHeight / down);
    }
    case "TRUE SIZE":
      return size.columnSpacingMm * CSS_PIXELS_PER_MM * pixelRatio;
    case "MAGNIFY":
      // One device pixel for one image pixel at 1.0; for pixels that are not square, of a row of the image.
      return size.ratio;
  }
}
