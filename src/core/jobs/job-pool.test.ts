import { describe, expect, it } from "vitest";
import { JobPool, type JobPoolOptions } from "./job-pool.ts";
import type { Job, JobWorkerEvents } from "./job-worker.ts";

/** A worker that does only what the test says. */
class ScriptedWorker {
  readonly events: JobWorkerEvents<string>;
  readonly started: { readonly id: number; readonly request: string }[] = [];
  readonly hints: string[] = [];
  isTerminated = false;

  constructor(events: JobWorkerEvents<string>) {
    this.events = events;
  }

  start(id: number, request: string): void {
    this.started.push({ id, request });
  }

  warm(hint: string): void {
    this.hints.push(hint);
  }

  terminate(): void {
    this.isTerminated = true;
  }

  /** Finishes the job that it has. */
  finish(result: string): void {
    this.events.finished(this.started.at(-1)?.id ?? 0, result);
  }
}

/** A pool of scripted workers whose clock is moved by hand. */
function scriptedPool(options: Partial<JobPoolOptions> = {}) {
  const workers: ScriptedWorker[] = [];
  const timers: { readonly delayMs: number; readonly fire: () => void; isStopped: boolean }[] = [];
  const pool = new JobPool<string, string>(
    (events) => {
      const worker = new ScriptedWorker(events);
      workers.push(worker);
      return worker;
    },
    {
      size: 1,
      prepareMs: 1000,
      maximumQueuedBytes: 1000,
      maximumRunningBytes: 1000,
      setTimer: (delayMs, fire) => {
        const timer = { delayMs, fire, isStopped: false };
        timers.push(timer);
        return () => {
          timer.isStopped = true;
        };
      },
      ...options,
    },
  );
  const worker = (index: number): ScriptedWorker => {
    const found = workers[index];
    if (found === undefined) throw new Error(`There is no worker ${index}`);
    return found;
  };
  return { pool, worker, workers, timers };
}

function job(request: string, facts: Partial<Job<string>> = {}): Job<string> {
  return { request, queuedBytes: 10, runningBytes: 10, timeoutMs: 50, priority: 0, ...facts };
}

const never = new AbortController().signal;

describe("JobPool", () => {
  it("spawns workers only as jobs need them, up to its size", () => {
    const { pool, workers } = scriptedPool({ size: 2 });
    expect(workers).toHaveLength(0);
    for (const request of ["a", "b", "c"]) void pool.run(job(request), never);
    expect(workers.map(({ started }) => started.map(({ request }) => request))).toEqual([
      ["a"],
      ["b"],
    ]);
  });

  it("starts the most urgent job first, and equal ones in the order in which they came", () => {
    const { pool, worker } = scriptedPool();
    void pool.run(job("first"), never);
    void pool.run(job("prefetch", { priority: 5 }), never);
    void pool.run(job("visible 1", { priority: 1 }), never);
    void pool.run(job("visible 2", { priority: 1 }), never);
    for (let count = 0; count < 3; count += 1) worker(0).finish("done");
    expect(worker(0).started.map(({ request }) => request)).toEqual([
      "first",
      "visible 1",
      "visible 2",
      "prefetch",
    ]);
  });

  it("lets a waiting job overtake when it has become more urgent", () => {
    const { pool, worker } = scriptedPool();
    for (const request of ["running", "a", "b", "c"])
      void pool.run(job(request, { priority: 5 }), never);
    pool.prioritize("c", 1);
    pool.prioritize("running", 1);
    for (let count = 0; count < 3; count += 1) worker(0).finish("done");
    expect(worker(0).started.map(({ request }) => request)).toEqual(["running", "c", "a", "b"]);
  });

  it("drops a waiting job when it is aborted", async () => {
    const { pool, worker } = scriptedPool();
    const controller = new AbortController();
    void pool.run(job("a"), never);
    const dropped = pool.run(job("b"), controller.signal);
    controller.abort();
    expect(await dropped).toEqual({ kind: "aborted" });
    worker(0).finish("done");
    expect(worker(0).started).toHaveLength(1);
  });

  it("answers the abort of a running job at once, and gives its late result to nobody", async () => {
    const { pool, worker } = scriptedPool();
    const controller = new AbortController();
    const aborted = pool.run(job("a"), controller.signal);
    const next = pool.run(job("b"), never);
    controller.abort();
    expect(await aborted).toEqual({ kind: "aborted" });
    worker(0).finish("result of a");
    worker(0).finish("result of b");
    expect(await next).toEqual({ kind: "finished", result: "result of b" });
  });

  it("refuses a job whose signal is aborted already", async () => {
    const { pool, workers } = scriptedPool();
    expect(await pool.run(job("a"), AbortSignal.abort())).toEqual({ kind: "aborted" });
    expect(workers).toHaveLength(0);
  });

  it("tries a job once more with a new worker when its worker dies", async () => {
    const { pool, worker } = scriptedPool();
    const outcome = pool.run(job("a"), never);
    worker(0).events.died("out of memory");
    worker(1).finish("done");
    expect(await outcome).toEqual({ kind: "finished", result: "done" });
    expect(worker(0).isTerminated).toBe(true);
  });

  it("gives a job up when two workers died under it, and goes on with the next", async () => {
    const { pool, worker } = scriptedPool();
    const poison = pool.run(job("poison"), never);
    const next = pool.run(job("next"), never);
    worker(0).events.died("first");
    worker(1).events.died("second");
    expect(await poison).toEqual({ kind: "worker-died", reason: "second" });
    worker(2).finish("done");
    expect(await next).toEqual({ kind: "finished", result: "done" });
  });

  it("does not try a job again that was aborted before its worker died", () => {
    const { pool, worker, workers } = scriptedPool();
    const controller = new AbortController();
    void pool.run(job("a"), controller.signal);
    controller.abort();
    worker(0).events.died("late");
    expect(workers).toHaveLength(1);
  });

  it("ends a worker that takes too long, counted from the start of the job itself", async () => {
    const { pool, worker, timers } = scriptedPool();
    const outcome = pool.run(job("a", { timeoutMs: 50 }), never);
    const next = pool.run(job("b"), never);
    worker(0).events.started(worker(0).started[0]?.id ?? 0);
    expect(timers.map(({ delayMs, isStopped }) => [delayMs, isStopped])).toEqual([
      [1000, true],
      [50, false],
    ]);
    timers[1]?.fire();
    expect(await outcome).toEqual({ kind: "timeout" });
    expect(worker(0).isTerminated).toBe(true);
    worker(0).finish("too late");
    worker(1).finish("b");
    expect(await next).toEqual({ kind: "finished", result: "b" });
  });

  it("stops its timers when a job is done", () => {
    const { pool, worker, timers } = scriptedPool();
    void pool.run(job("a"), never);
    worker(0).finish("done");
    expect(timers.every(({ isStopped }) => isStopped)).toBe(true);
  });

  it("refuses the least urgent of the waiting jobs when they hold too many bytes", async () => {
    const { pool, worker } = scriptedPool({ maximumQueuedBytes: 100 });
    void pool.run(job("running"), never);
    const far = pool.run(job("far", { queuedBytes: 60, priority: 9 }), never);
    const near = pool.run(job("near", { queuedBytes: 60, priority: 1 }), never);
    expect(await far).toEqual({ kind: "crowded-out" });
    worker(0).finish("done");
    worker(0).finish("near");
    expect(await near).toEqual({ kind: "finished", result: "near" });
  });

  it("runs no more jobs at a time than memory allows, but always one", () => {
    const { pool, worker, workers } = scriptedPool({ size: 3, maximumRunningBytes: 100 });
    void pool.run(job("huge", { runningBytes: 500 }), never);
    void pool.run(job("small"), never);
    expect(workers).toHaveLength(1);
    worker(0).finish("done");
    expect(worker(0).started.map(({ request }) => request)).toEqual(["huge", "small"]);
  });

  it("hands hints to workers that are there and to those that come later", () => {
    const { pool, worker } = scriptedPool({ size: 2 });
    pool.warm("codec");
    void pool.run(job("a"), never);
    void pool.run(job("b"), never);
    expect([worker(0).hints, worker(1).hints]).toEqual([["codec"], ["codec"]]);
  });

  it("settles everything and ends its workers when it is closed", async () => {
    const { pool, worker } = scriptedPool();
    const outcomes = [pool.run(job("a"), never), pool.run(job("b"), never)];
    pool.close();
    expect(await Promise.all(outcomes)).toEqual([{ kind: "closed" }, { kind: "closed" }]);
    expect(worker(0).isTerminated).toBe(true);
    expect(await pool.run(job("c"), never)).toEqual({ kind: "closed" });
  });
});
