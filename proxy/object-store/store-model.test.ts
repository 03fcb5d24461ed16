import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { expect, it } from "vitest";
import type { ObjectStore, ObjectWriter } from "./object-store.ts";
import { CHUNK_BYTES } from "./record-cipher.ts";
import { bytesOf, factsOf, storeFixture } from "./testing/store-fixture.ts";

const noise = randomBytes(8 * CHUNK_BYTES);

const place = fc
  .tuple(
    fc.integer({ min: 1, max: 2 }),
    fc.integer({ min: 1, max: 2 }),
    fc.integer({ min: 1, max: 3 }),
  )
  .map((numbers) => numbers.join("/"));
const step = fc.oneof(
  fc.record({ kind: fc.constant("begin" as const), place, isReceived: fc.boolean() }),
  fc.record({
    kind: fc.constant("write" as const),
    writer: fc.nat(),
    start: fc.nat({ max: CHUNK_BYTES }),
    length: fc.oneof(fc.nat({ max: 5000 }), fc.nat({ max: 3 * CHUNK_BYTES })),
  }),
  fc.record({ kind: fc.constant("commit" as const), writer: fc.nat() }),
  fc.record({ kind: fc.constant("abort" as const), writer: fc.nat() }),
  fc.record({ kind: fc.constant("remove" as const), place, depth: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ kind: fc.constant("reopen" as const) }),
);
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

/** What the store has to hold: bytes by SOP Instance UID, and the objects that are arriving. */
class Model {
  readonly objects = new Map<string, { readonly place: string; readonly bytes: Buffer }>();
  writers: { readonly writer: ObjectWriter; readonly place: string; readonly parts: Buffer[] }[] =
    [];

  pick(number: number) {
    return this.writers[number % Math.max(1, this.writers.length)];
  }

  drop(entry: object): void {
    this.writers = this.writers.filter((other) => other !== entry);
  }
}

async function apply(store: ObjectStore, model: Model, next: Step): Promise<void> {
  if (next.kind === "begin") {
    const writer = store.begin(factsOf(next.place, next.isReceived ? "received" : "retrieved"));
    model.writers.push({ writer, place: next.place, parts: [] });
  }
  if (next.kind === "remove") {
    const levels = next.place.split("/").slice(0, next.depth);
    const { studyInstanceUid, seriesInstanceUid, sopInstanceUid } = factsOf(next.place);
    const uids = [studyInstanceUid, seriesInstanceUid, sopInstanceUid].slice(0, next.depth);
    await store.remove(uids[0] ?? "", uids[1], uids[2]);
    for (const [uid, object] of model.objects) {
      if (`${object.place}/`.startsWith(`${levels.join("/")}/`)) model.objects.delete(uid);
    }
  }
  const entry = "writer" in next ? model.pick(next.writer) : undefined;
  if (entry === undefined) return;
  if (next.kind === "write") {
    const bytes = noise.subarray(next.start, next.start + next.length);
    entry.parts.push(bytes);
    await entry.writer.write(bytes);
    return;
  }
  model.drop(entry);
  if (next.kind === "abort") entry.writer.abort();
  if (next.kind !== "commit") return;
  const object = await entry.writer.commit();
  model.objects.set(object.sopInstanceUid, {
    place: entry.place,
    bytes: Buffer.concat(entry.parts),
  });
}

async function compare(store: ObjectStore, model: Model): Promise<void> {
  expect(store.status().objects).toBe(model.objects.size);
  for (const [uid, { place: where, bytes }] of model.objects) {
    const object = store.get(uid);
    expect(object).toMatchObject({ byteLength: bytes.byteLength });
    if (object === undefined) continue;
    expect(object.seriesInstanceUid).toBe(factsOf(where).seriesInstanceUid);
    expect((await bytesOf(store, object)).equals(bytes)).toBe(true);
  }
}

it("holds, after any sequence of steps and starts, what a map would hold", async () => {
  const sequence = fc.array(step, { minLength: 5, maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(sequence, async (steps) => {
      const fixture = await storeFixture();
      try {
        const model = new Model();
        let store = await fixture.open({ memoryBytes: 2 ** 20 });
        for (const next of steps) {
          if (next.kind !== "reopen") await apply(store, model, next);
          else {
            await store.close();
            model.writers = [];
            store = await fixture.open({ memoryBytes: 2 ** 20 });
          }
          await compare(store, model);
        }
        await store.close();
        await compare(await fixture.open(), model);
      } finally {
        await fixture.dispose();
      }
    }),
    { numRuns: 40 },
  );
}, 60_000);
