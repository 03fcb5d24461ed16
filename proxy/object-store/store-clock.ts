/**
 * The time by which the store ages, in milliseconds: it follows the clock of the machine, but never goes back, and a leap
 * of that clock counts for `longestLeapMs` at most. So a clock that was set wrong neither empties the store nor keeps it for
 * ever.
 */
export class StoreClock {
  readonly #now: () => number;
  readonly #longestLeapMs: number;
  #wall: number;
  #time = 0;

  constructor(now: () => number, longestLeapMs: number) {
    this.#now = now;
    this.#longestLeapMs = longestLeapMs;
    this.#wall = now();
  }

  /** Goes on where another run of the store stopped, with the clock of the machine as it was then. */
  resume(time: number, wall: number): void {
    this.#time = time;
    this.#wall = wall;
  }

  /** The store's time now, and the clock of the machine. */
  read(): { readonly time: number; readonly wall: number } {
    const wall = this.#now();
    const passed = wall - this.#wall;
    if (passed > 0) this.#time += Math.min(passed, this.#longestLeapMs);
    this.#wall = wall;
    return { time: this.#time, wall };
  }
}
