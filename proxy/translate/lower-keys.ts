import type { DataSet } from "#core/dicom/data-set.ts";
import { textElement } from "#core/dicom/text-element.ts";
import type { QueryLevel } from "#core/dicomweb/qido-query.ts";
import { type FindContext, findLevel } from "./find-level.ts";
import { inOrder } from "./in-order.ts";
import { type EntityLevel, MODALITIES_IN_STUDY, MODALITY } from "./level-attributes.ts";
import { withElements } from "./plain-data-set.ts";
import type { SearchKey } from "./search-keys.ts";
import {
  CONCURRENCY,
  firstOf,
  joined,
  MOST_PARENTS,
  QUERY_LEVELS,
  startingWith,
  tooWide,
  uniqueKeys,
} from "./walk-entities.ts";

/** The keys of a search for what is below the entities that it is for. */
export class LowerKeys {
  /** Levels below that have keys, from above. */
  readonly levels: readonly QueryLevel[];
  readonly #level: QueryLevel;
  readonly #keys: readonly SearchKey[];
  readonly #context: FindContext;
  readonly #signal: AbortSignal;

  constructor(
    level: QueryLevel,
    keys: readonly SearchKey[],
    context: FindContext,
    signal: AbortSignal,
  ) {
    this.#level = level;
    this.#keys = keys;
    this.#context = context;
    this.#signal = signal;
    this.levels = QUERY_LEVELS.slice(QUERY_LEVELS.indexOf(level) + 1).filter(
      (lower) => this.#keysAt(lower).length > 0,
    );
  }

  /** Those of the entities that the keys hold for. @throws SourceError as `SearchWalk.matches` */
  async *confirmed(found: AsyncGenerator<DataSet>): AsyncGenerator<DataSet> {
    const lowest = this.levels[this.levels.length - 1];
    if (lowest === undefined && !this.#asksForModalities()) yield* found;
    else yield* this.#confirmed(found, lowest);
  }

  #keysAt(level: EntityLevel): readonly SearchKey[] {
    return this.#keys.filter((key) => key.level === level);
  }

  #asksForModalities(): boolean {
    return this.#keys.some(({ path: [tag] }) => tag === MODALITIES_IN_STUDY);
  }

  /**
   * Those that keys of lower levels hold for as well: something below them has to match. While nothing has to be asked
   * below, matches go on as they come; no C-FIND waits for another in the midst of its own, as there may be one
   * association only.
   */
  async *#confirmed(
    found: AsyncGenerator<DataSet>,
    lowest: QueryLevel | undefined,
  ): AsyncGenerator<DataSet> {
    try {
      let next = await found.next();
      while (next.done !== true && lowest === undefined && this.#isTold(next.value)) {
        yield next.value;
        next = await found.next();
      }
      if (next.done !== true) yield* this.#confirmedBelow(next.value, found, lowest);
    } finally {
      await found.return(undefined);
    }
  }

  async *#confirmedBelow(
    first: DataSet,
    others: AsyncGenerator<DataSet>,
    lowest: QueryLevel | undefined,
  ): AsyncGenerator<DataSet> {
    const { items, isCut } = await firstOf(startingWith(first, others), MOST_PARENTS);
    const confirm = async (match: DataSet, signal: AbortSignal) => {
      const told = await this.#withModalities(match, signal);
      if (told === undefined || lowest === undefined) return told;
      return (await this.#hasBelow(told, this.#level, lowest, signal)) ? told : undefined;
    };
    for await (const match of inOrder(items, CONCURRENCY, this.#signal, confirm)) {
      if (match !== undefined) yield match;
    }
    if (isCut) throw tooWide();
  }

  #isTold(match: DataSet): boolean {
    return !this.#asksForModalities() || match.string(MODALITIES_IN_STUDY) !== undefined;
  }

  /** Modalities in Study as a key: of the series, where the PACS does not say it. Undefined for a mismatch. */
  async #withModalities(match: DataSet, signal: AbortSignal): Promise<DataSet | undefined> {
    const keys = this.#keys.filter(({ path: [tag] }) => tag === MODALITIES_IN_STUDY);
    if (this.#isTold(match)) return match;
    const modalities = new Set<string>();
    const series = findLevel(
      this.#context,
      {
        level: "series",
        above: uniqueKeys(match, "series", this.#context.abilities.model),
        keys: [],
        returns: [[MODALITY]],
      },
      signal,
    );
    for await (const one of series) modalities.add(one.string(MODALITY) ?? "");
    modalities.delete("");
    const told = withElements(match, [textElement(MODALITIES_IN_STUDY, ...[...modalities].sort())]);
    return keys.every(({ check }) => check(told) === "match") ? told : undefined;
  }

  async #hasBelow(
    entity: DataSet,
    level: QueryLevel,
    lowest: QueryLevel,
    signal: AbortSignal,
  ): Promise<boolean> {
    if (level === lowest) return true;
    const next = level === "study" ? "series" : "instance";
    const children = findLevel(
      this.#context,
      {
        level: next,
        above: uniqueKeys(entity, next, this.#context.abilities.model),
        keys: this.#keysAt(next),
        returns: [],
      },
      signal,
    );
    if (next === lowest) return (await firstOf(children, 1)).items.length > 0;
    const { items } = await firstOf(children, MOST_PARENTS);
    for (const child of items) {
      if (await this.#hasBelow(joined(entity, child), next, lowest, signal)) return true;
    }
    return false;
  }
}
