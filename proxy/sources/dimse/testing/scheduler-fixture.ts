import type { StoredObject } from "../../../object-store/object-store.ts";
import type { ArrivalObserver } from "../arrival-sink.ts";
import type { RetrieveJob } from "../retrieve-job.ts";
import { RetrieveScheduler, type SchedulerLimits } from "../retrieve-scheduler.ts";
import type { ListedInstance, WantPriority } from "../series-entry.ts";
import type { SeriesProbe } from "../series-lists.ts";
import type { FetchOutcome } from "../shortfall.ts";

export const STUDY = "1.2";
export const SERIES = "1.2.3";

/** One retrieve that the scheduler asked for; the test plays the PACS. */
class FakeRetrieve {
  readonly job: RetrieveJob;
  readonly #observer: ArrivalObserver;
  readonly #store: Map<string, StoredObject>;
  readonly #settle: (outcome: FetchOutcome) => void;
  readonly fail: (error: unknown) => void;

  constructor(
    job: RetrieveJob,
    observer: ArrivalObserver,
    store: Map<string, StoredObject>,
    settle: (outcome: FetchOutcome) => void,
    fail: (error: unknown) => void,
  ) {
    this.job = job;
    this.#observer = observer;
    this.#store = store;
    this.#settle = settle;
    this.fail = fail;
  }

  /** Numbers of the instances that it asks for, in order. */
  get numbers(): readonly number[] {
    return [...this.job.entries].map(({ sopInstanceUid }) =>
      Number(sopInstanceUid.split(".").at(-1)),
    );
  }

  send(number: number, place: Partial<StoredObject> = {}): void {
    const object = storedObject(number, place);
    this.#store.set(object.sopInstanceUid, object);
    this.#observer.arrived(object);
  }

  /** Sends all that it asks for, and ends. */
  async complete(): Promise<void> {
    for (const number of this.numbers) this.send(number);
    await this.end();
  }

  async end(outcome: Partial<FetchOutcome> = {}): Promise<void> {
    this.#settle({ status: 0, completed: this.job.arrivals, failed: 0, ...outcome });
    await turn();
  }
}

/** A scheduler whose PACS is the test. */
export interface SchedulerFixture {
  readonly scheduler: RetrieveScheduler;
  readonly store: Map<string, StoredObject>;
  /** Retrieves that were asked for, in order. */
  readonly retrieves: FakeRetrieve[];
  readonly problems: Map<string, unknown>;
  clock: number;
  /** Times that the series was listed. */
  lists: number;
  /** The running retrieves. */
  running(): readonly FakeRetrieve[];
  want(
    number: number,
    signal?: AbortSignal,
    user?: string,
    priority?: WantPriority,
  ): Promise<StoredObject>;
}

/** Lists `count` instances, at once unless `list` says how. */
export function schedulerFixture({
  count,
  limits = {},
  list,
  probe,
}: {
  readonly count: number;
  readonly limits?: Partial<SchedulerLimits>;
  readonly list?: (signal: AbortSignal) => AsyncIterable<ListedInstance>;
  readonly probe?: () => Promise<SeriesProbe | undefined>;
}): SchedulerFixture {
  const store = new Map<string, StoredObject>();
  const retrieves: FakeRetrieve[] = [];
  const ended = new Set<FakeRetrieve>();
  const problems = new Map<string, unknown>();
  const fixture: SchedulerFixture = {
    scheduler: new RetrieveScheduler({
      list: (_series, _user, signal) => {
        fixture.lists += 1;
        return list === undefined ? listOf(count) : list(signal);
      },
      probe: async () => await probe?.(),
      fetch: (job, observer) =>
        new Promise((resolve, reject) => {
          const over = () => ended.add(retrieve);
          const retrieve: FakeRetrieve = new FakeRetrieve(
            job,
            observer,
            store,
            (outcome) => {
              over();
              resolve(outcome);
            },
            (error) => {
              over();
              reject(error);
            },
          );
          job.controller.signal.addEventListener("abort", () => {
            over();
            reject(job.controller.signal.reason);
          });
          retrieves.push(retrieve);
        }),
      longestList: () => 64,
      lookUp: (uid) => store.get(uid),
      mayFetchAhead: () => true,
      noteProblem: (_series, uid, error) =>
        error === undefined ? problems.delete(uid) : problems.set(uid, error),
      noteList: () => undefined,
      drop: (_series, uid) => store.delete(uid),
      limits: { most: 6, perRetrieval: 4, perUser: 6, aheadMs: 30_000, ...limits },
      now: () => fixture.clock,
    }),
    store,
    retrieves,
    problems,
    clock: 1000,
    lists: 0,
    running: () => retrieves.filter((retrieve) => !ended.has(retrieve)),
    want: (number, signal = new AbortController().signal, user = "a", priority = "now") => {
      const wanted = fixture.scheduler.want(place(number), user, priority, signal);
      // Tests look at it later than it fails.
      wanted.catch(() => undefined);
      return wanted;
    },
  };
  return fixture;
}

function place(number: number) {
  return {
    studyInstanceUid: STUDY,
    seriesInstanceUid: SERIES,
    sopInstanceUid: `${SERIES}.${number}`,
  };
}

export async function* listOf(count: number): AsyncGenerator<ListedInstance> {
  for (let number = 1; number <= count; number += 1) yield listed(number);
}

export function listed(number: number): ListedInstance {
  return { sopInstanceUid: `${SERIES}.${number}`, sopClassUid: "1.9", instanceNumber: number };
}

/** Lets everything that is due happen. */
export async function turn(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

function storedObject(number: number, facts: Partial<StoredObject>): StoredObject {
  return {
    ...place(number),
    sopClassUid: "1.9",
    transferSyntaxUid: "1.2.840.10008.1.2.1",
    origin: "retrieved",
    byteLength: 1000,
    etag: `e${number}`,
    receivedAt: 0,
    ...facts,
  };
}
