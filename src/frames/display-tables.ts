import type { DataSet } from "#core/dicom/data-set.ts";
import { displayBulkDataUris, withDisplayBulkData } from "#core/study/bulk-data.ts";
import { RetrieveError, type StudySource } from "../retrieve/study-source.ts";
import { type Failure, failureOfError } from "./failure.ts";

/** An instance with the tables that its display needs, or why it is without some of them. */
export interface CompletedInstance {
  readonly dataSet: DataSet;
  readonly failure?: Failure;
}

/** Frames go first: tables take at most so many connections. */
const REQUESTS_AT_ONCE = 2;
/** 65,536 entries of 16 bits (PS3.3 C.11.1.1.1), and room for bad manners. */
const LARGEST_TABLE_BYTES = 256 * 1024;
/** After these the archive is not asked for further tables: they would fail as slowly, one by one. */
const POINTLESS: ReadonlySet<string> = new Set(["network", "busy", "unauthorized"]);

/** Palettes and lookup tables that metadata give by address (PS3.18 F.2.2), fetched once each. */
export class DisplayTables {
  readonly #source: Pick<StudySource, "retrieveBulkData">;
  readonly #signal: AbortSignal;
  readonly #tables: Map<string, Uint8Array>;
  readonly #fetching = new Map<string, Promise<void>>();
  readonly #lanes: Promise<void>[] = [];
  #givenUp: RetrieveError | undefined;
  #hasNew = false;

  /** @param known tables that were kept from before, by their addresses */
  constructor(
    source: Pick<StudySource, "retrieveBulkData">,
    known: ReadonlyMap<string, Uint8Array> | undefined,
    signal: AbortSignal,
  ) {
    this.#source = source;
    this.#signal = signal;
    this.#tables = new Map(known);
  }

  /** All tables that are there, by their addresses. */
  get tables(): ReadonlyMap<string, Uint8Array> {
    return this.#tables;
  }

  /** Whether some were fetched that were not known before. */
  get hasNew(): boolean {
    return this.#hasNew;
  }

  /**
   * The instance with its tables: at once when it needs none or they are known, else when they have come. Rejects
   * only after an abort.
   */
  complete(dataSet: DataSet): CompletedInstance | Promise<CompletedInstance> {
    const uris = displayBulkDataUris(dataSet);
    if (uris.length === 0) return { dataSet };
    const missing = uris.filter((uri) => !this.#tables.has(uri));
    if (missing.length === 0) return { dataSet: withDisplayBulkData(dataSet, this.#tables) };
    return this.#fetchAll(dataSet, missing);
  }

  async #fetchAll(dataSet: DataSet, uris: readonly string[]): Promise<CompletedInstance> {
    try {
      await Promise.all(uris.map((uri) => this.#fetched(uri)));
    } catch (error) {
      if (this.#signal.aborted) throw error;
      return { dataSet, failure: withoutTable(failureOfError(error)) };
    }
    return { dataSet: withDisplayBulkData(dataSet, this.#tables) };
  }

  #fetched(uri: string): Promise<void> {
    const known = this.#fetching.get(uri);
    if (known !== undefined) return known;
    const lane = this.#fetching.size % REQUESTS_AT_ONCE;
    const fetched = (this.#lanes[lane] ?? Promise.resolve()).then(() => this.#fetch(uri));
    this.#lanes[lane] = fetched.catch(() => undefined);
    this.#fetching.set(uri, fetched);
    return fetched;
  }

  async #fetch(uri: string): Promise<void> {
    if (this.#givenUp !== undefined) throw this.#givenUp;
    try {
      const bytes = await this.#source.retrieveBulkData(uri, this.#signal);
      if (bytes.length > LARGEST_TABLE_BYTES)
        throw new RetrieveError("bad-response", "The answer is larger than any table can be.");
      this.#tables.set(uri, bytes);
      this.#hasNew = true;
    } catch (error) {
      if (error instanceof RetrieveError && POINTLESS.has(error.code)) this.#givenUp = error;
      throw error;
    }
  }
}

/** Why an image is not shown whose tables could not be had: with other ones it would look right and be wrong. */
function withoutTable({ message, advice }: Failure): Failure {
  return {
    code: "table-missing",
    message: `A table for the greys or colours of this image could not be fetched. ${message}`,
    advice,
  };
}

/** Instances in the order in which they are complete: who needs no tables does not wait for who does. */
export async function* completedInstances(
  instances: AsyncIterable<DataSet>,
  tables: DisplayTables,
): AsyncGenerator<CompletedInstance> {
  const iterator = instances[Symbol.asyncIterator]();
  const completing = new Completing();
  let next: Promise<Arrival> | undefined;
  let end: Arrival | undefined;
  try {
    for (;;) {
      yield* completing.take();
      if (end !== undefined && completing.isIdle) break;
      if (end === undefined) next ??= arrival(iterator);
      const arrived = await completing.orNext(next);
      if (arrived === undefined) continue;
      next = undefined;
      if (arrived.kind === "instance") completing.add(tables.complete(arrived.dataSet));
      else end = arrived;
    }
    if (end.kind === "error") throw end.cause;
  } finally {
    // Not waited for: what the archive is silent about would hold up who has left.
    iterator.return?.().catch(() => undefined);
  }
}

/** Instances of which some are not complete yet. */
class Completing {
  #ready: CompletedInstance[] = [];
  #waiting = 0;
  #error: { readonly cause: unknown } | undefined;
  #wake: () => void = () => undefined;

  /** Whether nothing is left to come or to be taken. */
  get isIdle(): boolean {
    return this.#waiting === 0 && this.#ready.length === 0;
  }

  add(instance: CompletedInstance | Promise<CompletedInstance>): void {
    if (!(instance instanceof Promise)) {
      this.#ready.push(instance);
      return;
    }
    this.#waiting++;
    instance
      .then(
        (completed) => this.#ready.push(completed),
        (cause: unknown) => {
          this.#error = { cause };
        },
      )
      .finally(() => {
        this.#waiting--;
        this.#wake();
      });
  }

  /** What is complete. @throws what an instance was rejected with */
  take(): readonly CompletedInstance[] {
    if (this.#error !== undefined) throw this.#error.cause;
    return this.#ready.splice(0);
  }

  /** The next arrival, or undefined as soon as there may be something to take. */
  async orNext<T>(next: Promise<T> | undefined): Promise<T | undefined> {
    if (this.#ready.length > 0 || this.#error !== undefined) return undefined;
    if (this.#waiting === 0) return next;
    const woken = new Promise<undefined>((resolve) => {
      this.#wake = () => resolve(undefined);
    });
    return next === undefined ? woken : Promise.race([next, woken]);
  }
}

/** What the archive gives next. What it breaks off with waits until everything before it is complete. */
type Arrival =
  | { readonly kind: "instance"; readonly dataSet: DataSet }
  | { readonly kind: "end" }
  | { readonly kind: "error"; readonly cause: unknown };

async function arrival(iterator: AsyncIterator<DataSet>): Promise<Arrival> {
  try {
    const { done, value } = await iterator.next();
    return done === true ? { kind: "end" } : { kind: "instance", dataSet: value };
  } catch (cause) {
    return { kind: "error", cause };
  }
}
