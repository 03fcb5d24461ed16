import type { Entry, ListedInstance } from "./series-entry.ts";
import { type SeriesWork, SMALL_SERIES } from "./series-work.ts";

/** What is learned of a series before its list is complete. */
export interface SeriesProbe {
  /** Number of instances, where the PACS tells. */
  readonly count: number | undefined;
  /** The instance that was asked about, where it was listed. */
  readonly instance: ListedInstance | undefined;
}

/** How series are listed. */
export interface ListingParts {
  /** Instances of a series as the PACS lists them. @throws NotListable, DimseError */
  list(series: SeriesWork, user: string, signal: AbortSignal): AsyncIterable<ListedInstance>;
  /** Asks about one instance, beside the list; undefined where that brings nothing. */
  probe(
    series: SeriesWork,
    sopInstanceUid: string,
    user: string,
    signal: AbortSignal,
  ): Promise<SeriesProbe | undefined>;
}

/** Who is told how lists come along. */
interface ListingObserver {
  /** An instance of a first list; `count` counts from 1. */
  noted(series: SeriesWork, entry: Entry, count: number): void;
  probed(series: SeriesWork): void;
  /** With the instances that were known and are not in the list. */
  complete(series: SeriesWork, absent: readonly Entry[]): void;
  failed(series: SeriesWork, error: unknown): void;
}

/** The PACS lists no instances: the series has to be fetched as a whole. */
export class NotListable extends Error {
  override readonly name = "NotListable";
}

/** Lists of series from the PACS, one at a time for each series. */
export class SeriesLists {
  readonly #parts: ListingParts;
  readonly #now: () => number;
  readonly #observer: ListingObserver;

  constructor(parts: ListingParts, now: () => number, observer: ListingObserver) {
    this.#parts = parts;
    this.#now = now;
    this.#observer = observer;
  }

  /** The list that is under way, or a new one. @throws NotListable, DimseError */
  ensure(series: SeriesWork, user: string): Promise<void> {
    if (series.listed !== undefined) return series.listed;
    const reading: Promise<void> = this.#read(series, user, series.stopping.signal).finally(() => {
      if (series.listed === reading) series.listed = undefined;
    });
    series.listed = reading;
    return reading;
  }

  /** Asks about one instance while the list is still to come: it need not wait for a long one. */
  probe(series: SeriesWork, entry: Entry, user: string): void {
    const { signal } = series.stopping;
    this.#parts.probe(series, entry.sopInstanceUid, user, signal).then(
      (probe) => {
        if (probe === undefined || series.listing !== "running" || signal.aborted) return;
        if (probe.instance !== undefined) series.note(probe.instance);
        if (probe.count !== undefined && probe.count > SMALL_SERIES) series.size = "large";
        this.#observer.probed(series);
      },
      // The list that is asked for beside it tells what is wrong.
      () => undefined,
    );
  }

  async #read(series: SeriesWork, user: string, signal: AbortSignal): Promise<void> {
    const isFirst = series.listing !== "complete";
    if (isFirst) series.listing = "running";
    const listed: ListedInstance[] = [];
    try {
      for await (const instance of this.#parts.list(series, user, signal)) {
        signal.throwIfAborted();
        listed.push(instance);
        const entry = series.note(instance);
        if (isFirst) this.#observer.noted(series, entry, listed.length);
      }
      signal.throwIfAborted();
    } catch (error) {
      if (signal.aborted) throw error;
      if (isFirst) series.listing = "none";
      this.#observer.failed(series, error);
      throw error;
    }
    this.#observer.complete(series, series.complete(listed, this.#now()));
  }
}
