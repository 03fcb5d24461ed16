import type { JournalEntry } from "./journal-entry.ts";
import type { ObjectStoreOptions } from "./object-store.ts";
import type { StoreClock } from "./store-clock.ts";
import type { StoreIndex, StudyEntry } from "./store-index.ts";
import type { StoredRecord } from "./stored-record.ts";

/** Received objects may take so much of the store: retrieval always has some room. */
const RECEIVED_SHARE = 0.75;
/** Time by the clock of the machine between looks for what is too old; milliseconds. */
const LOOK_MS = 1000;

/** When studies were used last, and which of them go: those too old, and those whose room others need. */
export class StudyLifetimes {
  readonly #options: ObjectStoreOptions;
  readonly #index: StoreIndex;
  readonly #clock: StoreClock;
  readonly #now: () => number;
  /** Studies whose last use the journal does not have. */
  readonly #used = new Set<StudyEntry>();
  #lastLook: number;
  #evicted = 0;

  constructor(options: ObjectStoreOptions, index: StoreIndex, clock: StoreClock) {
    this.#options = options;
    this.#index = index;
    this.#clock = clock;
    this.#now = options.now ?? Date.now;
    this.#lastLook = this.#now();
  }

  /** Studies that went so far. */
  get evicted(): number {
    return this.#evicted;
  }

  /** The study of the record is used now. */
  use(record: StoredRecord): void {
    const entry = this.#index.study(record.facts.studyInstanceUid);
    if (entry === undefined) return;
    this.#index.use(entry, this.#clock.read().time);
    this.#used.add(entry);
  }

  /** Entries of what was used since they were taken last. */
  takeUsed(): readonly JournalEntry[] {
    const used = [...this.#used].filter(({ records }) => records.size > 0);
    this.#used.clear();
    return used.map(({ studyInstanceUid, lastUse }) => {
      return { kind: "used", studyInstanceUid, time: lastUse };
    });
  }

  /** Evicts what is too old, unless that was looked for a moment ago. */
  expireSometimes(): void {
    const passed = this.#now() - this.#lastLook;
    if (passed < 0 || passed >= LOOK_MS) this.expire();
  }

  /** Evicts what is too old. */
  expire(): void {
    this.#lastLook = this.#now();
    const oldest = this.#clock.read().time - this.#options.maximumAgeMs;
    for (const entry of [...this.#index.studies()]) {
      if (entry.lastUse >= oldest || entry.pins > 0 || entry.busy > 0) continue;
      if (this.#index.evict(entry)) this.#evicted += 1;
    }
  }

  /** Evicts for so many bytes of a record. False when there is no room for them even then. */
  makeRoom({ facts }: StoredRecord, byteLength: number): boolean {
    const { maximumBytes } = this.#options;
    if (facts.origin === "received") {
      const mayHave = Math.floor(maximumBytes * RECEIVED_SHARE);
      if (this.#index.receivedBytes + byteLength > mayHave) return false;
    }
    return this.#index.makeRoom(byteLength, maximumBytes, () => {
      this.#evicted += 1;
    });
  }
}
