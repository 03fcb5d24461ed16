/** Wants that one request may have open at a time. */
const MOST_OPEN = 512;

/** Values that come in any order, of wants that are opened as there is room. */
export class ArrivalStream<Value> {
  readonly #arrived: Value[] = [];
  #failure: { readonly error: unknown } | undefined;
  #failed = 0;
  #open = 0;
  #opening = 0;
  #wake: () => void = () => undefined;
  #room: (() => void)[] = [];
  #isClosed = false;

  /** Opens wants one after the other; what the maker throws counts as one that failed. */
  fill(makers: AsyncIterable<() => Promise<Value>>): void {
    this.#opening += 1;
    this.#fill(makers).then(
      () => this.#filled(),
      (error: unknown) => {
        this.#fail(error);
        this.#filled();
      },
    );
  }

  /**
   * What arrives, as it does.
   * @throws the first failure, after the last value
   */
  async *values(): AsyncGenerator<Value> {
    try {
      while (this.#arrived.length > 0 || this.#open > 0 || this.#opening > 0) {
        const value = this.#arrived.shift();
        if (value === undefined) await this.#change();
        else yield value;
      }
      if (this.#failure !== undefined) throw this.#failure.error;
    } finally {
      this.#isClosed = true;
      for (const enter of this.#room.splice(0)) enter();
    }
  }

  async #fill(makers: AsyncIterable<() => Promise<Value>>): Promise<void> {
    for await (const make of makers) {
      while (this.#open >= MOST_OPEN && !this.#isClosed)
        await new Promise<void>((resolve) => this.#room.push(resolve));
      if (this.#isClosed) return;
      this.#open += 1;
      make().then(
        (value) => {
          this.#arrived.push(value);
          this.#ended();
        },
        (error: unknown) => {
          this.#fail(error);
          this.#ended();
        },
      );
    }
  }

  #fail(error: unknown): void {
    this.#failure ??= { error };
    this.#failed += 1;
  }

  #filled(): void {
    this.#opening -= 1;
    this.#wake();
  }

  #ended(): void {
    this.#open -= 1;
    this.#room.shift()?.();
    this.#wake();
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}
