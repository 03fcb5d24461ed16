import { SeriesWork } from "./series-work.ts";

/** Series that are remembered: their lists, not their objects. */
const MOST_SERIES = 400;

/** The series that were asked for lately. */
export class SeriesTable {
  readonly #series = new Map<string, SeriesWork>();

  /** The series, new where it is not known; a series is known under one study only. */
  open(studyInstanceUid: string, seriesInstanceUid: string): SeriesWork {
    const key = `${studyInstanceUid}/${seriesInstanceUid}`;
    const known = this.#series.get(key);
    const series = known ?? new SeriesWork(studyInstanceUid, seriesInstanceUid);
    // What was used last stands last.
    if (known !== undefined) this.#series.delete(key);
    this.#series.set(key, series);
    if (known === undefined) this.#forgetOldest();
    return series;
  }

  get(studyInstanceUid: string, seriesInstanceUid: string): SeriesWork | undefined {
    return this.#series.get(`${studyInstanceUid}/${seriesInstanceUid}`);
  }

  all(): SeriesWork[] {
    return [...this.#series.values()];
  }

  #forgetOldest(): void {
    for (const [key, series] of this.#series) {
      if (this.#series.size <= MOST_SERIES) return;
      if (!series.isAwaited && series.jobs.size === 0 && series.listed === undefined)
        this.#series.delete(key);
    }
  }
}
