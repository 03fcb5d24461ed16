import type { ViewSizes } from "#core/geometry/view-transform.ts";
import type { Gesture, ToolName } from "./pointer-gestures.ts";
import { fitted, pannedBy, placeView, type ViewPose, zoomedBy, zoomedTo } from "./view-pose.ts";

/** Factor of one step of zoom by key or button. */
export const ZOOM_STEP = 1.25;

/** Drag distance that multiplies the zoom by e, CSS pixels. */
const PIXELS_PER_ZOOM = 200;

/** The pose after a pinch: enlarged around the middle of the fingers, which carry the image with them. */
export function pinched(
  pose: ViewPose,
  sizes: ViewSizes,
  pinch: Extract<Gesture, { readonly kind: "pinch" }>,
  pixelRatio: number,
): ViewPose {
  const anchor = { x: (pinch.x - pinch.dx) * pixelRatio, y: (pinch.y - pinch.dy) * pixelRatio };
  const zoomed = zoomedBy(pose, sizes, pinch.factor, anchor);
  return pannedBy(zoomed, sizes, pinch.dx * pixelRatio, pinch.dy * pixelRatio);
}

/** The pose after a drag with the pan or zoom tool; dragging up enlarges around the place where the drag began. */
export function draggedPose(
  pose: ViewPose,
  sizes: ViewSizes,
  drag: Extract<Gesture, { readonly kind: "drag" }>,
  pixelRatio: number,
): ViewPose {
  if (drag.tool === "pan") return pannedBy(pose, sizes, drag.dx * pixelRatio, drag.dy * pixelRatio);
  const anchor = { x: drag.startX * pixelRatio, y: drag.startY * pixelRatio };
  return zoomedBy(pose, sizes, Math.exp(-drag.dy / PIXELS_PER_ZOOM), anchor);
}

/** Fitted, or one device pixel per image column around the anchor when it was fitted already. */
export function fitToggled(
  pose: ViewPose,
  sizes: ViewSizes,
  anchor: { readonly x: number; readonly y: number },
): ViewPose {
  return pose.zoom === "fit"
    ? zoomedTo(pose, sizes, oneToOneOr(pose, sizes), anchor)
    : fitted(pose);
}

/** Drag of one frame by the scroll tool, CSS pixels: a stack is as long as the canvas is high, within reason. */
export function pixelsPerFrame(frameCount: number, canvasCssHeight: number): number {
  return Math.min(Math.max((canvasCssHeight * 0.8) / Math.max(frameCount, 1), 3), 24);
}

/** Distance of a nudge, CSS pixels of a drag with the same tool. */
export const NUDGE_PIXELS: Readonly<Record<ToolName, number>> = {
  window: 10,
  pan: 40,
  zoom: 45,
  scroll: 24,
};

/** Where 1:1 is the fitted size, twice that size, so that a double tap does something. */
function oneToOneOr(pose: ViewPose, sizes: ViewSizes): number {
  const { zoom } = placeView(pose, sizes);
  return zoom >= 1 ? zoom * 2 : 1;
}
