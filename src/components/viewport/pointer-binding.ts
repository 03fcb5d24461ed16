import { PointerGestures, type PointerInput } from "../../viewer/pointer-gestures.ts";
import { zoomedBy } from "../../viewer/view-pose.ts";
import type { ViewportController } from "../../viewer/viewport-controller.ts";
import { WheelSteps, wheelZoomFactor } from "../../viewer/wheel-steps.ts";

/** Gives the pointer and wheel events of a stage to the gestures of a viewport. */
export class PointerBinding {
  readonly #gestures = new PointerGestures();
  readonly #wheel = new WheelSteps();
  readonly #viewport: () => ViewportController | undefined;

  constructor(viewport: () => ViewportController | undefined) {
    this.#viewport = viewport;
  }

  reset(): void {
    this.#gestures.reset();
  }

  readonly onPointer = (event: PointerEvent): void => {
    const viewport = this.#viewport();
    const kind = KINDS.get(event.type);
    if (viewport === undefined || kind === undefined) return;
    if (!(event.currentTarget instanceof HTMLElement)) return;
    const stage = event.currentTarget;
    if (kind === "down") {
      viewport.state.setTouch(event.pointerType === "touch");
      if (event.isTrusted) stage.setPointerCapture(event.pointerId);
    }
    const input: PointerInput = {
      kind,
      pointerId: event.pointerId,
      pointerType: event.pointerType,
      button: event.button,
      ...positionIn(stage, event),
      timeMs: event.timeStamp,
    };
    viewport.handleGestures(this.#gestures.handle(input, viewport.state.tool.peek()));
  };

  readonly onWheel = (event: WheelEvent): void => {
    const viewport = this.#viewport();
    if (viewport === undefined || !(event.currentTarget instanceof HTMLElement)) return;
    event.preventDefault();
    const { deltaY, deltaMode, timeStamp: timeMs } = event;
    if (!event.ctrlKey) {
      const steps = this.#wheel.steps({ deltaY, deltaMode, timeMs });
      if (steps !== 0) viewport.scrollBy(steps);
      return;
    }
    const { x, y } = positionIn(event.currentTarget, event);
    viewport.changePose((pose, sizes, ratio) =>
      zoomedBy(pose, sizes, wheelZoomFactor({ deltaY, deltaMode }), { x: x * ratio, y: y * ratio }),
    );
  };

  /** The right button zooms, and the middle one pans: neither opens a menu nor starts scrolling of the page. */
  readonly onMouseDown = (event: MouseEvent): void => {
    if (event.button === 1) event.preventDefault();
  };

  readonly onContextMenu = (event: Event): void => {
    event.preventDefault();
  };
}

const KINDS: ReadonlyMap<string, PointerInput["kind"]> = new Map([
  ["pointerdown", "down"],
  ["pointermove", "move"],
  ["pointerup", "up"],
  ["pointercancel", "cancel"],
  ["lostpointercapture", "cancel"],
]);

/** CSS pixels from the corner of the stage, whatever element in it was hit. */
function positionIn(
  stage: HTMLElement,
  event: MouseEvent,
): { readonly x: number; readonly y: number } {
  const { left, top } = stage.getBoundingClientRect();
  return { x: event.clientX - left, y: event.clientY - top };
}
