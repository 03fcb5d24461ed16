/** For whom the time runs: nobody, a peer that owes something or does not read, an association with nothing to do. */
export type Wait = "none" | "silence" | "blocked" | "idle";

/** Milliseconds. */
interface Timeouts {
  readonly silence: number;
  /** Without it there is no limit. */
  readonly idle: number | undefined;
}

/** Times a peer: it fires when nothing moved while something was due, or when there was nothing to do for long. */
export class SilenceTimer {
  readonly #timeoutsMs: Timeouts;
  readonly #onExpired: (wait: Exclude<Wait, "none">) => void;
  #wait: Wait = "none";
  #timer: NodeJS.Timeout | undefined;

  constructor(timeoutsMs: Timeouts, onExpired: (wait: Exclude<Wait, "none">) => void) {
    this.#timeoutsMs = timeoutsMs;
    this.#onExpired = onExpired;
  }

  /** The time starts when the kind of waiting changes. */
  set(wait: Wait): void {
    if (wait === this.#wait) return;
    this.#wait = wait;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (wait === "none") return;
    const timeoutMs = this.#timeoutsMs[wait === "idle" ? "idle" : "silence"];
    if (timeoutMs === undefined) return;
    this.#timer = setTimeout(() => this.#onExpired(wait), timeoutMs);
  }

  /** Something came: silence starts anew. A peer that does not read is not excused by what it says. */
  moved(): void {
    if (this.#wait === "silence") this.#timer?.refresh();
  }
}
