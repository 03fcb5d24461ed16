import { deleteDB, openDB } from "idb";
import { afterEach, expect, test } from "vitest";
import type { DecodedFrame } from "#core/pixels/decoded-frame.ts";
import { FrameWriter } from "./frame-writer.ts";
import { openPatientCache, type PatientCache, wipePatientCache } from "./patient-cache.ts";
import type { CacheSchema } from "./schema.ts";
import { generateSessionKeys, type KeyKeeper, type SessionKeys } from "./session-keys.ts";

const DATABASE = "negato-cache-test";
const PATIENT = "Mustermann^Erika";
const FRAME = {
  studyInstanceUid: "1.2.3",
  seriesInstanceUid: "1.2.3.4",
  sopInstanceUid: "1.2.3.4.5",
  frameNumber: 1,
};

const open: PatientCache[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((cache) => cache.close()));
  await deleteDB(DATABASE);
});

/** A keeper that remembers, as the service worker does over a reload. */
function rememberingKeeper(): KeyKeeper & { keys: SessionKeys | undefined } {
  const keeper = {
    keys: undefined as SessionKeys | undefined,
    ask: async () => keeper.keys,
    give: (keys: SessionKeys) => {
      keeper.keys = keys;
    },
    forget: () => {
      keeper.keys = undefined;
    },
  };
  return keeper;
}

async function openCache(
  keeper: KeyKeeper,
  facts: {
    readonly subject?: string;
    readonly sourceId?: string;
    readonly budgetBytes?: number;
  } = {},
): Promise<PatientCache> {
  const cache = await openPatientCache({
    policy: "session",
    scope: {
      sourceId: facts.sourceId ?? "https://pacs.example/dicom-web",
      subject: facts.subject ?? "",
    },
    budgetBytes: facts.budgetBytes ?? 1e9,
    databaseName: DATABASE,
    keepers: [keeper],
  });
  if (cache === undefined) throw new Error("The cache did not open");
  open.push(cache);
  return cache;
}

function frameOf(value: number, size = 16): DecodedFrame {
  return {
    rows: size,
    columns: size,
    meaning: "monochrome",
    samples: new Int16Array(size * size).fill(value),
    bitsStored: 12,
    isSigned: true,
    minimum: value,
    maximum: value,
    decoder: "test 1.0",
    fidelity: "exact",
    deviations: [{ code: "odd-length", message: "Odd" }],
  };
}

async function keep(cache: PatientCache, frame: DecodedFrame, address = FRAME): Promise<boolean> {
  const slot = await cache.frames.slotFor(address);
  const outcome = await new FrameWriter(DATABASE).write(slot, frame);
  cache.frames.noteKept({ frameKey: slot.frameKey, ...outcome });
  return outcome.ok;
}

async function read(cache: PatientCache, address = FRAME): Promise<DecodedFrame | undefined> {
  return cache.frames.read(await cache.frames.nameOf(address));
}

test("a frame that a worker kept is read again with the same samples and facts", async () => {
  const cache = await openCache(rememberingKeeper());
  expect(await keep(cache, frameOf(-7))).toBe(true);
  expect(cache.frames.has(await cache.frames.nameOf(FRAME))).toBe(true);
  expect(await read(cache)).toEqual(frameOf(-7));
});

test("after a reload the keeper's keys open the records again", async () => {
  const keeper = rememberingKeeper();
  const before = await openCache(keeper);
  await keep(before, frameOf(3));
  await before.metadata.write("1.2.3", {
    etag: '"7"',
    fetchedAt: new Date(1000),
    instances: ['{"a":1}'],
    tables: new Map([["red", Uint8Array.of(0, 255)]]),
  });
  const after = await openCache(keeper);
  expect((await read(after))?.minimum).toBe(3);
  expect(await after.metadata.read("1.2.3")).toEqual({
    etag: '"7"',
    fetchedAt: new Date(1000),
    instances: ['{"a":1}'],
    tables: new Map([["red", Uint8Array.of(0, 255)]]),
  });
});

test("when nobody has the keys any more, the old records are deleted at the next start", async () => {
  await keep(await openCache(rememberingKeeper()), frameOf(3));
  const next = await openCache(rememberingKeeper());
  expect(await read(next)).toBeUndefined();
  const database = await openDB<CacheSchema>(DATABASE);
  expect([await database.count("records"), await database.count("entries")]).toEqual([0, 0]);
  database.close();
});

test("another person, and another archive, do not find the frame", async () => {
  const keeper = rememberingKeeper();
  await keep(await openCache(keeper, { subject: "anna" }), frameOf(3));
  expect(await read(await openCache(keeper, { subject: "anna" }))).toBeDefined();
  expect(await read(await openCache(keeper, { subject: "berta" }))).toBeUndefined();
  const elsewhere = await openCache(keeper, { subject: "anna", sourceId: "https://other.example" });
  expect(await read(elsewhere)).toBeUndefined();
});

test("a record in the place of another patient's is refused, and deleted", async () => {
  const cache = await openCache(rememberingKeeper());
  const other = { ...FRAME, sopInstanceUid: "9.9.9" };
  await keep(cache, frameOf(1));
  await keep(cache, frameOf(2), other);
  const database = await openDB<CacheSchema>(DATABASE);
  const stolen = await database.get("records", await cache.frames.nameOf(FRAME));
  if (stolen === undefined) throw new Error("The record is not there");
  await database.put("records", stolen, await cache.frames.nameOf(other));
  database.close();
  expect(await read(cache, other)).toBeUndefined();
  expect(cache.frames.has(await cache.frames.nameOf(other))).toBe(false);
  expect((await read(cache))?.minimum).toBe(1);
});

test("nothing of the patient lies in IndexedDB in the clear, neither in keys nor in values", async () => {
  const cache = await openCache(rememberingKeeper(), { subject: "dr.house" });
  await keep(cache, frameOf(0x4242));
  const json = `{"00100010":{"vr":"PN","Value":[{"Alphabetic":"${PATIENT}"}]}}`;
  const metadata = { etag: undefined, fetchedAt: new Date(), instances: [json] };
  await cache.metadata.write(FRAME.studyInstanceUid, metadata);
  const database = await openDB<CacheSchema>(DATABASE);
  const bytes: string[] = [];
  for (const store of database.objectStoreNames) {
    const all = [await database.getAllKeys(store), await database.getAll(store)];
    for (const item of all.flat()) bytes.push(latin1(item));
  }
  database.close();
  expect(bytes.length).toBeGreaterThan(5);
  for (const secret of [PATIENT, "Erika", "1.2.3", "dr.house", "pacs.example", "BBBBBBBB"])
    expect(
      bytes.some((text) => text.includes(secret)),
      secret,
    ).toBe(false);
});

test("the key cannot be exported", async () => {
  const keys = await generateSessionKeys();
  await expect(crypto.subtle.exportKey("raw", keys.encryption)).rejects.toThrow();
  await expect(crypto.subtle.exportKey("raw", keys.naming)).rejects.toThrow();
});

test("beyond the budget the study that was longest not looked at is given up", async () => {
  const cache = await openCache(rememberingKeeper(), { budgetBytes: 12_000 });
  const addresses = [1, 2, 3, 4, 5, 6].map((number) => ({
    ...FRAME,
    studyInstanceUid: number <= 3 ? "old" : "new",
    frameNumber: number,
  }));
  for (const address of addresses) {
    await keep(cache, frameOf(address.frameNumber, 32), address);
    await pause(2);
  }
  await cache.settled();
  const kept = await Promise.all(addresses.map((address) => read(cache, address)));
  expect(kept.map((frame) => frame?.minimum)).toEqual([undefined, undefined, 3, 4, 5, 6]);
});

test("a full disk is an outcome, and makes room for the frames to come", async () => {
  const cache = await openCache(rememberingKeeper());
  for (const frameNumber of [1, 2, 3])
    await keep(cache, frameOf(frameNumber), { ...FRAME, frameNumber });
  const put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = () => {
    throw new DOMException("Full", "QuotaExceededError");
  };
  try {
    expect(await keep(cache, frameOf(4), { ...FRAME, frameNumber: 4 })).toBe(false);
  } finally {
    IDBObjectStore.prototype.put = put;
  }
  await cache.settled();
  expect(await read(cache, { ...FRAME, frameNumber: 1 })).toBeUndefined();
  expect(await read(cache, { ...FRAME, frameNumber: 3 })).toBeDefined();
});

test("a tab of a newer version may upgrade the database; here everything is a miss from then on", async () => {
  const cache = await openCache(rememberingKeeper());
  await keep(cache, frameOf(1));
  const newer = await openDB(DATABASE, 99);
  expect(await read(cache)).toBeUndefined();
  expect(await keep(cache, frameOf(2))).toBe(false);
  newer.close();
});

test("with the policy off nothing is kept, and what was kept before is deleted", async () => {
  await keep(await openCache(rememberingKeeper()), frameOf(1));
  const scope = { sourceId: "x", subject: "" };
  expect(await openPatientCache({ policy: "off", scope, databaseName: DATABASE })).toBeUndefined();
  const database = await openDB<CacheSchema>(DATABASE);
  expect(await database.count("records")).toBe(0);
  database.close();
});

test("wiping deletes the records of everybody and makes the keepers forget the keys", async () => {
  const keeper = rememberingKeeper();
  const anna = await openCache(keeper, { subject: "anna" });
  const berta = await openCache(keeper, { subject: "berta" });
  await keep(anna, frameOf(1));
  await keep(berta, frameOf(2));
  await anna.wipe();
  expect([await read(anna), await read(berta), keeper.keys]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  await wipePatientCache({ databaseName: DATABASE, keepers: [keeper] });
});

test("without IndexedDB there is no cache, and no error either", async () => {
  const real = Object.getOwnPropertyDescriptor(globalThis, "indexedDB");
  Object.defineProperty(globalThis, "indexedDB", { configurable: true, value: undefined });
  const scope = { sourceId: "x", subject: "" };
  try {
    expect(
      await openPatientCache({ policy: "session", scope, keepers: [rememberingKeeper()] }),
    ).toBeUndefined();
  } finally {
    if (real !== undefined) Object.defineProperty(globalThis, "indexedDB", real);
  }
});

function latin1(value: unknown): string {
  if (value instanceof ArrayBuffer) return latin1(new Uint8Array(value));
  if (value instanceof Uint8Array)
    return Array.from(value, (byte) => String.fromCharCode(byte)).join("");
  if (typeof value !== "object" || value === null) return String(value);
  return Object.values(value).map(latin1).join("\n");
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(() => resolve(), ms);
  });
}
