import { DataSet } from "#core/dicom/data-set.ts";
import { textElement } from "#core/dicom/text-element.ts";
import type { QidoQuery, QueryLevel } from "#core/dicomweb/qido-query.ts";
import { DimseError } from "../dimse/dimse-error.ts";
import { SourceError } from "../sources/source.ts";
import { type FindContext, findLevel } from "./find-level.ts";
import { inOrder } from "./in-order.ts";
import {
  type EntityLevel,
  PATIENT_ID,
  SERIES_INSTANCE_UID,
  STUDY_INSTANCE_UID,
} from "./level-attributes.ts";
import { LowerKeys } from "./lower-keys.ts";
import { returnPaths } from "./return-paths.ts";
import type { SearchKey } from "./search-keys.ts";
import {
  CONCURRENCY,
  firstOf,
  isSelective,
  joined,
  MOST_PARENTS,
  namedKeys,
  QUERY_LEVELS,
  tooWide,
  uniqueKeys,
  withPatient,
} from "./walk-entities.ts";

/** Children of one entity that are held at a time. */
const MOST_CHILDREN = 20_000;

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
    const below = new LowerKeys(level, this.#keys, this.#context, this.#signal);
    for (const wanted of [level, ...below.levels]) this.#checkLevel(wanted);
    const found = this.#context.abilities.relational ? this.#relational() : this.#entities(level);
    yield* below.confirmed(found);
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
    const above = uniqueKeys(parent, level, this.#context.abilities.model);
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
}
