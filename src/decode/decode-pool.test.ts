import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { DecodePool, type KeptFrame, type WorkerLike } from "./decode-pool.ts";
import type {
  DecodeOutcome,
  DecodeRequest,
  FromDecodeWorker,
  KeepRequest,
  ToDecodeWorker,
} from "./protocol.ts";

/** A worker that answers only when the test says so. */
class SilentWorker implements WorkerLike {
  onmessage: WorkerLike["onmessage"] = null;
  onerror: (() => void) | null = null;
  onmessageerror: (() => void) | null = null;
  readonly messages: ToDecodeWorker[] = [];
  isTerminated = false;

  postMessage(message: ToDecodeWorker): void {
    this.messages.push(message);
  }

  terminate(): void {
    this.isTerminated = true;
  }

  say(data: FromDecodeWorker): void {
    this.onmessage?.(new MessageEvent("message", { data }));
  }

  /** The number of the job that it was given last. */
  get jobId(): number {
    const last = this.messages.findLast((message) => message.type === "decode");
    return last?.type === "decode" ? last.id : -1;
  }
}

const request: DecodeRequest = {
  encoded: new Uint8Array(8),
  transferSyntaxUid: "1.2.840.10008.1.2.1",
  imagePixel: {
    rows: 1024,
    columns: 1024,
    samplesPerPixel: 1,
    photometricInterpretation: "MONOCHROME2",
    planarConfiguration: 0,
    bitsAllocated: 16,
    bitsStored: 16,
    highBit: 15,
    pixelRepresentation: 0,
    sampleKind: "integer",
    numberOfFrames: 1,
  },
};
const KEEP_REQUEST: KeepRequest = {
  frame: {
    rows: 2,
    columns: 2,
    meaning: "monochrome",
    samples: new Uint8Array(4),
    bitsStored: 8,
    isSigned: false,
    minimum: 0,
    maximum: 0,
    decoder: "scripted",
    fidelity: "exact",
    deviations: [],
  },
  keep: {
    frameKey: "k",
    studyKey: "s",
    cryptoKey: await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, [
      "encrypt",
    ]),
  },
};
const refusal: DecodeOutcome = { ok: false, error: { code: "codec-failure", message: "No." } };
const never = new AbortController().signal;

function silentPool(onKept?: (kept: KeptFrame) => void) {
  const workers: SilentWorker[] = [];
  const pool = new DecodePool(
    () => {
      const worker = new SilentWorker();
      workers.push(worker);
      return worker;
    },
    { size: 1, ...(onKept && { onKept }) },
  );
  const worker = (index: number): SilentWorker => workers[index] ?? new SilentWorker();
  return { pool, worker, workers };
}

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

describe("DecodePool", () => {
  it("gives what the worker answers, expected failures too", async () => {
    const { pool, worker } = silentPool();
    const outcome = pool.decode(request, never);
    worker(0).say({ type: "decoded", id: worker(0).jobId, outcome: refusal });
    expect(await outcome).toEqual(refusal);
  });

  it("watchdog, 8-second streams: gives a frame 2 s and one more for each decoded megabyte, then ends its worker", async () => {
    const { pool, worker, workers } = silentPool();
    const outcome = pool.decode(request, never);
    const next = pool.decode(request, never);
    worker(0).say({ type: "started", id: worker(0).jobId });
    await vi.advanceTimersByTimeAsync(3999);
    expect(worker(0).isTerminated).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(await outcome).toMatchObject({ ok: false, error: { code: "timeout" } });
    expect(worker(0).isTerminated).toBe(true);
    worker(1).say({ type: "decoded", id: worker(1).jobId, outcome: refusal });
    expect(await next).toEqual(refusal);
    expect(workers).toHaveLength(2);
  });

  it("does not count the time that the codec takes to arrive, up to 30 s", async () => {
    const { pool, worker } = silentPool();
    const outcome = pool.decode(request, never);
    await vi.advanceTimersByTimeAsync(29_000);
    expect(worker(0).isTerminated).toBe(false);
    await vi.advanceTimersByTimeAsync(1000);
    expect(await outcome).toMatchObject({ ok: false, error: { code: "timeout" } });
  });

  it.each(["onerror", "onmessageerror"] as const)(
    "tries once more after %s, then says so",
    async (handler) => {
      const { pool, worker } = silentPool();
      const outcome = pool.decode(request, never);
      worker(0)[handler]?.();
      expect(worker(1).jobId).toBe(worker(0).jobId);
      worker(1)[handler]?.();
      expect(await outcome).toMatchObject({ ok: false, error: { code: "worker-died" } });
    },
  );

  it("keeps the bytes of a frame until it is decoded, so that it can be tried again", () => {
    const { pool, worker } = silentPool();
    void pool.decode(request, never);
    expect(worker(0).messages).toMatchObject([
      { type: "decode", request: { encoded: request.encoded } },
    ]);
    expect(request.encoded.byteLength).toBe(8);
  });

  it("tells what was kept in the cache", () => {
    const kept: KeptFrame[] = [];
    const { pool, worker } = silentPool((frame) => kept.push(frame));
    pool.warm("1.2.840.10008.1.2.4.90");
    worker(0).say({ type: "kept", frameKey: "k", bytes: 5, ok: true });
    expect(kept).toEqual([{ frameKey: "k", bytes: 5, ok: true }]);
    expect(worker(0).messages).toEqual([
      { type: "warm", transferSyntaxUid: "1.2.840.10008.1.2.4.90" },
    ]);
  });

  it("lets a worker keep a frame that is decoded already, after everything that is to be decoded", async () => {
    const { pool, worker } = silentPool();
    void pool.decode(request, never);
    const kept = pool.keep(KEEP_REQUEST, never);
    void pool.decode({ ...request, transferSyntaxUid: "1.2.840.10008.1.2.5" }, never, 3);
    worker(0).say({ type: "decoded", id: 1, outcome: refusal });
    worker(0).say({ type: "decoded", id: 3, outcome: refusal });
    expect(worker(0).messages.map(({ type }) => type)).toEqual(["decode", "decode", "keep"]);
    worker(0).say({ type: "taken", id: 2 });
    await kept;
    expect(worker(0).messages.at(-1)).toEqual({ type: "keep", id: 2, request: KEEP_REQUEST });
  });

  it("forgets a frame that is to be kept when that is aborted", async () => {
    const { pool, worker } = silentPool();
    void pool.decode(request, never);
    const abort = new AbortController();
    const kept = pool.keep(KEEP_REQUEST, abort.signal);
    abort.abort();
    await kept;
    worker(0).say({ type: "decoded", id: 1, outcome: refusal });
    expect(worker(0).messages).toHaveLength(1);
  });

  it("decodes first what has become visible while it waited", () => {
    const { pool, worker } = silentPool();
    const [a, b, c] = [{ ...request }, { ...request }, { ...request }];
    for (const one of [a, b, c]) void pool.decode(one, never, 1);
    pool.prioritize(c, 0);
    worker(0).say({ type: "decoded", id: 1, outcome: refusal });
    expect(worker(0).messages.at(-1)).toMatchObject({ id: 3 });
  });
});
