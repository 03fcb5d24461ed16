/** Matches that wait at most, before the connection is held back. */
const HIGH_WATER = 500;

/** Matches between the association that brings them and the caller who takes them. */
export class MatchQueue<Match> {
  #waiting: Match[] = [];
  #isClosed = false;
  #end: { readonly error: unknown } | undefined;
  #wake: () => void = () => undefined;
  #goOn: () => void = () => undefined;

  /** Whether the caller has left. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** A promise holds back what follows until the caller has caught up. */
  add(match: Match): void | Promise<void> {
    if (this.#isClosed) return undefined;
    this.#waiting.push(match);
    this.#wake();
    if (this.#waiting.length < HIGH_WATER) return undefined;
    return new Promise((resolve) => {
      this.#goOn = resolve;
    });
  }

  /** No match follows, as the operation is over or failed. */
  end(error?: unknown): void {
    this.#end ??= { error };
    this.#wake();
  }

  /** The caller gave up: nothing more is given, not even what waits. */
  cancel(error: unknown): void {
    this.#end = { error };
    this.close();
    this.#wake();
  }

  /** The caller has left. */
  close(): void {
    this.#isClosed = true;
    this.#waiting = [];
    this.#goOn();
  }

  /** The matches; then throws what the operation failed with. */
  async *all(): AsyncGenerator<Match> {
    for (;;) {
      const batch = this.#waiting;
      this.#waiting = [];
      if (batch.length > 0) this.#goOn();
      yield* batch;
      if (this.#waiting.length > 0) continue;
      if (this.#end !== undefined) {
        if (this.#end.error !== undefined) throw this.#end.error;
        return;
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
