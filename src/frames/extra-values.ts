import type { DataSet } from "#core/dicom/data-set.ts";
import { extraBulkData, withExtraBulkData } from "#core/study/extra-bulk-data.ts";
import { RetrieveError, type StudySource } from "../retrieve/study-source.ts";
import { type Failure, failureOfError } from "./failure.ts";

/** The attributes of a frame with the large values that its extras need, and why it is without some of them. */
export interface CompletedExtras {
  readonly dataSet: DataSet;
  readonly failure?: Failure;
}

/** Values that were used last are kept up to this size; one that is larger alone is kept alone. */
const KEPT_BYTES = 32 * 1024 * 1024;

/**
 * Overlay planes, ICC profiles and tables that metadata give by address, fetched when the frame that needs them is shown. It
 * loads lazily, with `core/pixels/display-extras.ts`.
 */
export class ExtraValues {
  readonly #source: Pick<StudySource, "retrieveBulkData">;
  /** In the order of use. */
  readonly #kept = new Map<string, Uint8Array>();
  #keptBytes = 0;

  constructor(source: Pick<StudySource, "retrieveBulkData">) {
    this.#source = source;
  }

  /**
   * The data set with its values in their places. What cannot be fetched stays away, which reading the extras says as a notice.
   * Rejects only after an abort.
   */
  async complete(dataSet: DataSet, signal: AbortSignal): Promise<CompletedExtras> {
    const wanted = extraBulkData(dataSet);
    if (wanted.length === 0) return { dataSet };
    const fetched = new Map<string, Uint8Array>();
    let failure: Failure | undefined;
    // One after the other: frames go first.
    for (const { uri, largestBytes } of wanted) {
      try {
        fetched.set(uri, await this.#value(uri, largestBytes, signal));
      } catch (error) {
        if (signal.aborted) throw error;
        failure = failureOfError(error);
      }
    }
    const completed = withExtraBulkData(dataSet, fetched);
    return failure === undefined ? { dataSet: completed } : { dataSet: completed, failure };
  }

  async #value(uri: string, largestBytes: number, signal: AbortSignal): Promise<Uint8Array> {
    const known = this.#kept.get(uri);
    if (known !== undefined) {
      this.#kept.delete(uri);
      this.#kept.set(uri, known);
      return known;
    }
    const bytes = await this.#source.retrieveBulkData(uri, signal);
    if (bytes.length > largestBytes)
      throw new RetrieveError("bad-response", "The answer is larger than the value can be.");
    this.#keep(uri, bytes);
    return bytes;
  }

  #keep(uri: string, bytes: Uint8Array): void {
    // Two viewports may have asked for it at once.
    this.#keptBytes += bytes.length - (this.#kept.get(uri)?.length ?? 0);
    this.#kept.delete(uri);
    this.#kept.set(uri, bytes);
    for (const [oldest, value] of this.#kept) {
      if (this.#keptBytes <= KEPT_BYTES || oldest === uri) return;
      this.#kept.delete(oldest);
      this.#keptBytes -= value.length;
    }
  }
}
