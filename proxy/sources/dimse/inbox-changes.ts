import type { SourceChange } from "../source.ts";

/** Changes that wait for one reader; beyond them only the study is told, once. */
const MOST_WAITING = 256;

/** Tells of changes to whoever listens at the time. */
export class ChangeFeed {
  readonly #readers = new Set<ChangeReader>();

  tell(change: SourceChange): void {
    for (const reader of this.#readers) reader.add(change);
  }

  /** Changes from now on, until the signal aborts. */
  async *listen(signal: AbortSignal): AsyncGenerator<SourceChange> {
    const reader = new ChangeReader(signal);
    this.#readers.add(reader);
    try {
      yield* reader.read();
    } finally {
      this.#readers.delete(reader);
      reader.close();
    }
  }
}

class ChangeReader {
  readonly #signal: AbortSignal;
  readonly #waiting: SourceChange[] = [];
  readonly #studies = new Map<string, SourceChange>();
  #wake: () => void = () => undefined;
  readonly #onAbort = () => this.#wake();

  constructor(signal: AbortSignal) {
    this.#signal = signal;
    signal.addEventListener("abort", this.#onAbort);
  }

  add(change: SourceChange): void {
    if (this.#waiting.length < MOST_WAITING) this.#waiting.push(change);
    else {
      const { studyInstanceUid } = change.selector;
      this.#studies.set(studyInstanceUid, { kind: change.kind, selector: { studyInstanceUid } });
    }
    this.#wake();
  }

  async *read(): AsyncGenerator<SourceChange> {
    while (!this.#signal.aborted) {
      const next = this.#waiting.shift() ?? this.#nextStudy();
      if (next !== undefined) yield next;
      else
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
    }
  }

  close(): void {
    this.#signal.removeEventListener("abort", this.#onAbort);
  }

  #nextStudy(): SourceChange | undefined {
    const [first] = this.#studies;
    if (first === undefined) return undefined;
    this.#studies.delete(first[0]);
    return first[1];
  }
}
