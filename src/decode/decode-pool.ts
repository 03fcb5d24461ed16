import { DECODE_LIMITS, decodeJob, decodeOutcome } from "#core/jobs/decode-job.ts";
import { JobPool } from "#core/jobs/job-pool.ts";
import type { JobWorker, JobWorkerEvents } from "#core/jobs/job-worker.ts";
import type {
  DecodeOutcome,
  DecodeRequest,
  FromDecodeWorker,
  KeepRequest,
  ToDecodeWorker,
} from "./protocol.ts";

/** The part of a Worker that the pool uses. */
export interface WorkerLike {
  postMessage(message: ToDecodeWorker): void;
  terminate(): void;
  onmessage: ((event: MessageEvent<FromDecodeWorker>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
  onmessageerror: ((event: MessageEvent) => void) | null;
}

/** What a frame that a worker tried to keep in the cache took. */
export type KeptFrame = Omit<Extract<FromDecodeWorker, { type: "kept" }>, "type">;

/** Settings of a pool; the defaults suit a browser. */
export interface DecodePoolOptions {
  /** Workers at most; by default one less than the processors, 1 to 4. */
  readonly size?: number;
  /** Called when a worker has kept a frame in the cache, or could not. */
  readonly onKept?: (kept: KeptFrame) => void;
}

type PoolRequest = DecodeRequest | KeepRequest;
/** A frame that was handed over to be kept has no result: what became of it comes as `kept`. */
type PoolResult = DecodeOutcome | "taken";

/** After everything that somebody may look at. */
const KEEP_PRIORITY = 9;
const KEEP_LIMIT_MS = 10_000;

/** Decodes frames in workers, the most urgent first. */
export class DecodePool {
  readonly #pool: JobPool<PoolRequest, PoolResult>;
  readonly #onKept: (kept: KeptFrame) => void;

  constructor(createWorker: () => WorkerLike, options: DecodePoolOptions = {}) {
    this.#onKept = options.onKept ?? (() => undefined);
    this.#pool = new JobPool((events) => this.#connect(createWorker(), events), {
      size: options.size ?? defaultSize(),
      ...DECODE_LIMITS,
      setTimer: (delayMs, fire) => {
        const timer = setTimeout(fire, delayMs);
        return () => clearTimeout(timer);
      },
    });
  }

  /**
   * Decodes one frame. Takes `request.encoded` over. Lower `priority` goes first. Never rejects; after an abort
   * it settles at once, as `aborted`.
   */
  async decode(request: DecodeRequest, signal: AbortSignal, priority = 0): Promise<DecodeOutcome> {
    const outcome = await this.#pool.run(decodeJob(request, priority), signal);
    if (outcome.kind !== "finished") return decodeOutcome(outcome);
    return outcome.result === "taken" ? NOT_DECODED : outcome.result;
  }

  /** Lets a frame that waits to be decoded overtake the others, because somebody looks at its place now. */
  prioritize(request: DecodeRequest, priority: number): void {
    this.#pool.prioritize(request, priority);
  }

  /**
   * Keeps a frame that was decoded already, when there is nothing to decode. Settles when a worker has taken it,
   * or never will; never rejects.
   */
  async keep(request: KeepRequest, signal: AbortSignal): Promise<void> {
    const bytes = request.frame.samples.byteLength;
    const limits = { queuedBytes: bytes, runningBytes: bytes, timeoutMs: KEEP_LIMIT_MS };
    await this.#pool.run({ request, priority: KEEP_PRIORITY, ...limits }, signal);
  }

  /** Loads the codec of a transfer syntax while its frames are still on the wire. */
  warm(transferSyntaxUid: string): void {
    this.#pool.warm(transferSyntaxUid);
  }

  close(): void {
    this.#pool.close();
  }

  #connect(worker: WorkerLike, events: JobWorkerEvents<PoolResult>): JobWorker<PoolRequest> {
    worker.onmessage = ({ data }) => {
      if (data.type === "started") events.started(data.id);
      else if (data.type === "decoded") events.finished(data.id, data.outcome);
      else if (data.type === "taken") events.finished(data.id, "taken");
      else this.#onKept({ frameKey: data.frameKey, bytes: data.bytes, ok: data.ok });
    };
    worker.onerror = () => events.died("an error in the worker");
    worker.onmessageerror = () => events.died("an answer that cannot be read");
    return {
      // Not transferred: a worker that dies takes its bytes with it, and the job is to be tried again.
      start: (id, request) =>
        worker.postMessage(
          "encoded" in request ? { type: "decode", id, request } : { type: "keep", id, request },
        ),
      warm: (transferSyntaxUid) => worker.postMessage({ type: "warm", transferSyntaxUid }),
      terminate: () => worker.terminate(),
    };
  }
}

/** What a worker says only when it mixes up its jobs. */
const NOT_DECODED: DecodeOutcome = {
  ok: false,
  error: { code: "worker-died", message: "The decoder gave no answer." },
};

function defaultSize(): number {
  return Math.max(1, Math.min(navigator.hardwareConcurrency - 1, 4));
}
