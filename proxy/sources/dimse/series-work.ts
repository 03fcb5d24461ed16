import {
  type Entry,
  isMissing,
  type ListedInstance,
  type SeriesJob,
  type Waiter,
  type WantPriority,
} from "./series-entry.ts";

/** Instances up to which a series is fetched by one retrieve: further associations would not pay off. */
export const SMALL_SERIES = 16;
const LONGEST_BATCH = 64;
const FIRST_BATCH = 8;
/** Time that a batch is to take: long against a round trip, short against the patience of who waits for something else. */
const BATCH_MS = 300;
const WEIGHT_OF_LATEST = 0.3;

/** A series that somebody asks for: its instances, what of them is there, and who waits. */
export class SeriesWork {
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly entries = new Map<string, Entry>();
  readonly jobs = new Set<SeriesJob>();
  listing: "none" | "running" | "complete" = "none";
  listedAt = Number.NEGATIVE_INFINITY;
  /** When it was last compared with the PACS without anybody's waiting for it. */
  triedAt = Number.NEGATIVE_INFINITY;
  /** The list that is known is not true any more. */
  isOutdated = false;
  /** Known as soon as it is decided, which may be long before the list is complete. */
  size: "unknown" | "small" | "large" = "unknown";
  /** The PACS lists no instances: the series comes as a whole. */
  isBlind = false;
  /** Instances in whose place the PACS has others by now, until somebody sees to them. */
  readonly replaced = new Set<Entry>();
  /** Those of the instances that were listed, the first one first: most series have only one. */
  readonly sopClassUids = new Set<string>();
  lastUsed = Number.NEGATIVE_INFINITY;
  lastUser = "";
  /** What arrived of it lately. */
  arrived = { instances: 0, bytes: 0 };
  /** Requests that wait for the list. */
  listReaders = 0;
  /** The list that the PACS is being asked for. */
  listed: Promise<void> | undefined;
  /** Ends what is done for the series when nobody wants it any more. */
  stopping = new AbortController();
  /** Nothing is fetched in advance before; milliseconds. */
  aheadNotBefore = Number.NEGATIVE_INFINITY;
  #order: readonly Entry[] = [];
  /** What was asked for last; its place may become known later. */
  #focus: Entry | undefined;
  /** Milliseconds from one instance to the next within one retrieve. */
  #pace: number | undefined;
  readonly #queued: Readonly<Record<WantPriority, Set<Entry>>> = {
    now: new Set(),
    bulk: new Set(),
  };
  #waiters = 0;

  constructor(studyInstanceUid: string, seriesInstanceUid: string) {
    this.studyInstanceUid = studyInstanceUid;
    this.seriesInstanceUid = seriesInstanceUid;
  }

  /** Entries in the order of Instance Number; empty until the list is complete. */
  get order(): readonly Entry[] {
    return this.#order;
  }

  /** Whether a request waits for an instance, or for the list. */
  get isAwaited(): boolean {
    return this.#waiters > 0 || this.listReaders > 0;
  }

  /** Ends what is done for it; what is asked for afterwards begins anew. */
  stop(): void {
    this.stopping.abort();
    this.stopping = new AbortController();
    this.listed = undefined;
    if (this.listing === "running") this.listing = "none";
    this.lastUsed = Number.NEGATIVE_INFINITY;
  }

  /** Fetching in advance goes on from here. */
  touch(entry: Entry): void {
    this.#focus = entry;
  }

  /** An instance of so many bytes has come. */
  noteArrival(byteLength: number): void {
    const { instances, bytes } = this.arrived;
    this.arrived = { instances: instances + 1, bytes: bytes + byteLength };
  }

  entry(sopInstanceUid: string): Entry {
    const known = this.entries.get(sopInstanceUid);
    if (known !== undefined) return known;
    const entry: Entry = {
      sopInstanceUid,
      sopClassUid: undefined,
      instanceNumber: undefined,
      version: undefined,
      position: undefined,
      isArrived: false,
      hasFailed: false,
      returns: 0,
      jobs: new Set(),
      waiters: new Set(),
    };
    this.entries.set(sopInstanceUid, entry);
    return entry;
  }

  /** Takes an instance from a list that is still growing. */
  note(listed: ListedInstance): Entry {
    const entry = this.entry(listed.sopInstanceUid);
    entry.sopClassUid = listed.sopClassUid ?? entry.sopClassUid;
    entry.instanceNumber = listed.instanceNumber ?? entry.instanceNumber;
    if (listed.sopClassUid !== undefined) this.sopClassUids.add(listed.sopClassUid);
    return entry;
  }

  /** The list is complete: settles the order, and gives the entries that are not in it. */
  complete(listed: readonly ListedInstance[], now: number): readonly Entry[] {
    // Of an instance that is listed twice the last counts.
    for (const [uid, version] of new Map(listed.map((one) => [one.sopInstanceUid, one.version]))) {
      const entry = this.entry(uid);
      const isOther = entry.version !== undefined && version !== undefined;
      if (isOther && entry.version !== version) this.replaced.add(entry);
      entry.version = version ?? entry.version;
    }
    const uids = new Set(listed.map(({ sopInstanceUid }) => sopInstanceUid));
    const absent = [...this.entries.values()].filter((entry) => !uids.has(entry.sopInstanceUid));
    for (const entry of absent) entry.position = undefined;
    const order = [...uids].map((uid) => this.entry(uid));
    order.sort((a, b) => (a.instanceNumber ?? 0) - (b.instanceNumber ?? 0));
    for (const [position, entry] of order.entries()) entry.position = position;
    this.#order = order;
    this.size = order.length > SMALL_SERIES ? "large" : "small";
    this.listing = "complete";
    this.listedAt = now;
    this.isOutdated = false;
    return absent;
  }

  /** What arrived is the list of a series that could not be listed. */
  learnFromArrivals(now: number): void {
    const arrived = [...this.entries.values()].filter(({ isArrived }) => isArrived);
    if (arrived.length > 0) this.complete(arrived, now);
  }

  /** Forgets an instance that the PACS does not list any more. */
  drop(entry: Entry): void {
    this.entries.delete(entry.sopInstanceUid);
    this.#unqueue(entry);
  }

  addWaiter(entry: Entry, waiter: Waiter): void {
    entry.waiters.add(waiter);
    this.#waiters += 1;
    entry.hasFailed = false;
    if (waiter.priority === "now") this.touch(entry);
    this.enqueue(entry);
  }

  removeWaiter(entry: Entry, waiter: Waiter): void {
    if (!entry.waiters.delete(waiter)) return;
    this.#waiters -= 1;
    if (entry.waiters.size === 0) this.#unqueue(entry);
  }

  /** Ends all waiting for the entry, and gives those who waited. */
  takeWaiters(entry: Entry): readonly Waiter[] {
    const waiters = [...entry.waiters];
    entry.waiters.clear();
    this.#waiters -= waiters.length;
    this.#unqueue(entry);
    return waiters;
  }

  /** Bytes of the whole series, if the others are like those that arrived. */
  expectedBytes(): number {
    const { instances, bytes } = this.arrived;
    return instances === 0 ? 0 : (bytes / instances) * this.#order.length;
  }

  /** Tells those who wait for the entry that it does not come. */
  fail(entry: Entry, error: unknown): void {
    for (const waiter of this.takeWaiters(entry)) waiter.reject(error);
  }

  /** The same for those that have waited since then, and that nothing is being done for. */
  failSince(since: number, error: unknown): void {
    for (const entry of [...this.entries.values()]) {
      const hasWaited = [...entry.waiters].some((waiter) => waiter.since <= since);
      if (hasWaited && entry.jobs.size === 0) this.fail(entry, error);
    }
  }

  /** The same for all that is neither on its way nor known to be there. */
  failAll(error: unknown): void {
    const isListed = this.listing === "complete";
    for (const entry of [...this.entries.values()]) {
      const isKnown = isListed && entry.position !== undefined;
      if (entry.jobs.size === 0 && !isKnown) this.fail(entry, error);
    }
  }

  /** Puts an entry that is waited for into the queue, unless it is being fetched. */
  enqueue(entry: Entry): void {
    if (entry.isArrived || entry.jobs.size > 0 || entry.waiters.size === 0) return;
    const isNow = [...entry.waiters].some(({ priority }) => priority === "now");
    this.#queued[isNow ? "now" : "bulk"].add(entry);
    if (isNow) this.#queued.bulk.delete(entry);
  }

  /** Takes an entry out of the queue until it is put there again. */
  hold(entry: Entry): void {
    this.#unqueue(entry);
  }

  queued(priority: WantPriority): ReadonlySet<Entry> {
    return this.#queued[priority];
  }

  /** Binds entries to a job. */
  claim(entries: readonly Entry[], job: SeriesJob): void {
    this.jobs.add(job);
    for (const entry of entries) {
      entry.jobs.add(job);
      this.#unqueue(entry);
    }
  }

  noteInterval(milliseconds: number): void {
    this.#pace =
      this.#pace === undefined
        ? milliseconds
        : this.#pace * (1 - WEIGHT_OF_LATEST) + milliseconds * WEIGHT_OF_LATEST;
  }

  /** Instances that one retrieve is to bring, as fast as they came lately. */
  batchSize(): number {
    if (this.#pace === undefined) return FIRST_BATCH;
    return Math.max(1, Math.min(LONGEST_BATCH, Math.round(BATCH_MS / Math.max(this.#pace, 1))));
  }

  /** Entries that are neither there nor on their way. */
  missing(): Entry[] {
    return this.#order.filter(isMissing);
  }

  countAhead(): number {
    return this.#order.reduce((sum, entry) => sum + (isMissing(entry) ? 1 : 0), 0);
  }

  /**
   * The next entries to fetch in advance: from what was asked for last to the end, then from there to the beginning.
   * The nearer they are, the smaller the batch, so that they do not wait for one another.
   */
  nextAhead(): readonly Entry[] {
    const focus = this.#focus?.position ?? 0;
    const forwards = this.#run(focus, 1);
    return forwards.length > 0 ? forwards : this.#run(focus - 1, -1);
  }

  #run(from: number, step: 1 | -1): readonly Entry[] {
    const run: Entry[] = [];
    let most = this.batchSize();
    for (let at = from; at >= 0 && at < this.#order.length; at += step) {
      const entry = this.#order[at];
      if (entry === undefined || !isMissing(entry) || entry.hasFailed) {
        if (run.length > 0) break;
        continue;
      }
      if (run.length === 0) most = Math.min(most, Math.max(4, Math.ceil(Math.abs(at - from) / 4)));
      run.push(entry);
      if (run.length >= most) break;
    }
    return run;
  }

  #unqueue(entry: Entry): void {
    this.#queued.now.delete(entry);
    this.#queued.bulk.delete(entry);
  }
}
