import { type ReadonlySignal, signal } from "@preact/signals-core";
import { CINE_SPEEDS, CineClock } from "./cine-clock.ts";

/** Time and its ticks; the page's own are `performance.now` and `requestAnimationFrame`. */
export interface CineTime {
  now(): number;
  /** Calls back at the next moment at which something can be drawn; gives what cancels it. */
  nextTick(callback: () => void): () => void;
}

/** What a film is played on. */
export interface CineStage {
  readonly frameCount: number;
  readonly frameTimesMs: readonly number[] | undefined;
  readonly frameIndex: number;
  /** Whether the frame that was asked for last is not on the screen yet. */
  readonly isWaiting: boolean;
  /** Whether what is on the screen is an image, and not the reason why there is none. */
  readonly hasImage: boolean;
  goTo(frameIndex: number): void;
}

/** Plays the frames of a stage in real time. A frame that is late is waited for, and those it covered are dropped. */
export class CinePlayer {
  readonly #isPlaying = signal(false);
  readonly #speed = signal(1);
  readonly #shownPerSecond = signal<number | undefined>(undefined);
  readonly #stage: () => CineStage | undefined;
  readonly #time: CineTime;
  #clock = new CineClock(1, undefined);
  #startIndex = 0;
  #startTime = 0;
  #cancelTick: (() => void) | undefined;
  #shownTimes: number[] = [];
  #lastShown = -1;
  /** Half second in which the rate was last measured. */
  #measuredAt = -1;

  readonly isPlaying: ReadonlySignal<boolean> = this.#isPlaying;
  /** Factor of real speed. */
  readonly speed: ReadonlySignal<number> = this.#speed;
  /** Frames that really came on the screen in the last second; undefined while not playing or not yet known. */
  readonly shownPerSecond: ReadonlySignal<number | undefined> = this.#shownPerSecond;

  constructor(stage: () => CineStage | undefined, time: CineTime) {
    this.#stage = stage;
    this.#time = time;
  }

  toggle(): void {
    if (this.#isPlaying.peek()) this.pause();
    else this.play();
  }

  play(): void {
    const stage = this.#stage();
    if (stage === undefined || stage.frameCount < 2 || this.#isPlaying.peek()) return;
    this.#isPlaying.value = true;
    this.#start(stage);
    this.#scheduleTick();
  }

  pause(): void {
    this.#cancelTick?.();
    this.#cancelTick = undefined;
    this.#isPlaying.value = false;
    this.#shownPerSecond.value = undefined;
  }

  /** The next faster (1) or slower (-1) speed; the film goes on from the frame it is at. */
  changeSpeed(step: 1 | -1): void {
    const at = CINE_SPEEDS.indexOf(this.#speed.peek());
    this.#speed.value = CINE_SPEEDS[at + step] ?? this.#speed.peek();
    const stage = this.#stage();
    if (stage !== undefined) this.#start(stage);
  }

  /** To be called when the film changed under the player, or a person went to another frame. */
  restart(): void {
    const stage = this.#stage();
    if (!this.#isPlaying.peek()) return;
    if (stage === undefined || stage.frameCount < 2) this.pause();
    else this.#start(stage);
  }

  #start(stage: CineStage): void {
    this.#clock = new CineClock(stage.frameCount, stage.frameTimesMs);
    this.#startIndex = stage.frameIndex;
    this.#startTime = this.#time.now();
    this.#shownTimes = [];
    this.#lastShown = stage.frameIndex;
  }

  #scheduleTick(): void {
    this.#cancelTick = this.#time.nextTick(() => this.#tick());
  }

  #tick(): void {
    const stage = this.#stage();
    if (stage === undefined) {
      this.pause();
      return;
    }
    const now = this.#time.now();
    if (!stage.isWaiting) {
      if (stage.hasImage) this.#countShown(stage.frameIndex, now);
      const elapsed = (now - this.#startTime) * this.#speed.peek();
      const frameIndex = this.#clock.frameAt(this.#startIndex, elapsed);
      if (frameIndex !== stage.frameIndex) stage.goTo(frameIndex);
    }
    this.#measure(now);
    this.#scheduleTick();
  }

  #countShown(frameIndex: number, now: number): void {
    if (frameIndex === this.#lastShown) return;
    this.#lastShown = frameIndex;
    this.#shownTimes.push(now);
  }

  /** The rate over the last second, renewed twice a second so that it can be read. */
  #measure(now: number): void {
    this.#shownTimes = this.#shownTimes.filter((time) => now - time <= 1000);
    if (now - this.#startTime < 1000) return;
    const isDue = Math.floor(now / 500) !== this.#measuredAt;
    if (!isDue) return;
    this.#measuredAt = Math.floor(now / 500);
    this.#shownPerSecond.value = this.#shownTimes.length;
  }
}
