import { randomBytes } from "node:crypto";
import { open, readdir, readFile, rename, rm, truncate, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ObjectStore, StoredObject } from "./object-store.ts";
import { type FaultyFiles, faultyFiles } from "./testing/faulty-files.ts";
import {
  bytesOf,
  drained,
  factsOf,
  put,
  type StoreFixture,
  storeFixture,
} from "./testing/store-fixture.ts";

let fixture: StoreFixture;
let files: FaultyFiles;
beforeEach(async () => {
  fixture = await storeFixture();
  files = faultyFiles();
});
afterEach(async () => {
  files.fault = () => undefined;
  await fixture.dispose();
});

describe.each([
  ["ENOSPC", "disk-full"],
  ["EDQUOT", "disk-full"],
  ["EIO", "io"],
  ["EACCES", "io"],
] as const)("while writing fails with %s", (code, trouble) => {
  it("retrieved objects are served from memory, received ones are refused, and all is well afterwards", async () => {
    const store = await fixture.open({}, files);
    files.fault = (operation) => (operation === "write" ? code : undefined);
    const bytes = randomBytes(300_000);
    const object = await put(store, factsOf("1/1/1"), bytes);
    await expect(put(store, factsOf("2/1/1", "received"), bytes)).rejects.toMatchObject({
      code: trouble,
    });
    expect(store.status().trouble).toBe(trouble);
    expect((await bytesOf(store, object)).equals(bytes)).toBe(true);
    expect(store.get(factsOf("2/1/1").sopInstanceUid)).toBeUndefined();
    files.fault = () => undefined;
    const received = await put(store, factsOf("2/1/2", "received"), bytes);
    expect(store.status().trouble).toBeUndefined();
    await store.close();
    const again = await fixture.open();
    expect((await bytesOf(again, object)).equals(bytes)).toBe(true);
    expect((await bytesOf(again, received)).equals(bytes)).toBe(true);
    expect(again.status().objects).toBe(2);
    expect(fixture.events.map(({ kind }) => kind)).toEqual(["trouble", "recovered"]);
  });
});

describe("a disk that is full", () => {
  beforeEach(() => {
    files.fault = (operation, file) =>
      operation === "write" && file.endsWith(".seg") ? "ENOSPC" : undefined;
  });

  it("costs the oldest retrieved objects when memory ends, and holds nobody up", async () => {
    const store = await fixture.open({ memoryBytes: 2 ** 20 }, files);
    for (let index = 0; index < 30; index += 1) {
      await put(store, factsOf(`1/1/${index}`), randomBytes(200_000));
    }
    const left = store.list(factsOf("1").studyInstanceUid);
    expect(left.length).toBeGreaterThan(2);
    expect(left.length).toBeLessThan(7);
    expect(left.at(-1)?.sopInstanceUid).toBe(factsOf("1/1/29").sopInstanceUid);
    for (const object of left) expect(await bytesOf(store, object)).toHaveLength(200_000);
  });

  it("refuses an object that is larger than memory", async () => {
    const store = await fixture.open({ memoryBytes: 2 ** 20 }, files);
    await expect(put(store, factsOf("1/1/1"), randomBytes(8_000_000))).rejects.toMatchObject({
      code: "disk-full",
    });
    expect(store.status().pendingBytes).toBe(0);
  });

  it("does not keep the store from closing", async () => {
    const store = await fixture.open({}, files);
    await put(store, factsOf("1/1/1"), randomBytes(1000));
    await store.close();
    expect((await fixture.open()).status().objects).toBe(0);
  });
});

describe("a received object", () => {
  it("is answered for when its bytes, then the journal, are on the disk for good", async () => {
    const store = await fixture.open({}, files);
    files.log.length = 0;
    await put(store, factsOf("1/1/1", "received"), randomBytes(1000));
    const kinds = files.log.map((entry) => entry.replace(/r-\w+\.seg/, "segment"));
    expect(kinds).toEqual([
      "open segment",
      "write segment",
      "sync segment",
      "write journal-00000001.draft",
      "sync journal-00000001.draft",
    ]);
  });

  it("shares the disk's work with others that arrive at the same time", async () => {
    const store = await fixture.open({}, files);
    files.log.length = 0;
    const places = Array.from({ length: 20 }, (_, index) => `1/1/${index}`);
    await Promise.all(
      places.map((place) => put(store, factsOf(place, "received"), randomBytes(1000))),
    );
    expect(files.log.filter((entry) => entry.startsWith("sync")).length).toBeLessThan(10);
  });

  it.each(["segment", "journal"])(
    "is refused when the %s cannot be made durable",
    async (which) => {
      const store = await fixture.open({}, files);
      await put(store, factsOf("1/1/1", "received"), randomBytes(1000));
      const isMeant = (file: string) => file.endsWith(".seg") === (which === "segment");
      files.fault = (operation, file) =>
        operation === "sync" && isMeant(file) ? "EIO" : undefined;
      await expect(
        put(store, factsOf("1/1/2", "received"), randomBytes(1000)),
      ).rejects.toMatchObject({ code: "io" });
      files.fault = () => undefined;
      await put(store, factsOf("1/1/3", "received"), randomBytes(1000));
      await store.close();
      const again = await fixture.open();
      const uids = again.list(factsOf("1").studyInstanceUid).map((object) => object.sopInstanceUid);
      expect(uids).toEqual(["1/1/1", "1/1/3"].map((place) => factsOf(place).sopInstanceUid));
    },
  );

  it.skipIf(process.platform === "win32")(
    "is refused when the file under it was deleted",
    async () => {
      const store = await fixture.open({}, files);
      await put(store, factsOf("1/1/1", "received"), randomBytes(1000));
      await rm(await segmentOf("r"));
      await expect(
        put(store, factsOf("1/1/2", "received"), randomBytes(1000)),
      ).rejects.toMatchObject({ code: "io" });
      const object = await put(store, factsOf("1/1/3", "received"), randomBytes(1000));
      await store.close();
      const again = await fixture.open();
      expect(again.list(factsOf("1").studyInstanceUid)).toEqual([object]);
    },
  );
});

describe("what was damaged", () => {
  const damages: readonly (readonly [string, (file: string) => Promise<void>])[] = [
    ["a bit of it flips", (file) => flip(file, 150_000)],
    ["its end is cut off", (file) => truncate(file, 200_000)],
    ["its file is replaced", (file) => writeFile(file, randomBytes(600_000))],
    ["its file is deleted", (file) => rm(file)],
    ["its file is empty", (file) => truncate(file, 0)],
  ];
  it.each(damages)("is not served when %s, and can be stored again", async (_, damage) => {
    const bytes = randomBytes(300_000);
    let store = await fixture.open();
    const object = await put(store, factsOf("1/1/1"), bytes);
    await store.close();
    store = await fixture.open();
    await damage(await segmentOf("c"));
    await expect(bytesOf(store, object)).rejects.toMatchObject({ code: "damaged" });
    expect(store.get(object.sopInstanceUid)).toBeUndefined();
    expect(fixture.events.map(({ kind }) => kind)).toEqual(["damaged"]);
    const renewed = await put(store, factsOf("1/1/1"), bytes);
    expect(renewed.etag).toBe(object.etag);
    expect((await bytesOf(store, renewed)).equals(bytes)).toBe(true);
  });

  it("costs the objects that it lies in, and no other of the same file", async () => {
    let store = await fixture.open();
    const objects: StoredObject[] = [];
    for (const index of [1, 2, 3]) {
      objects.push(await put(store, factsOf(`1/1/${index}`), randomBytes(100_000)));
    }
    await store.close();
    await flip(await segmentOf("c"), 150_000);
    store = await fixture.open();
    expect(await outcomes(store, objects)).toEqual(["whole", "damaged", "whole"]);
  });

  it("is dropped at the start when its file is too short", async () => {
    let store = await fixture.open();
    const objects: StoredObject[] = [];
    for (const index of [1, 2]) {
      objects.push(await put(store, factsOf(`1/1/${index}`), randomBytes(100_000)));
    }
    await store.close();
    await truncate(await segmentOf("c"), 150_000);
    store = await fixture.open();
    expect(store.list(factsOf("1").studyInstanceUid)).toEqual(objects.slice(0, 1));
    expect(await outcomes(store, objects)).toEqual(["whole", "gone"]);
  });

  it("is said when a segment takes the place of another", async () => {
    let store = await fixture.open();
    const objects: StoredObject[] = [];
    for (const study of [1, 2]) {
      objects.push(await put(store, factsOf(`${study}/1/1`), randomBytes(100_000)));
    }
    await store.close();
    const [one = "", other = ""] = await segmentsOf("c");
    await rename(one, `${one}.x`);
    await rename(other, one);
    await rename(`${one}.x`, other);
    store = await fixture.open();
    expect(await outcomes(store, objects)).toEqual(["damaged", "damaged"]);
  });
});

describe("a journal", () => {
  it("with a torn end counts up to there", async () => {
    const objects = await storeEach(["retrieved", "received", "retrieved"]);
    const journal = await journalFile();
    await truncate(journal, (await readFile(journal)).byteLength - 5);
    const store = await fixture.open();
    const left = store.list(factsOf("1").studyInstanceUid);
    expect(left.length).toBeGreaterThanOrEqual(2);
    expect(left).toEqual(objects.slice(0, left.length));
    expect(fixture.events).toEqual([]);
    const last = await put(store, factsOf("1/1/9"), randomBytes(10));
    await store.close();
    expect((await fixture.open()).get(last.sopInstanceUid)).toEqual(last);
  });

  it("that is damaged in the middle costs what came before, but never what was sent here", async () => {
    const objects = await storeEach(["retrieved", "received", "retrieved", "retrieved"]);
    const journal = await journalFile();
    await flip(journal, (await frameStarts(journal))[3] ?? 0);
    const store = await fixture.open();
    const left = store.list(factsOf("1").studyInstanceUid);
    expect(left).toEqual([objects[1], objects[3]]);
    expect(await outcomes(store, left)).toEqual(["whole", "whole"]);
    expect(fixture.events.map(({ kind }) => kind)).toEqual(["journal-damaged"]);
  });

  it("that lost what it said of an object that was sent here leaves its file", async () => {
    await storeEach(["retrieved", "received", "retrieved"]);
    const journal = await journalFile();
    await flip(journal, (await frameStarts(journal))[2] ?? 0);
    const store = await fixture.open();
    expect(store.status().objects).toBe(1);
    expect(fixture.events[0]?.message).toMatch(/1 files of objects that were sent here are kept/);
  });

  it.each([
    ["deleted", (file: string) => rm(file)],
    ["emptied", (file: string) => truncate(file, 0)],
    ["replaced by noise", (file: string) => writeFile(file, randomBytes(5000))],
  ])(
    "that was %s leaves an empty store, and the files of what was sent here",
    async (_, damage) => {
      await storeEach(["retrieved", "received"]);
      await damage(await journalFile());
      const store = await fixture.open();
      expect(store.status().objects).toBe(0);
      expect(fixture.events.map(({ kind }) => kind)).toEqual(["key-changed"]);
      const [aside = ""] = (await readdir(fixture.folder)).filter((name) =>
        name.startsWith("unreadable-"),
      );
      const kept = await readdir(path.join(fixture.folder, aside));
      expect(kept.filter((name) => name.startsWith("r-"))).toHaveLength(1);
      await put(store, factsOf("1/1/1"), randomBytes(10));
    },
  );

  it("is written anew when most of it is history", async () => {
    const store = await fixture.open();
    const bytes = randomBytes(10);
    for (let index = 0; index < 1500; index += 1) await put(store, factsOf(`1/1/${index}`), bytes);
    await drained(store);
    await store.remove(factsOf("1").studyInstanceUid);
    for (let index = 0; index < 10; index += 1) await put(store, factsOf(`2/1/${index}`), bytes);
    await store.close();
    const before = (await readFile(await journalFile())).byteLength;
    const again = await fixture.open();
    await put(again, factsOf("3/1/1"), bytes);
    await again.close();
    expect((await readFile(await journalFile())).byteLength).toBeLessThan(before / 4);
    expect((await fixture.open()).status().objects).toBe(11);
  });

  /** Objects of these origins, each with a frame of its own. */
  async function storeEach(origins: readonly StoredObject["origin"][]): Promise<StoredObject[]> {
    const store = await fixture.open({}, files);
    const objects: StoredObject[] = [];
    for (const origin of origins) {
      files.log.length = 0;
      const place = `1/1/${objects.length}`;
      objects.push(await put(store, factsOf(place, origin), randomBytes(1000)));
      while (!files.log.some((entry) => entry.startsWith("write journal"))) await drained(store);
    }
    await store.close();
    return objects;
  }

  async function frameStarts(journal: string): Promise<number[]> {
    const bytes = await readFile(journal);
    const starts: number[] = [];
    for (let at = bytes.indexOf("NgFr"); at >= 0; at = bytes.indexOf("NgFr", at + 1))
      starts.push(at);
    return starts;
  }
});

describe("another key", () => {
  it("empties the cache, says so in one line, and sets aside what was sent here", async () => {
    const first = await fixture.open();
    await put(first, factsOf("1/1/1"), randomBytes(1000));
    const inbox = await put(first, factsOf("2/1/1", "received"), randomBytes(1000));
    await first.close();
    const store = await fixture.open({ key: new Uint8Array(32) });
    expect(store.status().objects).toBe(0);
    expect(fixture.events).toHaveLength(1);
    expect(fixture.events[0]?.message).toMatch(/1 files are kept in .*unreadable-/);
    expect(await segmentsOf("c")).toEqual([]);
    await store.close();
    // The files that were set aside are a store for whoever has the key.
    const [aside = ""] = (await readdir(fixture.folder)).filter((name) =>
      name.startsWith("unreadable-"),
    );
    const rescued = await fixture.open({ folder: path.join(fixture.folder, aside) });
    expect(await outcomes(rescued, [inbox])).toEqual(["whole"]);
  });

  it("that is no key is refused", async () => {
    await expect(fixture.open({ key: new Uint8Array(16) })).rejects.toThrow(/32 bytes/);
  });
});

async function outcomes(store: ObjectStore, objects: readonly StoredObject[]): Promise<string[]> {
  const results: string[] = [];
  for (const object of objects) {
    try {
      const { byteLength } = await bytesOf(store, object);
      results.push(byteLength === object.byteLength ? "whole" : "short");
    } catch (error) {
      results.push(error instanceof Error && "code" in error ? String(error.code) : "?");
    }
  }
  return results;
}

async function segmentsOf(kind: "c" | "r"): Promise<string[]> {
  const names = await readdir(fixture.folder);
  return names
    .filter((name) => name.startsWith(`${kind}-`))
    .map((name) => path.join(fixture.folder, name));
}

async function segmentOf(kind: "c" | "r"): Promise<string> {
  return (await segmentsOf(kind))[0] ?? "";
}

async function journalFile(): Promise<string> {
  const names = await readdir(fixture.folder);
  const name = names.find((found) => found.startsWith("journal-")) ?? "";
  return path.join(fixture.folder, name);
}

async function flip(file: string, at: number): Promise<void> {
  const handle = await open(file, "r+");
  try {
    const byte = Buffer.alloc(1);
    await handle.read(byte, 0, 1, at);
    byte[0] = (byte[0] ?? 0) ^ 4;
    await handle.write(byte, 0, 1, at);
  } finally {
    await handle.close();
  }
}
