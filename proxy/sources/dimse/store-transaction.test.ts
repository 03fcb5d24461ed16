import { describe, expect, it } from "vitest";
import { bytesSource } from "#core/dicom/byte-source.ts";
import { buildDataSet } from "#core/dicom/data-set-builder.ts";
import { DicomError } from "#core/dicom/dicom-error.ts";
import { readDicom } from "#core/dicom/part10-reader.ts";
import { writePart10 } from "#core/dicom/part10-writer.ts";
import {
  EXPLICIT_VR_LITTLE_ENDIAN,
  IMPLICIT_VR_LITTLE_ENDIAN,
} from "#core/dicom/transfer-syntax.ts";
import { DimseError } from "../../dimse/dimse-error.ts";
import { madeInstance } from "../../testing/made-archive.ts";
import type { StoreOutcome } from "../source.ts";
import { pacsStore, type StoreParts } from "./store-transaction.ts";
import { fakePool, fakeSettings, fakeStore } from "./testing/fake-storing.ts";

const NEVER = new AbortController().signal;

describe("storing at a PACS", () => {
  it("sends the data set as it is, in its own transfer syntax", async () => {
    const { taken, outcomes } = await storeAll([madeInstance()]);
    expect(outcomes).toMatchObject([
      { kind: "stored", status: 0, sopInstanceUid: "1.2.3.1.1", studyInstanceUid: "1.2.3" },
    ]);
    expect(taken).toHaveLength(1);
    expect(taken[0]?.transferSyntaxUid).toBe(EXPLICIT_VR_LITTLE_ENDIAN);
    const whole = Buffer.from(madeInstance());
    expect(whole.subarray(-(taken[0]?.bytes.byteLength ?? 0)).equals(bytesOf(taken))).toBe(true);
    const dataSet = await readDicom(bytesSource(new Uint8Array(bytesOf(taken))));
    expect(dataSet.dataSet.string(0x00080018)).toBe("1.2.3.1.1");
  });

  it.each([1, 7, 131, 4096])("takes a stream in chunks of %i bytes", async (size) => {
    const { taken, outcomes } = await storeAll([madeInstance()], {}, size);
    expect(outcomes.map(({ kind }) => kind)).toEqual(["stored"]);
    expect(Buffer.from(madeInstance()).includes(bytesOf(taken))).toBe(true);
  });

  it.each([
    [0xb000, "warning"],
    [0xb007, "warning"],
    [0xa700, "failed"],
    [0xa900, "failed"],
    [0xc000, "failed"],
    [0x0122, "failed"],
    [0xff00, "failed"],
  ] as const)("passes the status %i of the PACS on", async (status, kind) => {
    const { outcomes } = await storeAll([madeInstance()], fakeStoring({ status }));
    expect(outcomes).toMatchObject([{ kind, status }]);
    expect(outcomes[0]?.message).toContain(
      `${status.toString(16).toUpperCase().padStart(4, "0")}H`,
    );
  });

  it.each<[string, Uint8Array, number]>([
    ["no file", new Uint8Array(20), 0xc000],
    ["nothing", new Uint8Array(0), 0xc000],
    ["a page", new TextEncoder().encode("<html>".repeat(100)), 0xc000],
    ["no study", madeInstance({ StudyInstanceUID: undefined }), 0xc000],
    ["a study that is no UID", madeInstance({ StudyInstanceUID: "../../etc" }), 0xc000],
    ["another instance than its meta information says", lying(), 0xa900],
    ["a file that ends in its meta information", madeInstance().subarray(0, 150), 0xc000],
    ["a file that ends in its pixel data", madeInstance().subarray(0, -10), 0xc000],
  ])("refuses %s without asking the PACS", async (_what, bytes, status) => {
    const { outcomes, pool } = await storeAll([bytes]);
    expect(outcomes).toMatchObject([{ kind: "failed", status }]);
    expect(pool.needs).toEqual([]);
  });

  it("refuses what belongs to another study than the address names", async () => {
    const { outcomes, pool } = await storeAll([madeInstance()], { expectedStudy: "1.2.4" });
    expect(outcomes).toMatchObject([{ kind: "failed", status: 0xa900 }]);
    expect(pool.needs).toEqual([]);
  });

  it("gives an uncompressed object in another uncompressed syntax where the PACS takes no other", async () => {
    const accepts = (_uid: string, syntax: string) => syntax === IMPLICIT_VR_LITTLE_ENDIAN;
    const { taken, outcomes } = await storeAll([madeInstance()], { peer: { accepts } });
    expect(outcomes.map(({ kind }) => kind)).toEqual(["stored"]);
    expect(taken[0]?.transferSyntaxUid).toBe(IMPLICIT_VR_LITTLE_ENDIAN);
    const sent = await readDicom(bytesSource(new Uint8Array(bytesOf(taken))));
    expect(sent.dataSet.string(0x00100010)).toBe("Doe^Jane");
    expect(bytesOf(taken).subarray(-32)).toEqual(Buffer.from(madeInstance().subarray(-32)));
  });

  it.each([
    ["class", () => false, 0x0122],
    ["syntax", (_uid: string, syntax: string) => syntax === EXPLICIT_VR_LITTLE_ENDIAN, 0xc122],
  ] as const)("says when the PACS does not take the %s", async (_what, accepts, status) => {
    const { outcomes } = await storeAll([compressed()], { peer: { accepts } });
    expect(outcomes).toMatchObject([{ kind: "failed", status }]);
  });

  it("answers as unavailable when the PACS cannot be reached and nothing was stored", async () => {
    const failure = () => new DimseError("unreachable", "Connection refused");
    const { error, pool } = await storeAll([madeInstance(), madeInstance(), madeInstance()], {
      peer: { failure },
    });
    expect(error).toMatchObject({ name: "SourceError", code: "unavailable" });
    expect(pool.needs.length).toBeLessThan(3);
  });

  it("names what failed when the PACS goes away after something was stored", async () => {
    let count = 0;
    const failure = () =>
      ++count === 1 ? undefined : new DimseError("silent", "No answer within 12 s");
    const parts = ["1", "2", "3", "4"].map((n) => madeInstance({ SOPInstanceUID: `1.2.3.1.${n}` }));
    const { outcomes, pool } = await storeAll(parts, { peer: { failure }, one: true });
    expect(outcomes.map(({ kind }) => kind)).toEqual(["stored", "failed", "failed", "failed"]);
    expect(outcomes.map(({ sopInstanceUid }) => sopInstanceUid?.at(-1))).toEqual([
      "1",
      "2",
      "3",
      "4",
    ]);
    expect(pool.needs).toHaveLength(2);
  });

  it("tries the next object when the PACS aborted because of one", async () => {
    let count = 0;
    const failure = () => (++count === 1 ? new DimseError("aborted", "A-ABORT") : undefined);
    const parts = ["1", "2"].map((n) => madeInstance({ SOPInstanceUID: `1.2.3.1.${n}` }));
    const { outcomes } = await storeAll(parts, { peer: { failure }, one: true });
    expect(outcomes.map(({ kind, status }) => [kind, status])).toEqual([
      ["failed", 0x0110],
      ["stored", 0],
    ]);
  });

  it("sends an object again when a kept association was dead, as long as it is held", async () => {
    const { outcomes, taken } = await storeAll([madeInstance()], {
      peer: { restarts: 1 },
      ...failingOnce(),
    });
    expect(outcomes.map(({ kind }) => kind)).toEqual(["stored"]);
    expect(taken).toHaveLength(1);
  });

  it("does not send a large object again when part of it is gone", async () => {
    const large = madeInstance({
      PixelData: new Uint16Array(2_000_000),
      Rows: 2000,
      Columns: 1000,
    });
    const { error } = await storeAll([large], { peer: { restarts: 1 }, ...failingOnce() }, 65_536);
    expect(error).toMatchObject({ code: "upstream-failure" });
  });

  it("does not let a large object that breaks off become one at the PACS", async () => {
    const pixels = { PixelData: new Uint16Array(2_000_000), Rows: 2000, Columns: 1000 };
    const large = madeInstance(pixels).subarray(0, -1000);
    const { outcomes, taken } = await storeAll([large, madeInstance()], {}, 65_536);
    expect(outcomes.map(({ kind, status }) => [kind, status])).toEqual([
      ["failed", 0xc000],
      ["stored", 0],
    ]);
    expect(taken).toHaveLength(1);
  });

  it("keeps at most a few objects under way, and objects of one UID one after the other", async () => {
    let open = 0;
    let most = 0;
    const same = new Set<string>();
    const slow = {
      store: async (_a: unknown, object: { sopInstanceUid: string }) => {
        expect(same.has(object.sopInstanceUid)).toBe(false);
        same.add(object.sopInstanceUid);
        most = Math.max(most, ++open);
        await new Promise((resolve) => setTimeout(resolve, 2));
        open -= 1;
        same.delete(object.sopInstanceUid);
        return { status: 0 };
      },
    };
    const parts = Array.from({ length: 20 }, (_, n) =>
      madeInstance({ SOPInstanceUID: `1.2.3.1.${n % 5}` }),
    );
    const { outcomes } = await storeAll(parts, { storing: slow });
    expect(outcomes).toHaveLength(20);
    expect(most).toBe(2);
  });

  it("answers for ten thousand objects in their order", async () => {
    const parts = Array.from({ length: 10_000 }, (_, n) =>
      n % 2 === 0 ? madeInstance({ SOPInstanceUID: `1.2.3.1.${n}` }) : new Uint8Array(1),
    );
    const { outcomes } = await storeAll(parts);
    expect(outcomes.map(({ kind }) => kind)).toEqual(
      parts.map((_, n) => (n % 2 === 0 ? "stored" : "failed")),
    );
    expect(outcomes[8000]?.sopInstanceUid).toBe("1.2.3.1.8000");
  });

  it("goes on with one association when the PACS does not give a second", async () => {
    let open = 0;
    const one = {
      store: async () => {
        await new Promise((resolve) => setTimeout(resolve, 1));
        open -= 1;
        return { status: 0 };
      },
    };
    const failure = () => {
      if (open > 0) return new DimseError("connect-timeout", "No answer");
      open += 1;
      return undefined;
    };
    const parts = Array.from({ length: 12 }, (_, n) =>
      madeInstance({ SOPInstanceUID: `1.2.3.1.${n}` }),
    );
    const { outcomes, pool } = await storeAll(parts, { storing: one, peer: { failure } });
    expect(outcomes.map(({ kind }) => kind)).toEqual(parts.map(() => "stored"));
    expect(pool.needs).toHaveLength(13);
  });

  it("throws what the body throws, and leaves the rest alone", async () => {
    const { error } = await storeAll([broken()]);
    expect(error).toMatchObject({ name: "DicomError", code: "truncated" });
  });

  it("tells which instances are new, so that lists are asked for again", async () => {
    const { stored } = await storeAll([madeInstance()]);
    expect(stored).toEqual([
      { studyInstanceUid: "1.2.3", seriesInstanceUid: "1.2.3.1", sopInstanceUid: "1.2.3.1.1" },
    ]);
  });

  it("ends at once when the client leaves", async () => {
    const controller = new AbortController();
    const hanging = {
      store: (_a: unknown, _o: unknown, signal: AbortSignal) =>
        new Promise<never>((_resolve, reject) => {
          signal.addEventListener("abort", () => reject(new DimseError("cancelled", "Given up")));
          setTimeout(() => controller.abort(), 5);
        }),
    };
    const { error } = await storeAll([madeInstance()], {
      storing: hanging,
      signal: controller.signal,
    });
    expect(error).toMatchObject({ name: "AbortError" });
  });
});

interface Setting {
  readonly peer?: Parameters<typeof fakePool>[0];
  readonly storing?: Partial<ReturnType<typeof fakeStore>> &
    Pick<ReturnType<typeof fakeStore>, "store">;
  readonly expectedStudy?: string;
  readonly one?: boolean;
  readonly signal?: AbortSignal;
}

function fakeStoring(answer: { status: number }): Setting {
  return { storing: fakeStore(() => answer) };
}

/** Reads all of the object, and finds the association dead the first time. */
function failingOnce(): Setting {
  let count = 0;
  return {
    storing: fakeStore(() =>
      ++count === 1 ? new DimseError("connection-lost", "Reset") : { status: 0 },
    ),
  };
}

async function storeAll(
  parts: readonly (Uint8Array | AsyncIterable<Uint8Array>)[],
  setting: Setting = {},
  chunkBytes = 1024,
) {
  const pool = fakePool(setting.peer);
  const storing = setting.storing ?? fakeStore();
  const stored: unknown[] = [];
  const quirks = { ...fakeSettings().quirks, oneAssociation: setting.one ?? false };
  const store: StoreParts = {
    settings: fakeSettings({ quirks }),
    pool,
    desk: undefined,
    onStored: (selector) => stored.push(selector),
    services: {
      store: storing.store,
      requestCommitment: () => Promise.reject(new Error("unasked")),
    },
  };
  const signal = setting.signal ?? NEVER;
  const transaction = pacsStore(store).open(setting.expectedStudy, "");
  const { taken = [] } = storing;
  let outcomes: readonly StoreOutcome[] = [];
  try {
    for (const part of parts)
      await transaction.add(part instanceof Uint8Array ? chunked(part, chunkBytes) : part, signal);
    outcomes = await transaction.finish(signal);
  } catch (error) {
    return { error, outcomes, pool, taken, stored };
  }
  return { error: undefined, outcomes, pool, taken, stored };
}

async function* chunked(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.byteLength; at += size) yield bytes.subarray(at, at + size);
}

async function* broken(): AsyncGenerator<Uint8Array> {
  yield madeInstance();
  yield new Uint8Array(2_000_000);
  throw new DicomError("truncated", "The multipart body ends before its last boundary");
}

function bytesOf(taken: readonly { readonly bytes: Uint8Array }[]): Buffer {
  return Buffer.from(taken[0]?.bytes ?? []);
}

function lying(): Uint8Array {
  const bytes = Buffer.from(madeInstance());
  const at = bytes.indexOf("1.2.3.1.1");
  bytes.write("1.2.3.1.9", at, "latin1");
  return bytes;
}

function compressed(): Uint8Array {
  return writePart10({
    dataSet: buildDataSet({
      SOPClassUID: "1.2.840.10008.5.1.4.1.1.2",
      SOPInstanceUID: "1.2.3.1.1",
      StudyInstanceUID: "1.2.3",
      SeriesInstanceUID: "1.2.3.1",
    }),
    transferSyntaxUid: "1.2.840.10008.1.2.4.90",
    frames: [new Uint8Array(10)],
  });
}
