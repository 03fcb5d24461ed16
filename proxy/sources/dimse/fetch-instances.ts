import {
  type ContextPlan,
  likelyKinds,
  planGet,
  type StoredKind,
} from "../../dimse/services/plan-contexts.ts";
import type { RetrieveOutcome } from "../../dimse/services/retrieve.ts";
import type { ObjectStore } from "../../object-store/object-store.ts";
import { type ArrivalObserver, arrivalSink } from "./arrival-sink.ts";
import type { PacsConnection } from "./pacs-connection.ts";
import type { PacsLists } from "./pacs-lists.ts";
import { instancesIdentifier, type SeriesKey, seriesIdentifier } from "./retrieve-identifier.ts";
import type { RetrieveJob } from "./retrieve-job.ts";
import type { Entry } from "./series-entry.ts";
import type { FetchOutcome } from "./shortfall.ts";

const LONGEST_LIST = 64;

/** Does retrieves at the PACS. */
export class InstanceFetcher {
  readonly #connection: PacsConnection;
  readonly #lists: PacsLists;
  readonly #store: ObjectStore;
  #longestList: number;

  constructor(connection: PacsConnection, lists: PacsLists, store: ObjectStore) {
    this.#connection = connection;
    this.#lists = lists;
    this.#store = store;
    this.#longestList = connection.settings.quirks.noUidLists ? 1 : LONGEST_LIST;
  }

  /** UIDs that the PACS takes in one list, as far as is known. */
  get longestList(): number {
    return this.#longestList;
  }

  /**
   * Has the PACS send what the job is about. What it does not send for want of a presentation context is asked for
   * once more, with the contexts that had no room before.
   * @throws DimseError
   */
  async fetch(job: RetrieveJob, observer: ArrivalObserver): Promise<FetchOutcome> {
    const { signal } = job.controller;
    const key = await this.#lists.seriesKey(job.series, job.user, signal);
    const tried = new Set<string>();
    let outcome: FetchOutcome = { status: 0, completed: 0, failed: 0 };
    for (;;) {
      const plan = await this.#nextPlan(job, tried);
      if (plan === undefined) return outcome;
      tried.add(plan.purpose);
      outcome = await this.#retrieve(job, key, plan, observer);
      const isDone = leftOf(job).length === 0 || outcome.failed === 0;
      if (isDone || signal.aborted || this.#connection.retrieveBy === "move") return outcome;
    }
  }

  async #retrieve(
    job: RetrieveJob,
    key: SeriesKey,
    plan: ContextPlan,
    observer: ArrivalObserver,
  ): Promise<FetchOutcome> {
    const left = leftOf(job);
    const before = job.arrivals;
    const outcome = await this.#order(job, key, left, plan, observer);
    const isUnderstood =
      job.level === "series" ||
      left.length < 2 ||
      job.arrivals > before ||
      outcome.status !== 0 ||
      outcome.completed + outcome.failed > 0;
    if (isUnderstood) return outcome;
    // Nothing at all for a list of objects that are listed: it takes one UID at a time.
    this.#longestList = 1;
    let sum = outcome;
    for (const entry of left) {
      if (job.controller.signal.aborted) break;
      const one = await this.#order(job, key, [entry], plan, observer);
      sum = {
        status: Math.max(sum.status, one.status),
        completed: sum.completed + one.completed,
        failed: sum.failed + one.failed,
      };
    }
    return sum;
  }

  async #order(
    job: RetrieveJob,
    key: SeriesKey,
    entries: readonly Entry[],
    plan: ContextPlan,
    observer: ArrivalObserver,
  ): Promise<FetchOutcome> {
    const { user, isUrgent, level } = job;
    const uids = entries.map(({ sopInstanceUid }) => sopInstanceUid);
    const outcome = await this.#connection.retrieve({
      identifier: level === "series" ? seriesIdentifier(key) : instancesIdentifier(key, uids),
      plan,
      sink: arrivalSink(this.#store, observer),
      expects: (uid) => isExpected(job, uid),
      user,
      isUrgent,
      signal: job.controller.signal,
    });
    return countsOf(outcome);
  }

  /** The contexts to try next: for the whole series, then for single SOP classes of what is left. */
  async #nextPlan(job: RetrieveJob, tried: ReadonlySet<string>): Promise<ContextPlan | undefined> {
    const { model } = this.#connection;
    const kinds = kindsOf(job);
    const plans = [
      ...planGet(model, kinds),
      ...(tried.size === 0 ? [] : leftKinds(job).flatMap((kind) => planGet(model, [kind]))),
    ];
    const next = plans.find(({ purpose }) => !tried.has(purpose));
    const isGuess = kinds.length === 0 || leftOf(job).some(isClassUnknown);
    if (next !== undefined || !isGuess) return next;
    const modality = await this.#lists
      .modalityOf(job.series, job.user, job.controller.signal)
      .catch(() => undefined);
    const likely = planGet(model, likelyKinds(modality === undefined ? [] : [modality]));
    return likely.find(({ purpose }) => !tried.has(purpose));
  }
}

function leftOf(job: RetrieveJob): readonly Entry[] {
  return [...job.entries].filter(({ isArrived }) => !isArrived);
}

function isClassUnknown({ sopClassUid }: Entry): boolean {
  return sopClassUid === undefined;
}

/** Classes that one association has room for, whatever their order. */
const FEW_CLASSES = 3;

/**
 * All classes of the series, so that its retrieves can use one another's associations. Where there are many, those of
 * the job come first.
 */
function kindsOf({ entries, series }: RetrieveJob): readonly StoredKind[] {
  const uids = new Set<string>();
  for (const { sopClassUid } of entries) if (sopClassUid !== undefined) uids.add(sopClassUid);
  for (const uid of series.sopClassUids) uids.add(uid);
  const inOrder = uids.size > FEW_CLASSES ? [...uids] : [...uids].sort();
  return inOrder.map((sopClassUid) => ({ sopClassUid }));
}

function leftKinds(job: RetrieveJob): readonly StoredKind[] {
  const uids = new Set(leftOf(job).map(({ sopClassUid }) => sopClassUid));
  return [...uids].flatMap((sopClassUid) => (sopClassUid === undefined ? [] : [{ sopClassUid }]));
}

function isExpected(job: RetrieveJob, sopInstanceUid: string): boolean {
  const entry = job.series.entries.get(sopInstanceUid);
  if (entry === undefined) return job.level === "series";
  return job.entries.has(entry) || (job.level === "series" && !entry.isArrived);
}

function countsOf({ status, suboperations }: RetrieveOutcome): FetchOutcome {
  const { completed, failed, warning } = suboperations;
  return { status, completed: completed + warning, failed };
}
