import { searchTags, type TagHit } from "./tag-search.ts";
import type { TagRow, TagSection } from "./tag-tree.ts";

/** As much as anybody reads. */
const MOST_HITS = 500;
/** Time of one step, ms; between steps the page lives. */
const STEP_MS = 8;

/** A search that goes on in small steps, and gives what it found so far as lines of a flat tree. */
export class TagSearch {
  readonly #onChange: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #paths: ReadonlyMap<string, string> = new Map();

  rows: readonly TagRow[] = [];
  isRunning = false;
  /** Whether more fits than is given. */
  isCut = false;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  /** Begins anew; an empty query finds nothing. */
  start(sections: readonly TagSection[], query: string): void {
    this.stop();
    this.rows = [];
    this.isCut = false;
    this.#paths = new Map();
    if (query.trim() === "") return;
    this.isRunning = true;
    this.#step(searchTags(sections, query), []);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.isRunning = false;
  }

  /** The names of what a found attribute lies in; empty at the top. */
  pathOf(key: string): string {
    return this.#paths.get(key) ?? "";
  }

  #step(search: Iterator<TagHit | undefined>, hits: TagHit[]): void {
    const until = performance.now() + STEP_MS;
    const before = hits.length;
    do {
      const { done, value } = search.next();
      if (done === true) this.isRunning = false;
      else if (value !== undefined) hits.push(value);
      this.isCut = hits.length >= MOST_HITS;
      if (this.isCut) this.isRunning = false;
    } while (this.isRunning && performance.now() < until);
    if (hits.length > before || !this.isRunning) this.#publish(hits);
    if (this.isRunning) this.#timer = setTimeout(() => this.#step(search, hits), 0);
  }

  #publish(hits: readonly TagHit[]): void {
    const siblings = hits.length;
    this.rows = hits.map(({ row }, index) => ({ ...row, position: index + 1, siblings }));
    this.#paths = new Map(hits.map(({ row, path }) => [row.key, path.join(" › ")]));
    this.#onChange();
  }
}
