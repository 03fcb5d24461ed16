import { randomBytes } from "node:crypto";
import { readdir } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ObjectStore } from "./object-store.ts";
import {
  bytesOf,
  drained,
  factsOf,
  put,
  type StoreFixture,
  storeFixture,
} from "./testing/store-fixture.ts";

const HOUR = 3600 * 1000;

let fixture: StoreFixture;
beforeEach(async () => {
  fixture = await storeFixture();
});
afterEach(() => fixture.dispose());

/** Stores a study of one object of 100,000 bytes, later than the one before. */
async function study(store: ObjectStore, number: number, origin?: "received") {
  fixture.clock += 1000;
  const object = await put(store, factsOf(`${number}/1/1`, origin), randomBytes(100_000));
  await drained(store);
  return object;
}

function kept(store: ObjectStore): string[] {
  return store.studies().map((uid) => uid.replace("1.2.826.1.", ""));
}

describe("a store that is full", () => {
  it("evicts whole studies, least recently used first, with their files", async () => {
    const store = await fixture.open({ maximumBytes: 350_000 });
    for (const number of [1, 2, 3]) await study(store, number);
    fixture.clock += 1000;
    store.get(factsOf("1/1/1").sopInstanceUid);
    await study(store, 4);
    expect(kept(store).sort()).toEqual(["1", "3", "4"]);
    expect(store.status()).toMatchObject({ evictedStudies: 1, studies: 3, objects: 3 });
    expect(store.status().bytes).toBeLessThanOrEqual(350_000);
    await store.close();
    const segments = (await readdir(fixture.folder)).filter((name) => name.endsWith(".seg"));
    expect(segments).toHaveLength(3);
  });

  it("knows after a restart what was used last", async () => {
    const first = await fixture.open({ maximumBytes: 350_000 });
    for (const number of [1, 2, 3]) await study(first, number);
    fixture.clock += 1000;
    first.get(factsOf("1/1/1").sopInstanceUid);
    await first.close();
    const store = await fixture.open({ maximumBytes: 350_000 });
    await study(store, 4);
    expect(kept(store).sort()).toEqual(["1", "3", "4"]);
  });

  it("keeps a text with a study over restarts, and no longer than its objects", async () => {
    const first = await fixture.open({});
    const [one, two] = [factsOf("1").studyInstanceUid, factsOf("2").studyInstanceUid];
    first.mark(one, "nothing to keep it with");
    for (const number of [1, 2]) await study(first, number);
    expect(first.markOf(one)).toBeUndefined();
    first.mark(one, "a");
    first.mark(one, "b");
    first.mark(two, "c");
    await first.close();
    const store = await fixture.open({});
    expect(store.markOf(one)).toBe("b");
    const pin = store.pin(two);
    await store.remove(two);
    expect(store.markOf(two)).toBeUndefined();
    pin.release();
  });

  it("never evicts what is pinned, and keeps what then has no room in memory", async () => {
    const store = await fixture.open({ maximumBytes: 250_000 });
    await study(store, 1);
    const pin = store.pin(factsOf("1").studyInstanceUid);
    await study(store, 2);
    const third = await study(store, 3);
    expect(kept(store).sort()).toEqual(["1", "3"]);
    const pins = [2, 3].map((number) => store.pin(factsOf(String(number)).studyInstanceUid));
    const fourth = await study(store, 4);
    expect(await bytesOf(store, fourth)).toHaveLength(100_000);
    expect(await bytesOf(store, third)).toHaveLength(100_000);
    expect(store.status().bytes).toBeLessThanOrEqual(350_000);
    for (const { release } of [pin, ...pins]) release();
  });

  it("lets a reader finish an object that is evicted meanwhile", async () => {
    const store = await fixture.open({ maximumBytes: 3_000_000, memoryBytes: 2 ** 20 });
    const bytes = randomBytes(2_500_000);
    const object = await put(store, factsOf("1/1/1"), bytes);
    await drained(store);
    const reading = store.open(object)[Symbol.asyncIterator]();
    const chunks = [(await reading.next()).value];
    await put(store, factsOf("2/1/1"), bytes);
    await drained(store);
    expect(kept(store)).toEqual(["2"]);
    for (let step = await reading.next(); step.done !== true; step = await reading.next()) {
      chunks.push(step.value);
    }
    expect(Buffer.concat(chunks).equals(bytes)).toBe(true);
  });

  it("never evicts what was sent here, and refuses more of it when it has three quarters", async () => {
    const store = await fixture.open({ maximumBytes: 420_000 });
    for (const number of [1, 2, 3]) await study(store, number, "received");
    for (const number of [4, 5, 6]) await study(store, number);
    expect(kept(store).sort()).toEqual(["1", "2", "3", "6"]);
    await expect(study(store, 7, "received")).rejects.toMatchObject({ code: "disk-full" });
    expect(store.status().trouble).toBeUndefined();
    await store.remove(factsOf("1").studyInstanceUid);
    await study(store, 7, "received");
    expect(store.get(factsOf("7/1/1").sopInstanceUid)).toBeDefined();
  });

  it("refuses one object that is larger than all of it", async () => {
    const store = await fixture.open({ maximumBytes: 2_500_000, memoryBytes: 2 ** 20 });
    await expect(put(store, factsOf("1/1/1"), randomBytes(5_000_000))).rejects.toMatchObject({
      code: "disk-full",
    });
    await study(store, 2);
    expect(kept(store)).toEqual(["2"]);
  });
});

describe("time", () => {
  it("ends what nobody used for longer than the limit; what was sent here stays", async () => {
    const store = await fixture.open({ maximumAgeMs: 4 * HOUR });
    await study(store, 1);
    await study(store, 2);
    await study(store, 3, "received");
    for (let hours = 0; hours < 5; hours += 1) {
      fixture.clock += HOUR;
      store.get(factsOf("2/1/1").sopInstanceUid);
    }
    expect(kept(store).sort()).toEqual(["2", "3"]);
    expect(store.get(factsOf("1/1/1").sopInstanceUid)).toBeUndefined();
  });

  it("goes on while the process does not run", async () => {
    const limits = { maximumAgeMs: 4 * HOUR };
    let store = await fixture.open(limits);
    await study(store, 1);
    for (let restarts = 0; restarts < 5; restarts += 1) {
      await store.close();
      fixture.clock += HOUR;
      store = await fixture.open(limits);
      await study(store, 2);
      expect(kept(store).sort()).toEqual(restarts < 3 ? ["1", "2"] : ["2"]);
    }
  });

  it("does not empty the store when the clock leaps, and does not stop when it falls back", async () => {
    const store = await fixture.open({ maximumAgeMs: 4 * HOUR });
    await study(store, 1);
    fixture.clock += 20 * 365 * 24 * HOUR;
    expect(kept(store)).toEqual(["1"]);
    fixture.clock -= 40 * 365 * 24 * HOUR;
    expect(kept(store)).toEqual(["1"]);
    for (let hours = 0; hours < 4; hours += 1) {
      fixture.clock += HOUR;
      store.status();
    }
    expect(kept(store)).toEqual([]);
  });
});
