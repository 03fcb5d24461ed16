import { deleteDB } from "idb";
import { afterEach, expect, test } from "vitest";
import type { DecodedFrame } from "#core/pixels/decoded-frame.ts";
import { FrameWriter } from "../cache/frame-writer.ts";
import { openPatientCache, type PatientCache } from "../cache/patient-cache.ts";
import { generateSessionKeys } from "../cache/session-keys.ts";
import type { DecodeRequest, KeepRequest } from "../decode/protocol.ts";
import { RetrieveError, type StudySource } from "../retrieve/study-source.ts";
import { FrameProvider } from "./frame-provider.ts";
import type { FrameRequest } from "./frame-request.ts";

const DATABASE = "negato-frames-test";
const keys = await generateSessionKeys();
const keeper = { ask: async () => keys, give: () => undefined, forget: () => undefined };
const never = new AbortController().signal;
const closing: (() => unknown)[] = [];

afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
  await deleteDB(DATABASE);
});

async function openCache(): Promise<PatientCache | undefined> {
  const scope = { sourceId: "x", subject: "" };
  const cache = await openPatientCache({
    policy: "session",
    scope,
    budgetBytes: 1e9,
    databaseName: DATABASE,
    keepers: [keeper],
  });
  closing.push(() => cache?.close());
  return cache;
}

const request = (frameNumber: number): FrameRequest => ({
  address: { studyInstanceUid: "1", seriesInstanceUid: "2", sopInstanceUid: "3", frameNumber },
  imagePixel: {
    rows: 8,
    columns: 8,
    samplesPerPixel: 1,
    photometricInterpretation: "MONOCHROME2",
    planarConfiguration: 0,
    bitsAllocated: 16,
    bitsStored: 16,
    highBit: 15,
    pixelRepresentation: 0,
    sampleKind: "integer",
    numberOfFrames: 9,
  },
});

/** An archive that gives every frame, or none, and counts; cacheable. */
function archive(isThere: boolean): StudySource & { asked: number } {
  const notAsked = (): never => {
    throw new Error("Not asked here");
  };
  const source = {
    id: "x",
    isCacheable: true,
    asked: 0,
    searchForStudies: notAsked,
    retrieveStudyMetadata: notAsked,
    retrieveBulkData: notAsked,
    retrieveFrame: async () => {
      source.asked++;
      if (!isThere) throw new RetrieveError("network", "Gone.");
      return { bytes: Uint8Array.of(7), transferSyntaxUid: "1.2.840.10008.1.2.1" };
    },
  };
  return source;
}

/** A cache that opens when it is told to. */
function lateCache(): { readonly cache: Promise<PatientCache | undefined>; open(): void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { cache: promise.then(openCache), open: resolve };
}

function provide(
  source: StudySource,
  cache: Promise<PatientCache | undefined>,
  writer: Pick<FrameWriter, "write"> = new FrameWriter(DATABASE),
): FrameProvider {
  const write = async ({ frame, keep }: KeepRequest): Promise<void> => {
    const outcome = await writer.write(keep, frame);
    provider.noteKept({ frameKey: keep.frameKey, ...outcome });
  };
  const provider: FrameProvider = new FrameProvider({
    source,
    store: cache.then((opened) => opened?.frames),
    storePatienceMs: 100,
    memoryBudgetBytes: 1e6,
    concurrency: 6,
    decode: {
      async decode({ keep }: DecodeRequest) {
        const frame = decoded();
        if (keep !== undefined) await write({ frame, keep });
        return { ok: true, frame };
      },
      keep: write,
    },
  });
  closing.push(() => provider.close());
  return provider;
}

function decoded(): DecodedFrame {
  return {
    rows: 8,
    columns: 8,
    meaning: "monochrome",
    samples: new Uint16Array(64).fill(700),
    bitsStored: 16,
    isSigned: false,
    minimum: 700,
    maximum: 700,
    decoder: "scripted",
    fidelity: "exact",
    deviations: [],
  };
}

test("a study that is opened again makes no request for frames, whether there is an archive or not", async () => {
  const first = provide(archive(true), openCache());
  expect(await first.frame(request(1), never)).toMatchObject({ ok: true, from: "network" });
  const gone = archive(false);
  const second = provide(gone, openCache());
  expect(await second.frame(request(1), never)).toEqual({
    ok: true,
    from: "storage",
    frame: decoded(),
  });
  expect(gone.asked).toBe(0);
});

test("a cache that opens late still answers when the archive cannot be reached", async () => {
  await provide(archive(true), openCache()).frame(request(1), never);
  const late = new Promise<void>((resolve) => {
    setTimeout(() => resolve(), 200);
  }).then(openCache);
  const outcome = await provide(archive(false), late).frame(request(1), never);
  expect(outcome).toMatchObject({ ok: true, from: "storage" });
});

test("frames in storage count as cached as soon as their names are known", async () => {
  await provide(archive(true), openCache()).frame(request(1), never);
  const provider = provide(archive(true), openCache());
  const changed = new Promise<void>((resolve) => {
    provider.onCachedChanged(() => resolve());
  });
  expect([provider.isCached(request(1)), provider.isCached(request(2))]).toEqual([false, false]);
  await changed;
  expect([provider.isCached(request(1)), provider.isCached(request(2))]).toEqual([true, false]);
});

test("a frame without room in memory is fetched ahead for storage, once", async () => {
  const source = archive(true);
  const cache = openCache();
  const opened = await cache;
  const provider = new FrameProvider({
    source,
    store: Promise.resolve(opened?.frames),
    memoryBudgetBytes: 64,
    concurrency: 6,
    decode: {
      async decode({ keep }: DecodeRequest) {
        if (keep === undefined) throw new Error("It is to be kept");
        const outcome = await new FrameWriter(DATABASE).write(keep, decoded());
        provider.noteKept({ frameKey: keep.frameKey, ...outcome });
        return { ok: true, frame: decoded() };
      },
    },
  });
  closing.push(() => provider.close());
  await Promise.resolve();
  const all = [1, 2, 3].map(request);
  provider.prefetch(all);
  await expect.poll(() => all.every((one) => provider.isCached(one))).toBe(true);
  provider.prefetch(all);
  expect([source.asked, provider.peek(request(1))]).toEqual([3, undefined]);
});

test("frames that came before the cache had opened are kept when it has, each once", async () => {
  const late = lateCache();
  const written: string[] = [];
  const writer = new FrameWriter(DATABASE);
  const first = provide(archive(true), late.cache, {
    write(slot, frame) {
      written.push(slot.frameKey);
      return writer.write(slot, frame);
    },
  });
  first.prefetch([request(2), request(3)]);
  expect(await first.frame(request(1), never)).toMatchObject({ ok: true, from: "network" });
  await expect.poll(() => first.peek(request(3))).toBeDefined();
  late.open();
  const gone = archive(false);
  const again = await openCache();
  for (const number of [1, 2, 3]) {
    const name = await again?.frames.nameOf(request(number).address);
    await expect.poll(() => written.includes(name ?? "")).toBe(true);
  }
  await expect
    .poll(async () => {
      const second = provide(gone, openCache());
      const outcomes = await Promise.all(
        [1, 2, 3].map((number) => second.frame(request(number), never)),
      );
      return outcomes.map((outcome) => outcome.ok && outcome.from);
    })
    .toEqual(["storage", "storage", "storage"]);
  expect(written).toHaveLength(3);
});

test("nothing is kept late by a provider that was closed", async () => {
  const late = lateCache();
  const written: string[] = [];
  const provider = provide(archive(true), late.cache, {
    async write({ frameKey }) {
      written.push(frameKey);
      return { ok: true, bytes: 1 };
    },
  });
  await provider.frame(request(1), never);
  provider.close();
  late.open();
  await late.cache;
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(written).toEqual([]);
});
