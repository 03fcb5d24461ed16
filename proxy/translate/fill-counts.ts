import { type DataElement, DataSet } from "#core/dicom/data-set.ts";
import type { Tag } from "#core/dicom/tag.ts";
import { textElement } from "#core/dicom/text-element.ts";
import type { QidoQuery } from "#core/dicomweb/qido-query.ts";
import { DimseError } from "../dimse/dimse-error.ts";
import { type FindContext, findLevel } from "./find-level.ts";
import { inOrder } from "./in-order.ts";
import {
  MODALITIES_IN_STUDY,
  MODALITY,
  PATIENT_ID,
  SERIES_INSTANCE_COUNT,
  SERIES_INSTANCE_UID,
  STUDY_INSTANCE_COUNT,
  STUDY_INSTANCE_UID,
  STUDY_SERIES_COUNT,
} from "./level-attributes.ts";
import { hasValue, withElements } from "./plain-data-set.ts";

const CONCURRENCY = 4;
const STUDY_COUNTS: readonly Tag[] = [
  MODALITIES_IN_STUDY,
  STUDY_SERIES_COUNT,
  STUDY_INSTANCE_COUNT,
];

/** What filling in may cost: results have these attributes anyway, and it is worth more when they are asked for. */
interface Budget {
  finds: number;
  /** By the clock of `now`, in milliseconds. */
  readonly until: number;
  isSpent: boolean;
}

const GIVEN_UP =
  "Numbers of series and instances are missing where the PACS does not tell them and counting took too long";

/**
 * The results of a page with what the PACS left empty of modalities and numbers of series and instances, counted at the
 * levels below as far as that does not take long.
 */
export async function fillCounts(
  page: readonly DataSet[],
  query: QidoQuery,
  context: FindContext,
  signal: AbortSignal,
  now: () => number = () => performance.now(),
): Promise<readonly DataSet[]> {
  const lacking = page.filter((match) => countsOf(query).some((tag) => !hasValue(match, tag)));
  if (lacking.length === 0) return page;
  const isAsked = countsOf(query).some((tag) => isAskedFor(query, tag));
  const budget: Budget = isAsked
    ? { finds: 300, until: now() + 3000, isSpent: false }
    : { finds: 64, until: now() + 750, isSpent: false };
  const filled = new Map<DataSet, DataSet>();
  const counter = new Counter(context, budget, now);
  const task = async (match: DataSet, either: AbortSignal) => {
    filled.set(match, await counter.fill(match, query, either));
  };
  try {
    for await (const _ of inOrder(lacking, CONCURRENCY, signal, task));
  } catch (error) {
    // The search itself has its answer.
    if (signal.aborted || !(error instanceof DimseError)) throw error;
    budget.isSpent = true;
  }
  if (budget.isSpent) context.warnings.add(GIVEN_UP);
  return page.map((match) => filled.get(match) ?? match);
}

/** The attributes that can be counted, among those that results of the search have. */
function countsOf({ level, studyInstanceUid, seriesInstanceUid }: QidoQuery): readonly Tag[] {
  const study = studyInstanceUid === undefined ? STUDY_COUNTS : [];
  if (level === "study") return STUDY_COUNTS;
  if (level === "series") return [...study, SERIES_INSTANCE_COUNT];
  return [...study, ...(seriesInstanceUid === undefined ? [SERIES_INSTANCE_COUNT] : [])];
}

function isAskedFor(query: QidoQuery, tag: Tag): boolean {
  return (
    query.includeAll ||
    query.includeFields.some(([field]) => field === tag) ||
    query.keys.some(({ path: [key] }) => key === tag)
  );
}

/** Counts with C-FINDs; what was counted of a study or series holds for all its results. */
class Counter {
  readonly #context: FindContext;
  readonly #budget: Budget;
  readonly #now: () => number;
  readonly #known = new Map<string, Promise<readonly DataElement[]>>();

  constructor(context: FindContext, budget: Budget, now: () => number) {
    this.#context = context;
    this.#budget = budget;
    this.#now = now;
  }

  async fill(match: DataSet, query: QidoQuery, signal: AbortSignal): Promise<DataSet> {
    const wanted = countsOf(query).filter((tag) => !hasValue(match, tag));
    const counted: DataElement[] = [];
    if (wanted.includes(SERIES_INSTANCE_COUNT)) {
      const uid = match.string(SERIES_INSTANCE_UID) ?? "";
      counted.push(...(await this.#once(uid, () => this.#ofSeries(match, signal))));
    }
    if (wanted.some((tag) => STUDY_COUNTS.includes(tag))) {
      const uid = match.string(STUDY_INSTANCE_UID) ?? "";
      counted.push(...(await this.#once(uid, () => this.#ofStudy(match, signal))));
    }
    return withElements(
      match,
      counted.filter(({ tag }) => wanted.includes(tag)),
    );
  }

  #once(
    uid: string,
    count: () => Promise<readonly DataElement[]>,
  ): Promise<readonly DataElement[]> {
    const known = this.#known.get(uid) ?? count();
    this.#known.set(uid, known);
    return known;
  }

  async #ofStudy(study: DataSet, signal: AbortSignal): Promise<readonly DataElement[]> {
    const series = await this.#find(study, "series", [[MODALITY], [SERIES_INSTANCE_COUNT]], signal);
    if (series === undefined) return [];
    const modalities = new Set(series.map((one) => one.string(MODALITY) ?? ""));
    modalities.delete("");
    const elements = [
      textElement(MODALITIES_IN_STUDY, ...[...modalities].sort()),
      textElement(STUDY_SERIES_COUNT, String(series.length)),
    ];
    let instances = 0;
    for (const one of series) {
      const count = one.number(SERIES_INSTANCE_COUNT) ?? (await this.#countInstances(one, signal));
      if (count === undefined) return elements;
      instances += count;
    }
    return [...elements, textElement(STUDY_INSTANCE_COUNT, String(instances))];
  }

  async #ofSeries(series: DataSet, signal: AbortSignal): Promise<readonly DataElement[]> {
    const count = await this.#countInstances(series, signal);
    return count === undefined ? [] : [textElement(SERIES_INSTANCE_COUNT, String(count))];
  }

  async #countInstances(series: DataSet, signal: AbortSignal): Promise<number | undefined> {
    if (!this.#context.abilities.hasImageLevel) return undefined;
    return (await this.#find(series, "instance", [], signal))?.length;
  }

  /** What is below an entity; undefined when the budget is spent. */
  async #find(
    entity: DataSet,
    level: "series" | "instance",
    returns: readonly (readonly Tag[])[],
    signal: AbortSignal,
  ): Promise<readonly DataSet[] | undefined> {
    const budget = this.#budget;
    if (budget.finds <= 0 || this.#now() > budget.until) {
      budget.isSpent = true;
      return undefined;
    }
    budget.finds -= 1;
    const tags =
      level === "series" ? [STUDY_INSTANCE_UID] : [STUDY_INSTANCE_UID, SERIES_INSTANCE_UID];
    if (this.#context.abilities.model === "patient-root") tags.push(PATIENT_ID);
    const above = new Map<Tag, string>();
    for (const tag of tags) {
      const value = entity.string(tag);
      if (value !== undefined) above.set(tag, value);
    }
    const children: DataSet[] = [];
    for await (const child of findLevel(
      this.#context,
      { level, above, keys: [], returns },
      signal,
    )) {
      // Half of a count is none.
      if (this.#now() > budget.until) {
        budget.isSpent = true;
        return undefined;
      }
      children.push(new DataSet([...entityKeys(entity), ...child.elements.values()]));
    }
    return children;
  }
}

/** What names an entity below the patient. */
function entityKeys(entity: DataSet): readonly DataElement[] {
  return [PATIENT_ID, STUDY_INSTANCE_UID, SERIES_INSTANCE_UID].flatMap((tag) => {
    const element = entity.element(tag);
    return element === undefined ? [] : [element];
  });
}
