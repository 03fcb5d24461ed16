import { DataSet } from "#core/dicom/data-set.ts";
import type { Tag } from "#core/dicom/tag.ts";
import type { QidoQuery, QueryLevel } from "#core/dicomweb/qido-query.ts";
import { DimseError } from "../dimse/dimse-error.ts";
import { SourceError } from "../sources/source.ts";
import { type FindContext, findLevel } from "./find-level.ts";
import { inOrder } from "./in-order.ts";
import {
  type EntityLevel,
  MODALITIES_IN_STUDY,
  MODALITY,
  PATIENT_ID,
  SERIES_INSTANCE_UID,
  STUDY_INSTANCE_UID,
} from "./level-attributes.ts";
import { withElements } from "./plain-data-set.ts";
import { returnPaths } from "./return-paths.ts";
import type { SearchKey } from "./search-keys.ts";
import {
  firstOf,
  isSelective,
  joined,
  MOST_PARENTS,
  namedKeys,
  startingWith,
  textElement,
  tooWide,
  withPatient,
} from "./walk-entities.ts";

/** Children of one entity that are held at a time. */
const MOST_CHILDREN = 20_000;
/** C-FINDs of one search at a time. */
const CONCURRENCY = 4;

const QUERY_LEVELS: readonly QueryLevel[] = ["study", "series", "instance"];

/** What was learnt of a PACS by searching, for the searches that follow. */
export interface PacsMemory {
  /** Patient ID by Study Instance UID, which the Patient Root model needs below the patient. */
  readonly patients: Map<string, string>;
  /** Whether a Patient Root PACS has found studies without a Patient ID. */
  findsStudiesAlone: boolean;
}

/** One search through the levels of an information model. */
export class SearchWalk {
  readonly #query: QidoQuery;
  readonly #keys: readonly SearchKey[];
  readonly #context: FindContext;
  readonly #memory: PacsMemory;
  readonly #signal: AbortSignal;

  constructor(
    query: QidoQuery,
    keys: readonly SearchKey[],
    context: FindContext,
    memory: PacsMemory,
    signal: AbortSignal,
  ) {
    this.#query = query;
    this.#keys = keys;
    this.#context = context;
    this.#memory = memory;
    this.#signal = signal;
  }

  /**
   * The matches of the search, in the order of the PACS.
   * @throws SourceError `bad-request` when more entities would have to be gone through than one search may,
   *   `not-implemented` for instances of a PACS that cannot search for them; DimseError of the C-FINDs
   */
  async *matches(): AsyncGenerator<DataSet> {
    const { level } = this.#query;
    const below = QUERY_LEVELS.slice(QUERY_LEVELS.indexOf(level) + 1).filter(
      (lower) => this.#keysAt(lower).length > 0,
    );
    for (const wanted of [level, ...below]) this.#checkLevel(wanted);
    const found = this.#context.abilities.relational ? this.#relational() : this.#entities(level);
    const lowest = below[below.length - 1];
    if (lowest === undefined && !this.#asksForModalities()) yield* found;
    else yield* this.#confirmed(found, lowest);
  }

  #checkLevel(level: QueryLevel): void {
    if (level !== "instance" || this.#context.abilities.hasImageLevel) return;
    throw new SourceError(
      "not-implemented",
      "This PACS answers no searches for instances (no C-FIND at the IMAGE level)",
    );
  }

  #keysAt(level: EntityLevel): readonly SearchKey[] {
    return this.#keys.filter((key) => key.level === level);
  }

  #asksForModalities(): boolean {
    return this.#keys.some(({ path: [tag] }) => tag === MODALITIES_IN_STUDY);
  }

  /** One C-FIND with the keys of all levels (PS3.4 C.4.1.2.2). */
  #relational(): AsyncGenerator<DataSet> {
    const { level, studyInstanceUid, seriesInstanceUid } = this.#query;
    const levels: readonly EntityLevel[] = [
      "patient",
      ...QUERY_LEVELS.slice(0, QUERY_LEVELS.indexOf(level) + 1),
    ];
    return findLevel(
      this.#context,
      {
        level,
        above: namedKeys(studyInstanceUid, seriesInstanceUid),
        keys: levels.flatMap((one) => this.#keysAt(one)),
        returns: levels.flatMap((one) => returnPaths(this.#query, one)),
      },
      this.#signal,
    );
  }

  /** The entities of a level, by the levels above where the search does not name them. */
  async *#entities(level: QueryLevel): AsyncGenerator<DataSet> {
    const named = this.#named(level);
    if (named !== undefined && !this.#needsFind(level)) yield named;
    else if (level === "study") yield* this.#studies();
    else yield* this.#below(this.#entities(level === "series" ? "study" : "series"), level);
  }

  /** The entity that the path of the search names, when it does. */
  #named(level: QueryLevel): DataSet | undefined {
    const { studyInstanceUid, seriesInstanceUid } = this.#query;
    if (level === "instance" || studyInstanceUid === undefined) return undefined;
    if (level === "series" && seriesInstanceUid === undefined) return undefined;
    const keys = namedKeys(studyInstanceUid, level === "series" ? seriesInstanceUid : undefined);
    const patientId = this.#memory.patients.get(studyInstanceUid);
    if (this.#isPatientRoot() && patientId !== undefined) keys.set(PATIENT_ID, patientId);
    return new DataSet([...keys].map(([tag, text]) => textElement(tag, text)));
  }

  /** Whether an entity that is named has to be found all the same: by further keys, or for its attributes. */
  #needsFind(level: QueryLevel): boolean {
    if (level === this.#query.level || this.#keysAt(level).length > 0) return true;
    const asksForFields = (one: EntityLevel) => returnPaths(this.#query, one).length > 0;
    if (level === "series") return asksForFields("series") || this.#needsFind("study");
    const { studyInstanceUid = "" } = this.#query;
    const lacksPatient = this.#isPatientRoot() && !this.#memory.patients.has(studyInstanceUid);
    const isAskedFor = asksForFields("patient") || asksForFields("study");
    return this.#keysAt("patient").length > 0 || isAskedFor || lacksPatient;
  }

  #isPatientRoot(): boolean {
    return this.#context.abilities.model === "patient-root";
  }

  async *#studies(): AsyncGenerator<DataSet> {
    const { studyInstanceUid } = this.#query;
    const above = namedKeys(studyInstanceUid, undefined);
    const patientKeys = this.#keysAt("patient");
    const search = {
      level: "study" as const,
      above,
      keys: [...patientKeys, ...this.#keysAt("study")],
      returns: [...returnPaths(this.#query, "patient"), ...returnPaths(this.#query, "study")],
    };
    if (!this.#isPatientRoot()) {
      yield* findLevel(this.#context, search, this.#signal);
      return;
    }
    const isByPatient = patientKeys.some(({ alternatives }) => alternatives.some(isSelective));
    if (!isByPatient && (yield* this.#studiesAlone(search))) return;
    yield* this.#below(this.#patients(), "study");
  }

  /**
   * Studies of a Patient Root PACS without a Patient ID, which the model does not have but most PACS do. Whether that
   * was an answer.
   */
  async *#studiesAlone(
    search: Parameters<typeof findLevel>[1],
  ): AsyncGenerator<DataSet, boolean, undefined> {
    let isFound = false;
    try {
      for await (const study of findLevel(this.#context, search, this.#signal)) {
        isFound = true;
        this.#memory.findsStudiesAlone = true;
        this.#remember(study);
        yield study;
      }
    } catch (error) {
      // A refusal of the identifier is the other answer; after the first match it is a failure.
      const isRefusal = error instanceof DimseError && error.code === "failed-status";
      if (isFound || !isRefusal) throw error;
      return false;
    }
    return isFound || this.#memory.findsStudiesAlone;
  }

  #patients(): AsyncGenerator<DataSet> {
    return findLevel(
      this.#context,
      {
        level: "patient",
        above: new Map(),
        keys: this.#keysAt("patient"),
        returns: returnPaths(this.#query, "patient"),
      },
      this.#signal,
    );
  }

  /** The entities of a level below others, in their order, with the attributes of both. */
  async *#below(parents: AsyncGenerator<DataSet>, level: QueryLevel): AsyncGenerator<DataSet> {
    const { items, isCut } = await firstOf(parents, MOST_PARENTS);
    const task = (parent: DataSet, signal: AbortSignal) => this.#childrenOf(parent, level, signal);
    for await (const children of inOrder(items, CONCURRENCY, this.#signal, task)) yield* children;
    if (isCut) throw tooWide();
  }

  async #childrenOf(
    parent: DataSet,
    level: QueryLevel,
    signal: AbortSignal,
  ): Promise<readonly DataSet[]> {
    const { studyInstanceUid, seriesInstanceUid } = this.#query;
    const above = this.#keysOf(parent, level);
    if (level === "study" && studyInstanceUid !== undefined)
      above.set(STUDY_INSTANCE_UID, studyInstanceUid);
    if (level === "series" && seriesInstanceUid !== undefined)
      above.set(SERIES_INSTANCE_UID, seriesInstanceUid);
    const children = findLevel(
      this.#context,
      { level, above, keys: this.#keysAt(level), returns: returnPaths(this.#query, level) },
      signal,
    );
    const { items, isCut } = await firstOf(children, MOST_CHILDREN);
    if (isCut) throw tooWide();
    if (level === "study") for (const study of items) this.#remember(withPatient(study, parent));
    return items.map((child) => joined(parent, child));
  }

  /** The unique keys that name an entity to the level below it (PS3.4 C.4.1.2.1). */
  #keysOf(entity: DataSet, level: EntityLevel): Map<Tag, string> {
    const keys = new Map<Tag, string>();
    const tags = level === "study" ? [] : [STUDY_INSTANCE_UID];
    if (level === "instance") tags.push(SERIES_INSTANCE_UID);
    if (this.#isPatientRoot()) tags.push(PATIENT_ID);
    for (const tag of tags) {
      const value = entity.string(tag);
      if (value !== undefined) keys.set(tag, value);
    }
    return keys;
  }

  #remember(study: DataSet): void {
    const uid = study.string(STUDY_INSTANCE_UID);
    const patientId = study.string(PATIENT_ID);
    if (uid === undefined || patientId === undefined) return;
    this.#memory.patients.delete(uid);
    this.#memory.patients.set(uid, patientId);
    const [oldest] = this.#memory.patients.keys();
    if (this.#memory.patients.size > MOST_CHILDREN && oldest !== undefined) {
      this.#memory.patients.delete(oldest);
    }
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
      return (await this.#hasBelow(told, this.#query.level, lowest, signal)) ? told : undefined;
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
      { level: "series", above: this.#keysOf(match, "series"), keys: [], returns: [[MODALITY]] },
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
      { level: next, above: this.#keysOf(entity, next), keys: this.#keysAt(next), returns: [] },
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
