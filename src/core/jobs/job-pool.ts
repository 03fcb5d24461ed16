import type {
  Job,
  JobOutcome,
  JobSignal,
  JobWorker,
  SetTimer,
  SpawnJobWorker,
} from "./job-worker.ts";

/** Limits of a pool. */
export interface JobPoolOptions {
  /** Most workers at a time; they are spawned as they are needed. */
  readonly size: number;
  /** How long a worker may prepare (load code over the network) before a job begins, ms. */
  readonly prepareMs: number;
  /** Bytes that may wait; beyond, the least urgent jobs are refused. */
  readonly maximumQueuedBytes: number;
  /** Bytes that running jobs may take together; one job runs whatever it takes. */
  readonly maximumRunningBytes: number;
  readonly setTimer: SetTimer;
}

interface Pending<Request, Result> {
  readonly id: number;
  job: Job<Request>;
  readonly settle: (outcome: JobOutcome<Result>) => void;
  /** Whether nobody waits for it any more. */
  isSettled: boolean;
  /** Workers that died under this job. */
  deaths: number;
}

interface Seat<Request, Result> {
  readonly worker: JobWorker<Request>;
  pending: Pending<Request, Result> | undefined;
  stopTimer: () => void;
}

/**
 * Workers and the jobs that wait for them, by priority. A worker that dies is replaced and its job tried once
 * more; one that takes too long is ended, and its job fails. An abort drops a waiting job and lets a running one
 * end unheard, so that its worker stays good. Every job settles exactly once; promises never reject.
 */
export class JobPool<Request, Result> {
  readonly #spawn: SpawnJobWorker<Request, Result>;
  readonly #options: JobPoolOptions;
  readonly #seats = new Set<Seat<Request, Result>>();
  readonly #hints = new Set<string>();
  #waiting: Pending<Request, Result>[] = [];
  #lastId = 0;
  #isClosed = false;

  constructor(spawn: SpawnJobWorker<Request, Result>, options: JobPoolOptions) {
    this.#spawn = spawn;
    this.#options = options;
  }

  run(job: Job<Request>, signal: JobSignal): Promise<JobOutcome<Result>> {
    if (this.#isClosed) return Promise.resolve({ kind: "closed" });
    if (signal.aborted) return Promise.resolve({ kind: "aborted" });
    return new Promise((resolve) => {
      this.#lastId += 1;
      const abort = () => {
        this.#waiting = this.#waiting.filter((other) => other !== pending);
        pending.settle({ kind: "aborted" });
      };
      const pending: Pending<Request, Result> = {
        id: this.#lastId,
        job,
        deaths: 0,
        isSettled: false,
        settle: (outcome) => {
          pending.isSettled = true;
          signal.removeEventListener("abort", abort);
          resolve(outcome);
        },
      };
      signal.addEventListener("abort", abort);
      this.#enqueue(pending);
      this.#dispatch();
      this.#refuseExcess();
    });
  }

  /** Gives the waiting job of this very request another priority; one that runs or is done stays as it is. */
  prioritize(request: Request, priority: number): void {
    const pending = this.#waiting.find(({ job }) => job.request === request);
    if (pending === undefined) return;
    this.#waiting = this.#waiting.filter((other) => other !== pending);
    pending.job = { ...pending.job, priority };
    this.#enqueue(pending);
  }

  /** Tells all workers, now and later ones, what to prepare for; spawns the first when there is none. */
  warm(hint: string): void {
    if (this.#isClosed || this.#hints.has(hint)) return;
    this.#hints.add(hint);
    for (const seat of this.#seats) seat.worker.warm(hint);
    if (this.#seats.size === 0) this.#addSeat();
  }

  /** Ends all workers; what waits or runs settles as `closed`. */
  close(): void {
    this.#isClosed = true;
    const running = [...this.#seats].map((seat) => this.#removeSeat(seat));
    for (const pending of [...running, ...this.#waiting]) pending?.settle({ kind: "closed" });
    this.#waiting = [];
  }

  #enqueue(pending: Pending<Request, Result>): void {
    const before = (other: Pending<Request, Result>) =>
      other.job.priority - pending.job.priority || other.id - pending.id;
    const at = this.#waiting.findIndex((other) => before(other) > 0);
    this.#waiting.splice(at === -1 ? this.#waiting.length : at, 0, pending);
  }

  #refuseExcess(): void {
    let bytes = this.#waiting.reduce((sum, { job }) => sum + job.queuedBytes, 0);
    while (bytes > this.#options.maximumQueuedBytes) {
      const last = this.#waiting.pop();
      if (last === undefined) return;
      bytes -= last.job.queuedBytes;
      last.settle({ kind: "crowded-out" });
    }
  }

  #dispatch(): void {
    while (!this.#isClosed) {
      const next = this.#waiting[0];
      if (next === undefined || !this.#hasRoom(next.job)) return;
      const seat = this.#idleSeat() ?? this.#addSeat();
      if (seat === undefined) return;
      this.#waiting.shift();
      this.#start(seat, next);
    }
  }

  #hasRoom(job: Job<Request>): boolean {
    let running = 0;
    for (const seat of this.#seats) running += seat.pending?.job.runningBytes ?? 0;
    return running === 0 || running + job.runningBytes <= this.#options.maximumRunningBytes;
  }

  #idleSeat(): Seat<Request, Result> | undefined {
    for (const seat of this.#seats) if (seat.pending === undefined) return seat;
    return undefined;
  }

  #addSeat(): Seat<Request, Result> | undefined {
    if (this.#seats.size >= this.#options.size) return undefined;
    const worker = this.#spawn({
      started: (id) => {
        if (seat.pending?.id === id) this.#watch(seat, seat.pending.job.timeoutMs);
      },
      finished: (id, result) => this.#finish(seat, id, result),
      died: (reason) => this.#bury(seat, reason),
    });
    const seat: Seat<Request, Result> = { worker, pending: undefined, stopTimer: () => undefined };
    this.#seats.add(seat);
    for (const hint of this.#hints) worker.warm(hint);
    return seat;
  }

  #start(seat: Seat<Request, Result>, pending: Pending<Request, Result>): void {
    seat.pending = pending;
    this.#watch(seat, this.#options.prepareMs);
    seat.worker.start(pending.id, pending.job.request);
  }

  #watch(seat: Seat<Request, Result>, delayMs: number): void {
    seat.stopTimer();
    seat.stopTimer = this.#options.setTimer(delayMs, () => {
      this.#removeSeat(seat)?.settle({ kind: "timeout" });
      this.#dispatch();
    });
  }

  #finish(seat: Seat<Request, Result>, id: number, result: Result): void {
    const { pending } = seat;
    if (pending?.id !== id) return;
    seat.stopTimer();
    seat.pending = undefined;
    pending.settle({ kind: "finished", result });
    this.#dispatch();
  }

  #bury(seat: Seat<Request, Result>, reason: string): void {
    if (!this.#seats.has(seat)) return;
    const pending = this.#removeSeat(seat);
    if (pending !== undefined && !pending.isSettled) {
      pending.deaths += 1;
      if (pending.deaths > 1) pending.settle({ kind: "worker-died", reason });
      else this.#enqueue(pending);
    }
    this.#dispatch();
  }

  #removeSeat(seat: Seat<Request, Result>): Pending<Request, Result> | undefined {
    const { pending } = seat;
    seat.stopTimer();
    seat.pending = undefined;
    this.#seats.delete(seat);
    seat.worker.terminate();
    return pending;
  }
}
