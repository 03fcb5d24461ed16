/** The parts of a wheel event that scrolling needs. */
export interface WheelInput {
  readonly deltaY: number;
  /** 0 pixels, 1 lines, 2 pages. */
  readonly deltaMode: number;
  readonly timeMs: number;
}

const PIXELS_PER_LINE = 33;
const PIXELS_PER_PAGE = 400;

/** A turn of this much in one event is a notch of a wheel; less is a trackpad or a wheel without notches. */
const NOTCH_PIXELS = 50;

/** Trackpad movement that scrolls by one frame. */
const TRACKPAD_PIXELS_PER_STEP = 24;

/** After a pause of this length a movement is a new one. */
const PAUSE_MS = 250;

/**
 * Turns wheel events into steps of whole frames. A notch is at least one step, so that one click is one image;
 * the fine movements of a trackpad add up, and start anew when the direction changes or the hand rests.
 */
export class WheelSteps {
  #rest = 0;
  #lastTimeMs = Number.NEGATIVE_INFINITY;

  /** Frames to scroll, positive forward. */
  steps(input: WheelInput): number {
    const pixels = wheelPixels(input);
    const isNewMovement = input.timeMs - this.#lastTimeMs > PAUSE_MS || pixels * this.#rest < 0;
    if (isNewMovement) this.#rest = 0;
    this.#lastTimeMs = input.timeMs;
    if (Math.abs(pixels) >= NOTCH_PIXELS) {
      this.#rest = 0;
      return Math.sign(pixels) * Math.max(1, Math.round(Math.abs(pixels) / 120));
    }
    this.#rest += pixels;
    const steps = Math.trunc(this.#rest / TRACKPAD_PIXELS_PER_STEP);
    this.#rest -= steps * TRACKPAD_PIXELS_PER_STEP;
    return steps || 0;
  }
}

/** Factor of zoom for a wheel turn with the control key, which is also what a pinch on a trackpad sends. */
export function wheelZoomFactor(input: Pick<WheelInput, "deltaY" | "deltaMode">): number {
  const pixels = Math.min(Math.max(wheelPixels(input), -60), 60);
  return Math.exp(-pixels * 0.005);
}

function wheelPixels({ deltaY, deltaMode }: Pick<WheelInput, "deltaY" | "deltaMode">): number {
  if (deltaMode === 1) return deltaY * PIXELS_PER_LINE;
  return deltaMode === 2 ? deltaY * PIXELS_PER_PAGE : deltaY;
}
