/** A worker as a pool sees it: one job at a time, of which it tells through the events that it was spawned with. */
export interface JobWorker<Request> {
  start(id: number, request: Request): void;
  /** Something to prepare for; the worker may ignore it. */
  warm(hint: string): void;
  /** Ends the worker at once, whatever it does. No event comes afterwards. */
  terminate(): void;
}

/** What a worker tells its pool. */
export interface JobWorkerEvents<Result> {
  /** Preparations are done and the job itself begins. */
  started(id: number): void;
  finished(id: number, result: Result): void;
  /** The worker is lost. `reason` is one sentence without patient data. */
  died(reason: string): void;
}

export type SpawnJobWorker<Request, Result> = (
  events: JobWorkerEvents<Result>,
) => JobWorker<Request>;

/** A job and what it takes. */
export interface Job<Request> {
  readonly request: Request;
  /** Bytes that it holds while it waits. */
  readonly queuedBytes: number;
  /** Bytes that it takes while it runs. */
  readonly runningBytes: number;
  /** How long it may run once it has begun, ms. */
  readonly timeoutMs: number;
  /** Lower goes first; equal ones in the order in which they came. */
  readonly priority: number;
}

/** What became of a job. */
export type JobOutcome<Result> =
  | { readonly kind: "finished"; readonly result: Result }
  | { readonly kind: "aborted" }
  | { readonly kind: "timeout" }
  | { readonly kind: "worker-died"; readonly reason: string }
  /** Too much waits already. */
  | { readonly kind: "crowded-out" }
  | { readonly kind: "closed" };

/** The part of an AbortSignal that a pool uses. */
export interface JobSignal {
  readonly aborted: boolean;
  addEventListener(type: "abort", listener: () => void): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

/** Calls `fire` after `delayMs`; the function that it gives cancels that. */
export type SetTimer = (delayMs: number, fire: () => void) => () => void;
