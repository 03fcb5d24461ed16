import type { CineTime } from "../cine-player.ts";
import type { Delay } from "../shown-frame.ts";

/** A clock that stands still until a test moves it. */
export class FakeTime implements CineTime {
  #now = 1000;
  #ticks: (() => void)[] = [];
  #delays: { readonly at: number; readonly callback: () => void }[] = [];

  /** How many callbacks wait for time to pass. */
  get waiting(): number {
    return this.#ticks.length + this.#delays.length;
  }

  now(): number {
    return this.#now;
  }

  nextTick(callback: () => void): () => void {
    this.#ticks.push(callback);
    return () => {
      this.#ticks = this.#ticks.filter((other) => other !== callback);
    };
  }

  readonly delay: Delay = (ms, callback) => {
    const entry = { at: this.#now + ms, callback };
    this.#delays.push(entry);
    return () => {
      this.#delays = this.#delays.filter((other) => other !== entry);
    };
  };

  /** Lets time pass, then ticks once. */
  pass(ms: number): void {
    this.#now += ms;
    const due = this.#delays.filter(({ at }) => at <= this.#now);
    this.#delays = this.#delays.filter(({ at }) => at > this.#now);
    for (const { callback } of due) callback();
    const ticks = this.#ticks;
    this.#ticks = [];
    for (const tick of ticks) tick();
  }
}
