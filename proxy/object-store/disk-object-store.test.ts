import { randomBytes } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CHUNK_BYTES } from "./record-cipher.ts";
import {
  bytesOf,
  drained,
  factsOf,
  put,
  type StoreFixture,
  storeFixture,
} from "./testing/store-fixture.ts";

let fixture: StoreFixture;
beforeEach(async () => {
  fixture = await storeFixture();
});
afterEach(() => fixture.dispose());

describe("what is stored", () => {
  const lengths = [
    ["nothing", 0],
    ["one byte", 1],
    ["one chunk", CHUNK_BYTES],
    ["one chunk and a byte", CHUNK_BYTES + 1],
    ["many chunks", 9 * CHUNK_BYTES + 12_345],
  ] as const;
  it.each(lengths)(
    "%s comes back from memory, from disk and after a restart",
    async (_, length) => {
      const bytes = randomBytes(length);
      const store = await fixture.open({ memoryBytes: 2 ** 20 });
      const object = await put(store, factsOf("1/1/1"), bytes, 7001);
      expect(object).toMatchObject({ ...factsOf("1/1/1"), byteLength: length });
      expect((await bytesOf(store, object)).equals(bytes)).toBe(true);
      await store.close();
      const again = await fixture.open();
      const found = again.get(object.sopInstanceUid);
      expect(found).toEqual(object);
      expect((await bytesOf(again, object)).equals(bytes)).toBe(true);
    },
  );

  it("is read by any range, and as a source", async () => {
    const bytes = randomBytes(5 * CHUNK_BYTES + 77);
    const store = await fixture.open();
    const object = await put(store, factsOf("1/1/1"), bytes, 33_333);
    await store.close();
    const again = await fixture.open();
    const source = again.source(object);
    expect(source.byteLength).toBe(bytes.byteLength);
    const edges = [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, 3 * CHUNK_BYTES + 5, bytes.byteLength - 1];
    for (const first of edges) {
      for (const last of edges.filter((edge) => edge >= first)) {
        const expected = bytes.subarray(first, last + 1);
        expect((await bytesOf(again, object, { first, last })).equals(expected)).toBe(true);
        expect(Buffer.from(await source.read(first, last + 1 - first)).equals(expected)).toBe(true);
      }
    }
    expect(await source.read(bytes.byteLength, 10)).toHaveLength(0);
    expect(await source.read(bytes.byteLength - 3, 10)).toHaveLength(3);
  });

  it("has one entity tag for the same bytes, however they were cut and wherever they are", async () => {
    const bytes = randomBytes(300_000);
    const store = await fixture.open();
    const one = await put(store, factsOf("1/1/1"), bytes, 999);
    const other = await put(store, factsOf("2/1/1"), bytes, 70_000);
    const different = await put(store, factsOf("3/1/1"), flipped(bytes, 299_999), 70_000);
    expect(other.etag).toBe(one.etag);
    expect(different.etag).not.toBe(one.etag);
    const second = await storeFixture();
    try {
      const elsewhere = await second.open({ key: fixture.key });
      expect((await put(elsewhere, factsOf("9/1/1"), bytes)).etag).toBe(one.etag);
    } finally {
      await second.dispose();
    }
  });

  it("is nowhere on the disk in the clear, nor are its identifiers", async () => {
    const secret = Buffer.from("DOE^JANE".repeat(40_000));
    const store = await fixture.open();
    await put(store, factsOf("1/1/1"), secret);
    await put(store, factsOf("1/1/2", "received"), secret);
    await store.close();
    const names = await readdir(fixture.folder);
    const files = await Promise.all(names.map((name) => readFile(path.join(fixture.folder, name))));
    const everything = Buffer.concat([Buffer.from(names.join()), ...files]);
    expect(everything.byteLength).toBeGreaterThan(secret.byteLength);
    expect(everything.includes("JANE")).toBe(false);
    expect(everything.includes("1.2.826")).toBe(false);
  });

  it("can be had in order of arrival, by study and by series", async () => {
    const store = await fixture.open();
    for (const place of ["1/2/1", "1/1/1", "2/1/1", "1/2/2"]) {
      await put(store, factsOf(place), randomBytes(10));
    }
    const uids = (list: ReturnType<typeof store.list>) =>
      list.map((object) => object.sopInstanceUid);
    const expected = ["1/2/1", "1/1/1", "1/2/2"].map((place) => factsOf(place).sopInstanceUid);
    expect(uids(store.list(factsOf("1").studyInstanceUid))).toEqual(expected);
    await store.close();
    const again = await fixture.open();
    expect(uids(again.list(factsOf("1").studyInstanceUid))).toEqual(expected);
    const { studyInstanceUid, seriesInstanceUid } = factsOf("1/2/1");
    expect(uids(again.list(studyInstanceUid, seriesInstanceUid))).toEqual([
      expected[0],
      expected[2],
    ]);
    expect(again.studies()).toHaveLength(2);
  });
});

describe("changes", () => {
  it("show nothing of an object before it is committed, and nothing of one that is aborted", async () => {
    const store = await fixture.open();
    const writer = store.begin(factsOf("1/1/1"));
    await writer.write(randomBytes(3 * 2 ** 20));
    expect(store.list(factsOf("1").studyInstanceUid)).toEqual([]);
    writer.abort();
    await expect(writer.commit()).rejects.toMatchObject({ code: "gone" });
    expect(store.studies()).toEqual([]);
    await drained(store);
    await store.close();
    expect((await fixture.open()).status().objects).toBe(0);
  });

  it("replace an object; whoever reads the old one reads it to its end", async () => {
    const [old, renewed] = [randomBytes(20 * CHUNK_BYTES), randomBytes(3 * CHUNK_BYTES)];
    const store = await fixture.open({ memoryBytes: 2 ** 20 });
    const first = await put(store, factsOf("1/1/1"), old);
    await drained(store);
    const reading = store.open(first)[Symbol.asyncIterator]();
    const chunks = [(await reading.next()).value];
    const second = await put(store, factsOf("1/1/1"), renewed);
    expect(store.list(factsOf("1").studyInstanceUid)).toEqual([second]);
    for (let step = await reading.next(); step.done !== true; step = await reading.next()) {
      chunks.push(step.value);
    }
    expect(Buffer.concat(chunks).equals(old)).toBe(true);
    await expect(bytesOf(store, first)).rejects.toMatchObject({ code: "gone" });
    await store.close();
    const again = await fixture.open();
    expect((await bytesOf(again, second)).equals(renewed)).toBe(true);
    expect(again.status().objects).toBe(1);
  });

  it("write nothing when the same object comes again, but note when it came", async () => {
    const bytes = randomBytes(200_000);
    const store = await fixture.open();
    const first = await put(store, factsOf("1/1/1"), bytes);
    await drained(store);
    const { bytes: before } = store.status();
    fixture.clock += 5000;
    const second = await put(store, factsOf("1/1/1"), bytes);
    await drained(store);
    expect(second).toEqual({ ...first, receivedAt: first.receivedAt + 5000 });
    expect(store.status().bytes).toBe(before);
    await store.close();
    expect((await fixture.open()).get(first.sopInstanceUid)).toEqual(second);
  });

  it("keep an object that was sent here as one that cannot be had again, though it is retrieved too", async () => {
    const store = await fixture.open();
    await put(store, factsOf("1/1/1", "received"), randomBytes(1000));
    expect((await put(store, factsOf("1/1/1"), randomBytes(1000))).origin).toBe("received");
  });

  it("remove an object, a series or a study, also after a restart", async () => {
    const store = await fixture.open();
    for (const place of ["1/1/1", "1/1/2", "1/2/1", "2/1/1"]) {
      await put(store, factsOf(place), randomBytes(1000));
    }
    const { studyInstanceUid, seriesInstanceUid, sopInstanceUid } = factsOf("1/1/2");
    await store.remove(studyInstanceUid, seriesInstanceUid, sopInstanceUid);
    expect(store.list(studyInstanceUid)).toHaveLength(2);
    await store.remove(studyInstanceUid, seriesInstanceUid);
    expect(store.list(studyInstanceUid)).toHaveLength(1);
    await store.close();
    const again = await fixture.open();
    expect(again.list(studyInstanceUid)).toHaveLength(1);
    await again.remove(studyInstanceUid);
    expect(again.studies()).toEqual([factsOf("2").studyInstanceUid]);
  });

  it("are refused by a store that is closed; an object that is still arriving is gone", async () => {
    const store = await fixture.open();
    const object = await put(store, factsOf("1/1/1"), randomBytes(10));
    const writer = store.begin(factsOf("1/1/2"));
    await store.close();
    await expect(writer.commit()).rejects.toMatchObject({ code: "closed" });
    await expect(bytesOf(store, object)).rejects.toMatchObject({ code: "closed" });
    expect(() => store.begin(factsOf("1/1/3"))).toThrow(/closed/);
  });
});

describe("memory", () => {
  it("stays within its limit while a large object streams through", async () => {
    const memoryBytes = 4 * 2 ** 20;
    const store = await fixture.open({ memoryBytes });
    const writer = store.begin(factsOf("1/1/1"));
    const piece = randomBytes(64 * 1024);
    let most = 0;
    let waits = 0;
    for (let count = 0; count < 800; count += 1) {
      const wait = writer.write(piece);
      most = Math.max(most, store.status().pendingBytes);
      if (wait !== undefined) waits += 1;
      await wait;
    }
    const object = await writer.commit();
    expect(waits).toBeGreaterThan(0);
    expect(most).toBeLessThanOrEqual(memoryBytes + piece.byteLength);
    expect(await bytesOf(store, object)).toHaveLength(800 * piece.byteLength);
  });

  it("does not stop a thousand objects that arrive at once and fit together not at all", async () => {
    const store = await fixture.open({ memoryBytes: 2 ** 20 });
    const bytes = randomBytes(100_000);
    const places = Array.from({ length: 100 }, (_, index) => `${index % 7}/1/${index}`);
    const objects = await Promise.all(
      places.map((place) => put(store, factsOf(place), bytes, 30_000)),
    );
    for (const object of objects) expect((await bytesOf(store, object)).equals(bytes)).toBe(true);
  });
});

function flipped(bytes: Uint8Array, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}
