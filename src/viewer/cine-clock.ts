/** Frames per second of a stack that says nothing about its speed. */
export const DEFAULT_FRAMES_PER_SECOND = 15;

/** How fast a film may be watched, as a factor of its real speed. */
export const CINE_SPEEDS: readonly number[] = [0.25, 0.5, 1, 2, 4];

/**
 * Which frame a film shows at a moment. Real speed comes from Frame Time, Frame Time Vector or Recommended Display
 * Frame Rate (PS3.3 C.7.6.5), given as durations. A late question gives the frame of that moment: frames are dropped,
 * the film does not slow down (safety C25).
 */
export class CineClock {
  readonly #frameCount: number;
  /** Time at which each frame ends, ms from the start of a round. */
  readonly #ends: readonly number[];
  readonly #roundMs: number;

  /** @param frameTimesMs duration of each frame, or one for all; undefined for the default speed. */
  constructor(frameCount: number, frameTimesMs: readonly number[] | undefined) {
    this.#frameCount = Math.max(frameCount, 1);
    let end = 0;
    this.#ends = durations(this.#frameCount, frameTimesMs).map((duration) => {
      end += duration;
      return end;
    });
    this.#roundMs = end;
  }

  /** Frames per second at real speed, on average. */
  get framesPerSecond(): number {
    return (this.#frameCount * 1000) / this.#roundMs;
  }

  /** The frame (from 0) that is on `elapsedMs` after frame `startIndex` began, round after round. */
  frameAt(startIndex: number, elapsedMs: number): number {
    const begin = this.#ends[startIndex - 1] ?? 0;
    const moment = (begin + Math.max(elapsedMs, 0)) % this.#roundMs;
    let [low, high] = [0, this.#frameCount - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#ends[middle] ?? 0) > moment) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

/** Durations of all frames; values that no film can have are replaced by the default. */
function durations(frameCount: number, given: readonly number[] | undefined): readonly number[] {
  const fallback = 1000 / DEFAULT_FRAMES_PER_SECOND;
  const isUsable = (ms: number | undefined): ms is number =>
    ms !== undefined && Number.isFinite(ms) && ms >= 1 && ms <= 60_000;
  const forAll = given?.length === 1 && isUsable(given[0]) ? given[0] : fallback;
  return Array.from({ length: frameCount }, (_, index) => {
    const own = given?.length === frameCount ? given[index] : undefined;
    return isUsable(own) ? own : forAll;
  });
}
