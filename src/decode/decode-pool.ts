import { DECODE_LIMITS, decodeJob, decodeOutcome } from "#core/jobs/decode-job.ts";
import { JobPool } from "#core/jobs/job-pool.ts";
import type { JobWorker, JobWorkerEvents } from "#core/jobs/job-worker.ts";
import type { DecodeOutcome, DecodeRequest, FromDecodeWorker, ToDecodeWorker } from "./protocol.ts";

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

/** Decodes frames in workers, the most urgent first. */
export class DecodePool {
  readonly #pool: JobPool<DecodeRequest, DecodeOutcome>;
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
    return decodeOutcome(await this.#pool.run(decodeJob(request, priority), signal));
  }

  /** Loads the codec of a transfer syntax while its frames are still on the wire. */
  warm(transferSyntaxUid: string): void {
    this.#pool.warm(transferSyntaxUid);
  }

  close(): void {
    this.#pool.close();
  }

  #connect(worker: WorkerLike, events: JobWorkerEvents<DecodeOutcome>): JobWorker<DecodeRequest> {
    worker.onmessage = ({ data }) => {
      if (data.type === "started") events.started(data.id);
      else if (data.type === "decoded") events.finished(data.id, data.outcome);
      else this.#onKept({ frameKey: data.frameKey, bytes: data.bytes, ok: data.ok });
    };
    worker.onerror = () => events.died("an error in the worker");
    worker.onmessageerror = () => events.died("an answer that cannot be read");
    return {
      // Not transferred: a worker that dies takes its bytes with it, and the job is to be tried again.
      start: (id, request) => worker.postMessage({ type: "decode", id, request }),
      warm: (transferSyntaxUid) => worker.postMessage({ type: "warm", transferSyntaxUid }),
      terminate: () => worker.terminate(),
    };
  }
}

function defaultSize(): number {
  return Math.max(1, Math.min(navigator.hardwareConcurrency - 1, 4));
}
