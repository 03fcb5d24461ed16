import type { Association } from "../association.ts";
import { DimseError } from "../dimse-error.ts";
import type { ObjectReceiver, StorageSink } from "../storage-sink.ts";

/** What a retrieval that gets nowhere is ended by. */
export interface WatchOptions {
  readonly association: Association;
  /** Name in error messages: `C-GET`. */
  readonly name: string;
  /** Longest time without a byte of an object and without a further failure; milliseconds. Unlimited without it. */
  readonly stallTimeoutMs: number | undefined;
  /** Whether objects come on other associations, so that they are signs of life of this one. */
  readonly isElsewhere: boolean;
}

/**
 * Watches whether a retrieval gets on. A peer may answer `pending` for ever without sending anything: that is no silence
 * on the association, and is none the less the end.
 */
export class ProgressWatch {
  readonly #options: WatchOptions;
  readonly #timer: NodeJS.Timeout | undefined;
  /** Receivers that we hold the peer back for. */
  #held = 0;
  #failed = 0;

  constructor(options: WatchOptions) {
    this.#options = options;
    const { stallTimeoutMs } = options;
    if (stallTimeoutMs !== undefined)
      this.#timer = setTimeout(() => this.#expired(stallTimeoutMs), stallTimeoutMs);
  }

  /**
   * The number of failed sub-operations of a response. The others say nothing that objects do not: a peer that counts
   * on without sending any gets nowhere.
   */
  told(failed: number): void {
    if (failed <= this.#failed) return;
    this.#failed = failed;
    this.#timer?.refresh();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  /** The sink, of which every sign of life counts. */
  watched(sink: StorageSink): StorageSink {
    return {
      begin: (object) => {
        this.#moved();
        const receiver = sink.begin(object);
        return typeof receiver === "number" ? receiver : this.#watchedReceiver(receiver);
      },
    };
  }

  #watchedReceiver(receiver: ObjectReceiver): ObjectReceiver {
    return {
      write: (chunk) => {
        this.#moved();
        const written = receiver.write(chunk);
        return written === undefined ? undefined : this.#holding(written);
      },
      end: () => {
        this.#moved();
        const ended = receiver.end();
        return typeof ended === "number" ? ended : this.#holding(ended);
      },
      abort: (error) => receiver.abort(error),
    };
  }

  #moved(): void {
    this.#timer?.refresh();
    if (this.#options.isElsewhere) this.#options.association.heard();
  }

  /** While we keep the peer waiting it cannot get on. */
  async #holding<Result>(taken: Promise<Result>): Promise<Result> {
    this.#held++;
    try {
      return await taken;
    } finally {
      this.#held--;
      this.#moved();
    }
  }

  #expired(stallTimeoutMs: number): void {
    if (this.#held > 0) {
      this.#timer?.refresh();
      return;
    }
    const { association, name } = this.#options;
    association.abort(
      new DimseError(
        "silent",
        `${association.calledAeTitle} sent no object for ${stallTimeoutMs / 1000} s, though it did not end ${name}`,
      ),
    );
  }
}
