import { DicomError } from "#core/dicom/dicom-error.ts";
import { DimseError } from "../../dimse/dimse-error.ts";
import { DataSetWalk } from "./data-set-walk.ts";

/** Objects up to here are held while they are sent, so that several are under way at a time; bytes. */
const HELD_BYTES = 1024 * 1024;

/** What is said of an object that is not all there. */
export const CUT_OFF = "The object breaks off in the middle of a value";

/**
 * The data set of an object that arrives while it is sent: the beginning, which is held, and the rest, which can be
 * read once.
 */
export class ObjectBody {
  readonly #begin: Uint8Array[];
  readonly #rest: AsyncIterator<Uint8Array>;
  readonly #walk: DataSetWalk | undefined;
  #isWhole = false;
  #isRestTouched = false;
  #reading: Promise<unknown> = Promise.resolve();
  #failure: { readonly error: unknown } | undefined;

  /** With a transfer syntax, an object that breaks off is noticed at its end. */
  constructor(
    begin: readonly Uint8Array[],
    rest: AsyncIterator<Uint8Array>,
    transferSyntaxUid?: string,
  ) {
    this.#begin = [...begin];
    this.#rest = rest;
    this.#walk = transferSyntaxUid === undefined ? undefined : new DataSetWalk(transferSyntaxUid);
    for (const chunk of begin) this.#walk?.take(chunk);
  }

  /** Whether all of it was read, and it ends in the middle of a value. */
  get isCutOff(): boolean {
    return this.#isWhole && this.#walk?.isInside === true;
  }

  /** Reads on as far as is held. Whether that is all of it. */
  async hold(): Promise<boolean> {
    let held = this.#begin.reduce((sum, { byteLength }) => sum + byteLength, 0);
    while (!this.#isWhole && held <= HELD_BYTES) {
      const next = await this.#rest.next();
      if (next.done === true) this.#isWhole = true;
      else {
        this.#walk?.take(next.value);
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

  /**
   * @throws DimseError `connection-lost` when a part that is not held was read before
   * @throws DicomError `truncated` instead of an end in the middle of a value
   */
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
      else {
        this.#walk?.take(next.value);
        yield next.value;
      }
    }
    if (this.isCutOff) throw new DicomError("truncated", CUT_OFF);
  }
}
