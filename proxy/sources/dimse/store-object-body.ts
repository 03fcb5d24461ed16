import { DimseError } from "../../dimse/dimse-error.ts";

/** Objects up to here are held while they are sent, so that several are under way at a time; bytes. */
const HELD_BYTES = 1024 * 1024;

/**
 * The data set of an object that arrives while it is sent: the beginning, which is held, and the rest, which can be
 * read once.
 */
export class ObjectBody {
  readonly #begin: Uint8Array[];
  readonly #rest: AsyncIterator<Uint8Array>;
  #isWhole = false;
  #isRestTouched = false;
  #reading: Promise<unknown> = Promise.resolve();
  #failure: { readonly error: unknown } | undefined;

  constructor(begin: readonly Uint8Array[], rest: AsyncIterator<Uint8Array>) {
    this.#begin = [...begin];
    this.#rest = rest;
  }

  /** Reads on as far as is held. Whether that is all of it. */
  async hold(): Promise<boolean> {
    let held = this.#begin.reduce((sum, { byteLength }) => sum + byteLength, 0);
    while (!this.#isWhole && held <= HELD_BYTES) {
      const next = await this.#rest.next();
      if (next.done === true) this.#isWhole = true;
      else {
        this.#begin.push(next.value);
        held += next.value.byteLength;
      }
    }
    return this.#isWhole;
  }

  /** What its source threw, as opposed to the association that it is sent on. */
  get failure(): { readonly error: unknown } | undefined {
    return this.#failure;
  }

  /** Settles when nothing more is being read: whoever goes on with the source has to wait for it. */
  async quiet(): Promise<void> {
    await this.#reading.catch(() => undefined);
  }

  /** @throws DimseError `connection-lost` when a part that is not held was read before */
  async *read(): AsyncGenerator<Uint8Array> {
    if (this.#isRestTouched)
      throw new DimseError("connection-lost", "The association ended in the middle of the object");
    yield* this.#begin;
    while (!this.#isWhole) {
      this.#isRestTouched = true;
      const reading = this.#rest.next();
      this.#reading = reading;
      const next = await reading.catch((error: unknown) => {
        this.#failure = { error };
        throw error;
      });
      if (next.done === true) this.#isWhole = true;
      else yield next.value;
    }
  }
}
