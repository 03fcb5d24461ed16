import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { DecodedFrame } from "#core/pixels/decoded-frame.ts";
import type { ImagePixel } from "#core/pixels/image-pixel.ts";
import type { DecodeOutcome, DecodeRequest } from "../decode/protocol.ts";
import {
  type EncodedFrame,
  type FrameAddress,
  RetrieveError,
  type StudySource,
} from "../retrieve/study-source.ts";
import type { FrameDecoder } from "./frame-decoder.ts";
import { FrameProvider } from "./frame-provider.ts";
import type { FrameRequest } from "./frame-request.ts";

const IMAGE_PIXEL: ImagePixel = {
  rows: 10,
  columns: 10,
  samplesPerPixel: 1,
  photometricInterpretation: "MONOCHROME2",
  planarConfiguration: 0,
  bitsAllocated: 8,
  bitsStored: 8,
  highBit: 7,
  pixelRepresentation: 0,
  sampleKind: "integer",
  numberOfFrames: 1,
};
const FRAME_BYTES = 100;

/** An archive in which frames arrive when the test says so. */
class ScriptedSource implements StudySource {
  readonly id = "scripted";
  readonly isCacheable = false;
  requestsBesidesFrames = 0;
  readonly asked: number[] = [];
  readonly aborted: number[] = [];
  readonly #open = new Map<
    number,
    { resolve(frame: EncodedFrame): void; reject(e: unknown): void }
  >();

  searchForStudies = (): never => {
    throw new Error("Not asked here");
  };
  retrieveStudyMetadata = this.searchForStudies;
  retrieveBulkData = this.searchForStudies;

  retrieveFrame({ frameNumber }: FrameAddress, signal: AbortSignal): Promise<EncodedFrame> {
    this.asked.push(frameNumber);
    return new Promise((resolve, reject) => {
      this.#open.set(frameNumber, { resolve, reject });
      if (signal.aborted) reject(new RetrieveError("aborted", "No longer needed."));
      signal.addEventListener("abort", () => {
        this.aborted.push(frameNumber);
        reject(new RetrieveError("aborted", "No longer needed."));
      });
    });
  }

  deliver(frameNumber: number): void {
    const bytes = new Uint8Array([frameNumber]);
    this.#open.get(frameNumber)?.resolve({ bytes, transferSyntaxUid: "1.2.840.10008.1.2.1" });
  }

  fail(frameNumber: number, error: unknown): void {
    this.#open.get(frameNumber)?.reject(error);
  }
}

/** Gives frames that are filled with the number that was in the encoded bytes; 99 cannot be decoded. */
class ScriptedDecoder implements FrameDecoder {
  readonly priorities: (number | undefined)[] = [];
  /** Frames that overtook others, and with which priority. */
  readonly overtaking: (readonly [number | undefined, number])[] = [];
  /** Whether everything waits. */
  isBusy = false;

  prioritize({ encoded }: DecodeRequest, priority: number): void {
    this.overtaking.push([encoded[0], priority]);
  }

  async decode(
    request: DecodeRequest,
    _signal: AbortSignal,
    priority?: number,
  ): Promise<DecodeOutcome> {
    this.priorities.push(priority);
    if (this.isBusy) return new Promise(() => undefined);
    const value = request.encoded[0] ?? 0;
    if (value === 99) return { ok: false, error: { code: "codec-failure", message: "Refused." } };
    return { ok: true, frame: decoded(value) };
  }
}

function decoded(value: number): DecodedFrame {
  return {
    rows: 10,
    columns: 10,
    meaning: "monochrome",
    samples: new Uint8Array(FRAME_BYTES).fill(value),
    bitsStored: 8,
    isSigned: false,
    minimum: value,
    maximum: value,
    decoder: "scripted",
    fidelity: "exact",
    deviations: [],
  };
}

const request = (frameNumber: number): FrameRequest => ({
  address: { studyInstanceUid: "1", seriesInstanceUid: "2", sopInstanceUid: "3", frameNumber },
  imagePixel: IMAGE_PIXEL,
});
const requests = (...numbers: readonly number[]): FrameRequest[] => numbers.map(request);

let source: ScriptedSource;
let decoder: ScriptedDecoder;
let provider: FrameProvider;
const never = new AbortController().signal;

beforeEach(() => {
  vi.useFakeTimers();
  source = new ScriptedSource();
  decoder = new ScriptedDecoder();
  provider = new FrameProvider({
    source,
    decode: decoder,
    store: Promise.resolve(undefined),
    memoryBudgetBytes: 5 * FRAME_BYTES,
    concurrency: 3,
  });
});
afterEach(() => {
  provider.close();
  vi.useRealTimers();
});

/** Lets everything happen that can happen without the archive. */
const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(1);

async function deliver(...numbers: readonly number[]): Promise<void> {
  for (const number of numbers) {
    source.deliver(number);
    await settle();
  }
}

test("viewports that want the same frame share one retrieval and one decoding", async () => {
  const both = Promise.all([provider.frame(request(1), never), provider.frame(request(1), never)]);
  await settle();
  await deliver(1);
  const [a, b] = await both;
  expect([a.ok, b.ok, source.asked, decoder.priorities.length]).toEqual([true, true, [1], 1]);
  expect(await provider.frame(request(1), never)).toMatchObject({ ok: true, from: "memory" });
  expect(provider.peek(request(1))?.minimum).toBe(1);
});

test("prefetching leaves one request free, and a visible frame takes it at once", async () => {
  provider.prefetch(requests(1, 2, 3, 4));
  await settle();
  expect(source.asked).toEqual([1, 2]);
  const visible = provider.frame(request(9), never);
  await settle();
  expect(source.asked).toEqual([1, 2, 9]);
  await deliver(9);
  expect(await visible).toMatchObject({ ok: true, from: "network" });
  await deliver(1);
  expect(source.asked).toEqual([1, 2, 9, 3]);
  expect(decoder.priorities).toEqual([0, 2]);
});

test("a thumbnail waits for its turn, so that the visible frame finds a free connection", async () => {
  provider.prefetch(requests(1, 2, 3));
  const thumbnail = provider.frame(request(8), never, "thumbnail");
  await settle();
  expect(source.asked).toEqual([1, 2]);
  void provider.frame(request(9), never);
  await settle();
  expect(source.asked).toEqual([1, 2, 9]);
  await deliver(9, 1);
  expect(source.asked).toEqual([1, 2, 9, 8]);
  await deliver(8);
  expect(await thumbnail).toMatchObject({ ok: true, from: "network" });
});

test("a thumbnail that was fetched ahead while it waited makes no request", async () => {
  provider.prefetch(requests(8, 2));
  const thumbnail = provider.frame(request(8), never, "thumbnail");
  await settle();
  await deliver(8);
  expect(await thumbnail).toMatchObject({ ok: true, from: "memory" });
  expect(source.asked).toEqual([8, 2]);
});

test("a thumbnail that waits for its turn is given up at an abort, and when all is closed", async () => {
  provider.prefetch(requests(1, 2));
  const abort = new AbortController();
  const aborted = provider.frame(request(8), abort.signal, "thumbnail");
  const closed = provider.frame(request(7), never, "thumbnail");
  abort.abort();
  await expect(aborted).rejects.toBe(abort.signal.reason);
  provider.close();
  await settle();
  expect(await closed).toMatchObject({ ok: false, failure: { code: "aborted" } });
});

test("other requests to the archive take connections from what is fetched ahead, but for one", async () => {
  source.requestsBesidesFrames = 1;
  provider.prefetch(requests(1, 2, 3));
  await settle();
  expect(source.asked).toEqual([1]);
  source.requestsBesidesFrames = 6;
  await deliver(1);
  expect(source.asked).toEqual([1, 2]);
});

test("a frame that becomes visible while it waits to be decoded overtakes the others", async () => {
  decoder.isBusy = true;
  provider.prefetch(requests(1, 2));
  await settle();
  await deliver(1, 2);
  void provider.frame(request(2), never);
  await settle();
  expect(decoder.overtaking).toEqual([[2, 0]]);
});

test("a frame that becomes visible while it is on the wire is decoded as visible", async () => {
  provider.prefetch(requests(1));
  await settle();
  void provider.frame(request(1), never);
  await deliver(1);
  expect(decoder.priorities).toEqual([0]);
});

test("the very first frame has the network to itself; what is fetched ahead follows it", async () => {
  void provider.frame(request(1), never);
  provider.prefetch(requests(2, 3, 4));
  await settle();
  expect(source.asked).toEqual([1]);
  await deliver(1);
  expect(source.asked).toEqual([1, 2, 3]);
  void provider.frame(request(9), never);
  await deliver(2);
  expect(source.asked).toEqual([1, 2, 3, 9]);
  await deliver(3);
  expect(source.asked).toEqual([1, 2, 3, 9, 4]);
});

test("fetching ahead goes on when the very first frame fails, or is given up", async () => {
  const abort = new AbortController();
  provider.frame(request(1), abort.signal).catch(() => undefined);
  void provider.frame(request(5), never);
  provider.prefetch(requests(2));
  await settle();
  abort.abort();
  await settle();
  expect(source.asked).toEqual([1, 5]);
  source.fail(5, new RetrieveError("not-found", "Gone."));
  await settle();
  expect(source.asked).toEqual([1, 5, 2]);
});

test("a new plan aborts what is no longer in it, and goes on with what is", async () => {
  provider.prefetch(requests(1, 2, 3));
  await settle();
  provider.prefetch(requests(2, 7));
  await settle();
  expect([source.aborted, source.asked]).toEqual([[1], [1, 2, 7]]);
});

test("a frame that a viewport waits for survives a new plan", async () => {
  provider.prefetch(requests(1));
  await settle();
  const visible = provider.frame(request(1), never);
  provider.prefetch([]);
  await settle();
  await deliver(1);
  expect(await visible).toMatchObject({ ok: true });
  expect(source.aborted).toEqual([]);
});

test("the last viewport to leave aborts the request; those before it only stop waiting", async () => {
  const [a, b] = [new AbortController(), new AbortController()];
  const waiting = [provider.frame(request(1), a.signal), provider.frame(request(1), b.signal)];
  const results = Promise.allSettled(waiting);
  await settle();
  a.abort();
  await settle();
  expect(source.aborted).toEqual([]);
  b.abort();
  await settle();
  expect(source.aborted).toEqual([1]);
  expect((await results).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
});

test("a frame that was given up can be asked for again at once", async () => {
  const first = new AbortController();
  provider.frame(request(1), first.signal).catch(() => undefined);
  await settle();
  first.abort();
  const again = provider.frame(request(1), never);
  await settle();
  await deliver(1);
  expect(await again).toMatchObject({ ok: true });
});

test("memory holds the planned frames that come soonest, and does not fetch what it cannot hold", async () => {
  provider.prefetch(requests(1, 2, 3, 4, 5, 6, 7, 8));
  await settle();
  await deliver(1, 2, 3, 4, 5, 6, 7, 8);
  expect(source.asked).toEqual([1, 2, 3, 4, 5]);
  provider.prefetch(requests(6, 5, 4));
  await settle();
  await deliver(6);
  const cached = [1, 2, 3, 4, 5, 6].map((number) => provider.isCached(request(number)));
  expect(cached).toEqual([false, true, true, true, true, true]);
});

test("the visible frame stays although nobody plans it", async () => {
  const visible = provider.frame(request(1), never);
  await settle();
  await deliver(1);
  await visible;
  provider.prefetch(requests(2, 3, 4, 5, 6, 7));
  await settle();
  await deliver(2, 3, 4, 5, 6, 7);
  expect(provider.peek(request(1))).toBeDefined();
});

test("a frame that cannot be decoded says so in words, and is not tried again at once", async () => {
  const asked = provider.frame(request(99), never);
  await settle();
  await deliver(99);
  expect(await asked).toMatchObject({
    ok: false,
    failure: { code: "codec-failure", message: "Refused.", advice: expect.stringMatching(/\w/) },
  });
  expect(await provider.frame(request(99), never)).toMatchObject({ ok: false });
  expect(source.asked).toEqual([99]);
  await vi.advanceTimersByTimeAsync(31_000);
  provider.frame(request(99), never).catch(() => undefined);
  await settle();
  expect(source.asked).toEqual([99, 99]);
});

test("a failure of the network is tried again as soon as somebody looks", async () => {
  const first = provider.frame(request(1), never);
  await settle();
  source.fail(1, new RetrieveError("network", "Unplugged."));
  expect(await first).toMatchObject({ ok: false, failure: { code: "network" } });
  const second = provider.frame(request(1), never);
  await settle();
  await deliver(1);
  expect(await second).toMatchObject({ ok: true });
});

test("after a failure of the network prefetching rests, then goes on where it was", async () => {
  provider.prefetch(requests(1, 2, 3));
  await settle();
  source.fail(1, new RetrieveError("network", "Unplugged."));
  await settle();
  await deliver(2);
  expect(source.asked).toEqual([1, 2]);
  await vi.advanceTimersByTimeAsync(5001);
  expect(source.asked).toEqual([1, 2, 1, 3]);
});

test("listeners hear of newly cached frames together, not one by one", async () => {
  let count = 0;
  const stop = provider.onCachedChanged(() => {
    count++;
  });
  provider.prefetch(requests(1, 2, 3, 4));
  await settle();
  await deliver(1, 2, 3, 4);
  await vi.advanceTimersByTimeAsync(100);
  expect(count).toBe(1);
  stop();
  await vi.advanceTimersByTimeAsync(100);
  expect(count).toBe(1);
});

test("closing aborts everything that is under way", async () => {
  provider.prefetch(requests(1, 2));
  await settle();
  provider.close();
  expect(source.aborted).toEqual([1, 2]);
});

test("a frame that the archive could not get holds up no other, and is asked for when somebody looks", async () => {
  provider.prefetch(requests(1, 2, 3, 4));
  await settle();
  source.fail(1, new RetrieveError("not-retrieved", "The PACS aborted."));
  await settle();
  await deliver(2, 3);
  expect(source.asked).toEqual([1, 2, 3, 4]);
  const looked = provider.frame(request(1), never);
  await settle();
  await deliver(1);
  expect(await looked).toMatchObject({ ok: true });
});
