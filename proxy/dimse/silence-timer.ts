/** What may take how long: nothing, a peer that owes something, or an association with nothing to do. */
export type Wait = "none" | "silence" | "idle";

/** Times a peer: it fires when nothing moved while something was due, or when there was nothing to do for long. */
export class SilenceTimer {
  readonly #timeoutsMs: { readonly silence: number; readonly idle: number | undefined };
  readonly #onExpired: (wait: Exclude<Wait, "none">) => void;
  #wait: Wait = "none";
  #timer: NodeJS.Timeout | undefined;

  constructor(
    timeoutsMs: { readonly silence: number; readonly idle: number | undefined },
    onExpired: (wait: Exclude<Wait, "none">) => void,
  ) {
    this.#timeoutsMs = timeoutsMs;
    this.#onExpired = onExpired;
  }

  /** The time starts when the kind of waiting changes. */
  set(wait: Wait): void {
    if (wait === this.#wait) return;
    this.#wait = wait;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const timeoutMs = wait === "none" ? undefined : this.#timeoutsMs[wait];
    if (wait === "none" || timeoutMs === undefined) return;
    this.#timer = setTimeout(() => this.#onExpired(wait), timeoutMs);
  }

  /** Something moved: silence starts anew. */
  moved(): void {
    if (this.#wait === "silence") this.#timer?.refresh();
  }
}
