import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import {
  DECODE_LIMITS,
  decodeJob,
  decodeOutcome,
  type EncodedFrameRequest,
} from "#core/jobs/decode-job.ts";
import { JobPool } from "#core/jobs/job-pool.ts";
import type { JobWorker, JobWorkerEvents } from "#core/jobs/job-worker.ts";
import type { DecodeOutcome } from "#core/pixels/decode-outcome.ts";
import { decodeAnswerer } from "./answer-decode.ts";
import type { PictureOutcome, PictureRequest } from "./rendering/render-picture.ts";
import type { FromDecodeThread, ThreadOutcome, ThreadRequest } from "./thread-protocol.ts";

type Events = JobWorkerEvents<ThreadOutcome>;
type DecodeWorker = JobWorker<ThreadRequest>;

/** Settings of the threads; the defaults suit a server. */
export interface DecodeThreadsOptions {
  /** Threads at most; by default one less than the processors, 1 to 4. */
  readonly size?: number;
  /** Makes a thread, so that faults can be simulated. */
  readonly spawn?: (events: Events) => DecodeWorker;
}

/** An answer to another question than the one that was asked. */
const OTHER_ANSWER = {
  ok: false,
  error: { code: "worker-died", message: "The decoder answered something else." },
} as const;

/** Decodes frames in threads of the companion, the most urgent first. */
export class DecodeThreads {
  readonly #pool: JobPool<ThreadRequest, ThreadOutcome>;

  constructor(options: DecodeThreadsOptions = {}) {
    const size = options.size ?? Math.max(1, Math.min(availableParallelism() - 1, 4));
    this.#pool = new JobPool(options.spawn ?? spawnThread, {
      size,
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
  async decode(
    request: EncodedFrameRequest,
    signal: AbortSignal,
    priority = 0,
  ): Promise<DecodeOutcome> {
    const outcome = decodeOutcome(await this.#pool.run(decodeJob(request, priority), signal));
    return outcome.ok && "picture" in outcome ? OTHER_ANSWER : outcome;
  }

  /** Decodes one frame and makes a picture of it; otherwise like `decode`. */
  async render(
    request: EncodedFrameRequest,
    picture: PictureRequest,
    signal: AbortSignal,
    priority = 0,
  ): Promise<PictureOutcome> {
    const job = decodeJob<ThreadRequest>({ ...request, picture }, priority);
    const outcome = decodeOutcome(await this.#pool.run(job, signal));
    return outcome.ok && "frame" in outcome ? OTHER_ANSWER : outcome;
  }

  close(): void {
    this.#pool.close();
  }
}

/** A thread of the built companion; run from sources, the same work in the thread of the caller. */
function spawnThread(events: Events): DecodeWorker {
  const built = new URL("./decode-thread.js", import.meta.url);
  return existsSync(fileURLToPath(built)) ? threadOf(new Worker(built), events) : inPlace(events);
}

/** A worker thread as the pool sees it. */
export function threadOf(worker: Worker, events: Events): DecodeWorker {
  let isEnded = false;
  const died = (reason: string) => {
    if (!isEnded) events.died(reason);
  };
  worker.on("message", (message: FromDecodeThread) => tell(events, message));
  worker.on("error", () => died("an error in the thread"));
  worker.on("messageerror", () => died("an answer that cannot be read"));
  worker.on("exit", () => died("the thread ended"));
  // An idle thread must not keep the companion alive.
  worker.unref();
  return {
    start: (id, request) => worker.postMessage({ type: "decode", id, request }),
    warm: (transferSyntaxUid) => worker.postMessage({ type: "warm", transferSyntaxUid }),
    terminate: () => {
      isEnded = true;
      void worker.terminate();
    },
  };
}

function inPlace(events: Events): DecodeWorker {
  let isEnded = false;
  const answer = decodeAnswerer((message) => {
    if (!isEnded) tell(events, message);
  });
  return {
    start: (id, request) => void answer({ type: "decode", id, request }),
    warm: (transferSyntaxUid) => void answer({ type: "warm", transferSyntaxUid }),
    terminate: () => {
      isEnded = true;
    },
  };
}

function tell(events: Events, message: FromDecodeThread): void {
  if (message.type === "started") events.started(message.id);
  else events.finished(message.id, message.outcome);
}
