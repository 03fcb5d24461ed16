import type { DecodedFrame } from "#core/pixels/decoded-frame.ts";
import type { FrameStore } from "../cache/frame-store.ts";
import type { StudySource } from "../retrieve/study-source.ts";
import { type Failure, isPassing } from "./failure.ts";
import type { FrameDecoder } from "./frame-decoder.ts";
import { FrameMemory } from "./frame-memory.ts";
import { FramePipeline } from "./frame-pipeline.ts";
import {
  expectedFrameBytes,
  type FrameOutcome,
  type FrameRequest,
  frameKeyOf,
} from "./frame-request.ts";
import { StoredFrames } from "./stored-frames.ts";
import { type KeptWord, UnkeptFrames } from "./unkept-frames.ts";
import { type FramePurpose, URGENCY, Urgency } from "./urgency.ts";

export interface FrameProviderOptions {
  readonly source: StudySource;
  readonly decode: FrameDecoder;
  /** The storage, once it is open; undefined where there is none. Must not reject. */
  readonly store: Promise<FrameStore | undefined>;
  /** How long a frame waits for the storage to open before it takes the network; 0 by default. */
  readonly storePatienceMs?: number;
  readonly memoryBudgetBytes: number;
  /** Requests at once; HTTP/1.1 allows six per host. One is left free for visible frames. */
  readonly concurrency: number;
}

/** One frame under way. */
interface Job {
  readonly request: FrameRequest;
  readonly abort: AbortController;
  readonly outcome: Promise<FrameOutcome>;
  readonly urgency: Urgency;
  /** Viewports that wait for it. */
  waiting: number;
  isPlanned: boolean;
}

/** How long a refusal that repeating cannot cure is remembered, so that scrolling past it does not repeat it. */
const LASTING_FAILURE_MS = 30_000;
/** What the archive has with one instance: the others can be fetched ahead all the same. */
const OF_ONE_INSTANCE: ReadonlySet<string> = new Set(["not-retrieved", "server-error"]);
/** How long fetching ahead rests after a failure that passes. */
const PREFETCH_REST_MS = 5000;
const NOTICE_DELAY_MS = 50;

/** The corridor: gives decoded frames from memory, storage or the archive, whichever is nearest. */
export class FrameProvider {
  readonly #pipeline: FramePipeline;
  readonly #memory: FrameMemory;
  readonly #stored: StoredFrames;
  readonly #unkept: UnkeptFrames;
  readonly #store: Promise<FrameStore | undefined>;
  readonly #source: StudySource;
  readonly #concurrency: number;
  readonly #running = new Map<string, Job>();
  readonly #failures = new Map<string, { readonly failure: Failure; readonly until: number }>();
  /** Frames that could not be fetched ahead, and until when it is not tried again; who looks at one asks anew. */
  readonly #leftOut = new Map<string, number>();
  readonly #listeners = new Set<() => void>();
  #queue: FrameRequest[] = [];
  /** Thumbnails that wait for their turn; a call lets one begin. */
  readonly #turns = new Set<() => void>();
  #restTimer: ReturnType<typeof setTimeout> | undefined;
  #noticeTimer: ReturnType<typeof setTimeout> | undefined;
  /** Whether any frame, or the failure of one, was given. */
  #hasAnswered = false;
  #isClosed = false;

  constructor(options: FrameProviderOptions) {
    this.#memory = new FrameMemory(options.memoryBudgetBytes);
    const peek = (key: string): DecodedFrame | undefined => this.#memory.peek(key);
    this.#unkept = new UnkeptFrames(options.store, options.decode, peek);
    this.#pipeline = new FramePipeline(
      options.source,
      options.decode,
      options.store,
      options.storePatienceMs ?? 0,
      this.#unkept,
    );
    this.#store = options.store;
    this.#stored = new StoredFrames(options.store, () => this.#noticeChange());
    this.#source = options.source;
    this.#concurrency = options.concurrency;
  }

  /**
   * The frame, before everything that is only prefetched. Rejects only after an abort, with its reason.
   * Requests for the same frame share one retrieval and one decoding. A thumbnail waits for its turn among what is
   * prefetched, at the head of it; a visible frame never waits.
   */
  async frame(
    request: FrameRequest,
    signal: AbortSignal,
    purpose: FramePurpose = "visible",
  ): Promise<FrameOutcome> {
    signal.throwIfAborted();
    const key = frameKeyOf(request.address);
    if (purpose === "visible") this.#memory.markShown(key);
    const known = this.#known(key);
    if (known !== undefined) return known;
    const job =
      purpose === "visible"
        ? this.#join(key, request, purpose)
        : await this.#inTurn(key, request, signal);
    if (job === undefined) return this.frame(request, signal, purpose);
    try {
      return await untilAborted(job.outcome, signal);
    } finally {
      job.waiting--;
      this.#stopIfUnwanted(key, job);
    }
  }

  /** The frame if it is in memory. */
  peek(request: FrameRequest): DecodedFrame | undefined {
    return this.#memory.peek(frameKeyOf(request.address));
  }

  /** Replaces the queue of frames to fetch ahead; order is importance. What is no longer in it is aborted. */
  prefetch(requests: readonly FrameRequest[]): void {
    const keys = requests.map(({ address }) => frameKeyOf(address));
    const planned = new Set(keys);
    this.#memory.setPlan(keys);
    this.#queue = [...requests];
    for (const [key, job] of [...this.#running]) {
      job.isPlanned = planned.has(key);
      this.#stopIfUnwanted(key, job);
    }
    this.#pump();
  }

  /** Whether the frame can be had without the network: it is in memory or in storage. */
  isCached(request: FrameRequest): boolean {
    return this.#memory.has(frameKeyOf(request.address)) || this.#stored.has(request);
  }

  /** Calls back, some twenty times a second at most, when answers of `isCached` may have changed. Gives the end of it. */
  onCachedChanged(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Takes the word of a decode worker on what became of a frame that was to be kept. */
  noteKept(kept: KeptWord): void {
    this.#store.then(
      (store) => {
        store?.noteKept(kept);
        this.#unkept.noteKept(kept);
        this.#noticeChange();
      },
      () => undefined,
    );
  }

  /** Stops all work and lets go of all frames. */
  close(): void {
    this.#isClosed = true;
    this.#queue = [];
    clearTimeout(this.#restTimer);
    clearTimeout(this.#noticeTimer);
    // Each begins a job that is aborted at once: who waits hears of it.
    for (const begin of this.#turns) begin();
    this.#turns.clear();
    for (const job of this.#running.values()) job.abort.abort();
    this.#running.clear();
    this.#unkept.close();
    this.#memory.clear();
    this.#listeners.clear();
  }

  #known(key: string): FrameOutcome | undefined {
    const frame = this.#memory.use(key);
    if (frame !== undefined) return { ok: true, frame, from: "memory" };
    const failure = this.#lastingFailure(key);
    return failure === undefined ? undefined : { ok: false, failure };
  }

  #join(key: string, request: FrameRequest, purpose: FramePurpose): Job {
    const job = this.#running.get(key) ?? this.#start(key, request, URGENCY[purpose]);
    job.urgency.raise(URGENCY[purpose]);
    job.waiting++;
    return job;
  }

  /** Joins the job of a frame when the network has room for it; undefined when it was fetched ahead by then. */
  #inTurn(key: string, request: FrameRequest, signal: AbortSignal): Promise<Job | undefined> {
    return new Promise((resolve, reject) => {
      const begin = (): void => {
        signal.removeEventListener("abort", leave);
        resolve(this.#memory.has(key) ? undefined : this.#join(key, request, "thumbnail"));
      };
      const leave = (): void => {
        this.#turns.delete(begin);
        reject(signal.reason);
      };
      signal.addEventListener("abort", leave, { once: true });
      this.#turns.add(begin);
      this.#pump();
    });
  }

  #start(key: string, request: FrameRequest, value: number): Job {
    const abort = new AbortController();
    const urgency = new Urgency(value);
    const outcome = this.#pipeline.run(request, abort.signal, urgency);
    const isPlanned = value === URGENCY.ahead;
    const job: Job = { request, abort, outcome, urgency, waiting: 0, isPlanned };
    this.#running.set(key, job);
    outcome.then(
      (result) => this.#finish(key, job, result),
      () => this.#running.delete(key),
    );
    return job;
  }

  #finish(key: string, job: Job, outcome: FrameOutcome): void {
    // A job that was aborted has left already, and another may stand in its place.
    if (this.#running.get(key) !== job) return;
    this.#running.delete(key);
    this.#hasAnswered = true;
    if (outcome.ok) this.#remember(key, job, outcome.frame);
    else this.#noteFailure(key, job, outcome.failure);
    this.#pump();
  }

  #remember(key: string, job: Job, frame: DecodedFrame): void {
    this.#failures.delete(key);
    if (job.waiting === 0 && !this.#memory.hasRoomFor(key, frame.samples.byteLength)) return;
    this.#memory.add(key, frame);
    this.#unkept.work();
    this.#noticeChange();
  }

  #noteFailure(key: string, job: Job, failure: Failure): void {
    if (!isPassing(failure)) {
      this.#failures.set(key, { failure, until: Date.now() + LASTING_FAILURE_MS });
    } else if (OF_ONE_INSTANCE.has(failure.code)) {
      this.#leftOut.set(key, Date.now() + LASTING_FAILURE_MS);
    } else if (job.waiting === 0) {
      this.#queue.unshift(job.request);
      this.#rest();
    }
  }

  #lastingFailure(key: string): Failure | undefined {
    const known = this.#failures.get(key);
    if (known === undefined || Date.now() < known.until) return known?.failure;
    this.#failures.delete(key);
    return undefined;
  }

  #stopIfUnwanted(key: string, job: Job): void {
    if (job.waiting > 0 || job.isPlanned || this.#running.get(key) !== job) return;
    this.#running.delete(key);
    job.abort.abort();
    this.#pump();
  }

  #rest(): void {
    this.#restTimer ??= setTimeout(() => {
      this.#restTimer = undefined;
      this.#pump();
    }, PREFETCH_REST_MS);
  }

  #pump(): void {
    if (this.#isClosed) return;
    while (this.#running.size < this.#backgroundLimit()) {
      const [begin] = this.#turns;
      if (begin !== undefined) {
        this.#turns.delete(begin);
        begin();
      } else if (!this.#fetchAhead()) return;
    }
  }

  /** Frames that may be under way before somebody waits for one: beside other requests, one connection stays free. */
  #backgroundLimit(): number {
    const others = this.#source.requestsBesidesFrames ?? 0;
    return Math.max(1, this.#concurrency - 1 - others);
  }

  /** Whether somebody waits for the very first frame: until it is there, nothing shares the way with it. */
  #isFirstUnderWay(): boolean {
    if (this.#hasAnswered) return false;
    return [...this.#running.values()].some(({ waiting }) => waiting > 0);
  }

  /** Starts to fetch the next planned frame that is worth it; false when there is none, or it is no time for it. */
  #fetchAhead(): boolean {
    if (this.#restTimer !== undefined || this.#isFirstUnderWay()) return false;
    for (;;) {
      const request = this.#queue.shift();
      if (request === undefined) return false;
      const key = frameKeyOf(request.address);
      if (this.#running.has(key) || !this.#isWorthFetching(key, request)) continue;
      this.#start(key, request, URGENCY.ahead);
      return true;
    }
  }

  /** A frame without room in memory is still worth fetching when storage can keep it, and does not yet. */
  #isWorthFetching(key: string, request: FrameRequest): boolean {
    if (this.#memory.has(key) || this.#lastingFailure(key) !== undefined) return false;
    if (Date.now() < (this.#leftOut.get(key) ?? 0)) return false;
    // Frames under way have no place in memory yet, but they are going to need one.
    const wanted = [request, ...[...this.#running.values()].map((job) => job.request)];
    const bytes = wanted.reduce((sum, { imagePixel }) => sum + expectedFrameBytes(imagePixel), 0);
    if (this.#memory.hasRoomFor(key, bytes)) return true;
    return this.#source.isCacheable && this.#stored.isOpen && !this.#stored.has(request);
  }

  #noticeChange(): void {
    if (this.#listeners.size === 0) return;
    this.#noticeTimer ??= setTimeout(() => {
      this.#noticeTimer = undefined;
      for (const listener of this.#listeners) listener();
    }, NOTICE_DELAY_MS);
  }
}

/** The result, or a rejection with the signal's reason as soon as it is aborted. */
async function untilAborted<T>(result: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  let stop = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
  });
  return Promise.race([result, aborted]).finally(() => signal.removeEventListener("abort", stop));
}
