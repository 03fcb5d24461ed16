import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { DecodedFrame } from "#core/pixels/decoded-frame.ts";
import type { FrameRequest } from "./frame-request.ts";
import { type FramePlaces, UnkeptFrames } from "./unkept-frames.ts";

const FRAME: DecodedFrame = {
  rows: 1,
  columns: 1,
  meaning: "monochrome",
  samples: new Uint8Array(1),
  bitsStored: 8,
  isSigned: false,
  minimum: 0,
  maximum: 0,
  decoder: "scripted",
  fidelity: "exact",
  deviations: [],
};
const REQUEST: FrameRequest = {
  address: { studyInstanceUid: "1", seriesInstanceUid: "2", sopInstanceUid: "3", frameNumber: 4 },
  imagePixel: {
    rows: 1,
    columns: 1,
    samplesPerPixel: 1,
    photometricInterpretation: "MONOCHROME2",
    planarConfiguration: 0,
    bitsAllocated: 8,
    bitsStored: 8,
    highBit: 7,
    pixelRepresentation: 0,
    sampleKind: "integer",
    numberOfFrames: 9,
  },
};
const cryptoKey = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, [
  "encrypt",
]);

/** A store in which the name of a frame is its number. */
const store: FramePlaces = {
  slotFor: async ({ frameNumber }) => ({ frameKey: `${frameNumber}`, studyKey: "s", cryptoKey }),
  has: () => false,
};

let handedOver: string[];
let inMemory: DecodedFrame | undefined;
let unkept: UnkeptFrames;

beforeEach(() => {
  vi.useFakeTimers();
  handedOver = [];
  inMemory = FRAME;
  unkept = new UnkeptFrames(
    Promise.resolve(store),
    {
      decode: () => Promise.reject(new Error("Not asked here")),
      keep: async ({ keep }) => {
        handedOver.push(keep.frameKey);
      },
    },
    () => inMemory,
  );
});
afterEach(() => {
  unkept.close();
  vi.useRealTimers();
});

const refused = (bytes: number) => unkept.noteKept({ frameKey: "4", bytes, ok: false });

test("a writing that failed in passing is tried again later, three times in all", async () => {
  await unkept.slotFor(REQUEST);
  refused(0);
  await vi.advanceTimersByTimeAsync(5000);
  expect(handedOver).toEqual([]);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(handedOver).toEqual(["4"]);
  refused(0);
  await vi.advanceTimersByTimeAsync(20_000);
  refused(0);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(handedOver).toEqual(["4", "4"]);
});

test("what the quota refused is not tried again, nor what has left memory, nor after the end", async () => {
  await unkept.slotFor(REQUEST);
  refused(1000);
  await vi.advanceTimersByTimeAsync(60_000);
  await unkept.slotFor(REQUEST);
  refused(0);
  inMemory = undefined;
  await vi.advanceTimersByTimeAsync(60_000);
  inMemory = FRAME;
  await unkept.slotFor(REQUEST);
  refused(0);
  unkept.close();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(handedOver).toEqual([]);
});
