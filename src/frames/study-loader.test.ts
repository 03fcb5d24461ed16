import { expect, test } from "vitest";
import { DataSet } from "#core/dicom/data-set.ts";
import {
  RedPaletteColorLookupTableData as RED_PALETTE,
  SOPInstanceUID as SOP_INSTANCE_UID,
} from "#core/dicom/tags.generated.ts";
import { dataSetFromJson } from "#core/dicom-json/from-json.ts";
import type { KeptMetadata } from "../cache/metadata-store.ts";
import {
  RetrieveError,
  type RetrieveErrorCode,
  type StudyMetadata,
  type StudySource,
} from "../retrieve/study-source.ts";
import { type KeptStudies, StudyLoader, type StudyPart } from "./study-loader.ts";

const STUDY = "1.2.3";
const TEXTS = ["1", "2", "3"].map((uid) => `{"00080018":{"vr":"UI","Value":["${uid}"]}}`);
const never = new AbortController().signal;

/** A store in memory. */
class Shelf implements KeptStudies {
  readonly kept = new Map<string, KeptMetadata>();
  read = async (uid: string): Promise<KeptMetadata | undefined> => this.kept.get(uid);
  write = async (uid: string, metadata: KeptMetadata): Promise<boolean> => {
    this.kept.set(uid, metadata);
    return true;
  };
  delete = async (uid: string): Promise<void> => {
    this.kept.delete(uid);
  };
}

function sourceOf(answer: (etag: string | undefined) => StudyMetadata): StudySource {
  const notAsked = (): never => {
    throw new Error("Not asked here");
  };
  return {
    id: "scripted",
    isCacheable: true,
    searchForStudies: notAsked,
    retrieveFrame: notAsked,
    retrieveBulkData: notAsked,
    retrieveStudyMetadata: async (_uid, { etag }) => answer(etag),
  };
}

function metadata(etag: string, texts = TEXTS, breaksOff = false): StudyMetadata {
  async function* instances() {
    for (const json of texts) yield { json, dataSet: new DataSet([]) };
    if (breaksOff) throw new RetrieveError("network", "Broken off.");
  }
  return { kind: "instances", etag, instances: instances() };
}

const failing = (code: RetrieveErrorCode): StudySource =>
  sourceOf(() => {
    throw new RetrieveError(code, "No.");
  });

async function load(source: StudySource, shelf: Shelf): Promise<StudyPart[]> {
  const parts: StudyPart[] = [];
  const loader = new StudyLoader(source, Promise.resolve(shelf), 50);
  for await (const part of loader.loadStudy(STUDY, never)) parts.push(part);
  await Promise.resolve();
  return parts;
}

const countOf = (parts: readonly StudyPart[]): number =>
  parts.reduce((sum, { instances }) => sum + instances.length, 0);

function shelfWith(etag: string | undefined): Shelf {
  const shelf = new Shelf();
  shelf.kept.set(STUDY, { etag, fetchedAt: new Date(5), instances: TEXTS });
  return shelf;
}

test("the first instance is given alone, so that its first frame can be asked for", async () => {
  const shelf = new Shelf();
  const parts = await load(
    sourceOf(() => metadata('"a"')),
    shelf,
  );
  expect([parts[0]?.instances.length, countOf(parts)]).toEqual([1, 3]);
  expect(parts[0]?.origin.kind).toBe("archive");
  expect(shelf.kept.get(STUDY)).toMatchObject({ etag: '"a"', instances: TEXTS });
});

test("a study that the archive confirms comes from the cache, as verified now", async () => {
  const asked: (string | undefined)[] = [];
  const source = sourceOf((etag) => {
    asked.push(etag);
    return { kind: "not-modified" };
  });
  const parts = await load(source, shelfWith('"a"'));
  expect([asked, countOf(parts), parts[0]?.origin.kind]).toEqual([['"a"'], 3, "archive"]);
});

test("when the archive cannot be reached the cached study is given, with its time and the reason", async () => {
  for (const code of ["network", "busy", "server-error"] as const) {
    const parts = await load(failing(code), shelfWith('"a"'));
    expect(countOf(parts)).toBe(3);
    expect(parts[0]?.origin).toMatchObject({
      kind: "cache",
      fetchedAt: new Date(5),
      reason: { code },
    });
  }
});

test("who may not see the study does not get it from the cache either", async () => {
  for (const code of ["unauthorized", "forbidden", "not-found"] as const)
    await expect(load(failing(code), shelfWith('"a"')), code).rejects.toMatchObject({ code });
});

test("a study that is gone, or forbidden now, is not kept any longer", async () => {
  for (const code of ["forbidden", "not-found"] as const) {
    const shelf = shelfWith('"a"');
    await load(failing(code), shelf).catch(() => undefined);
    await Promise.resolve();
    expect(shelf.kept.size, code).toBe(0);
  }
});

test("an answer that breaks off is an error, and does not replace what is kept", async () => {
  const shelf = shelfWith('"a"');
  const source = sourceOf(() => metadata('"b"', TEXTS.slice(0, 1), true));
  await expect(load(source, shelf)).rejects.toMatchObject({ code: "network" });
  expect(shelf.kept.get(STUDY)?.etag).toBe('"a"');
});

const PALETTE_URI = "bulk/red";
const LACKING = `{"00080018":{"vr":"UI","Value":["9"]},"00281201":{"vr":"OW","BulkDataURI":"${PALETTE_URI}"}}`;

/** An archive whose first instance of three has its palette elsewhere; it is given when the test says so. */
function withPalette(answer: StudyMetadata, palette: () => Promise<Uint8Array<ArrayBuffer>>) {
  const asked: string[] = [];
  const source: StudySource = {
    ...sourceOf(() => answer),
    retrieveBulkData: (uri) => {
      asked.push(uri);
      return palette();
    },
  };
  return { asked, source };
}

function lackingMetadata(): StudyMetadata {
  async function* instances() {
    for (const json of [LACKING, ...TEXTS.slice(0, 2)])
      yield { json, dataSet: dataSetFromJson(JSON.parse(json)) };
  }
  return { kind: "instances", etag: '"p"', instances: instances() };
}

const uidsOf = (parts: readonly StudyPart[]): (string | undefined)[] =>
  parts.flatMap(({ instances }) => instances.map((one) => one.string(SOP_INSTANCE_UID)));
const redOf = (parts: readonly StudyPart[]): readonly number[] =>
  parts
    .flatMap(({ instances }) => instances)
    .find((one) => one.has(RED_PALETTE))
    ?.numbers(RED_PALETTE) ?? [];

test("an instance waits for its palette, and no other instance waits with it", async () => {
  let resolve = (_table: Uint8Array<ArrayBuffer>): void => undefined;
  const promise = new Promise<Uint8Array<ArrayBuffer>>((settle) => {
    resolve = settle;
  });
  const { source, asked } = withPalette(lackingMetadata(), () => promise);
  const shelf = new Shelf();
  const parts: StudyPart[] = [];
  for await (const part of new StudyLoader(source, Promise.resolve(shelf), 50).loadStudy(
    STUDY,
    never,
  )) {
    if (parts.length === 0) setTimeout(() => resolve(Uint8Array.of(1, 0, 2, 0)), 10);
    parts.push(part);
  }
  expect([uidsOf(parts), redOf(parts), asked]).toEqual([["1", "2", "9"], [1, 2], [PALETTE_URI]]);
  await Promise.resolve();
  expect(shelf.kept.get(STUDY)?.tables?.get(PALETTE_URI)).toEqual(Uint8Array.of(1, 0, 2, 0));
});

test("a palette that was kept is not asked for again, with the archive or without", async () => {
  const shelf = new Shelf();
  const table = Uint8Array.of(1, 0, 2, 0);
  shelf.kept.set(STUDY, {
    etag: '"p"',
    fetchedAt: new Date(5),
    instances: [LACKING],
    tables: new Map([[PALETTE_URI, table]]),
  });
  const { source, asked } = withPalette({ kind: "not-modified" }, async () => table);
  expect(redOf(await load(source, shelf))).toEqual([1, 2]);
  expect(redOf(await load(failing("network"), shelf))).toEqual([1, 2]);
  expect(asked).toEqual([]);
});

test("an instance whose palette cannot be had says why, and the next loading asks again", async () => {
  const shelf = new Shelf();
  const gone = withPalette(lackingMetadata(), async () => {
    throw new RetrieveError("not-found", "It is not there.");
  });
  const parts = await load(gone.source, shelf);
  expect([countOf(parts), redOf(parts)]).toEqual([3, []]);
  expect(parts.flatMap(({ problems }) => problems ?? [])).toMatchObject([
    {
      sopInstanceUid: "9",
      failure: { code: "table-missing", message: expect.stringContaining("It is not there.") },
    },
  ]);
  const { source } = withPalette({ kind: "not-modified" }, async () => Uint8Array.of(1, 0, 2, 0));
  expect(redOf(await load(source, shelf))).toEqual([1, 2]);
  expect(shelf.kept.get(STUDY)?.tables?.size).toBe(1);
});

test("an archive that fails is not asked for one table after the other", async () => {
  let count = 0;
  async function* instances() {
    for (const uid of ["7", "8", "9", "10"]) {
      const json = LACKING.replaceAll("9", uid).replace("red", uid);
      yield { json, dataSet: dataSetFromJson(JSON.parse(json)) };
    }
  }
  const metadataOfAll: StudyMetadata = {
    kind: "instances",
    etag: undefined,
    instances: instances(),
  };
  const { source } = withPalette(metadataOfAll, async () => {
    count++;
    await Promise.resolve();
    throw new RetrieveError("network", "Gone.");
  });
  const parts = await load(source, new Shelf());
  expect([countOf(parts), parts.flatMap(({ problems }) => problems ?? []).length]).toEqual([4, 4]);
  expect(count).toBeLessThanOrEqual(2);
});

test("the codec is loaded at the first image, but not for a study whose frames are kept", async () => {
  const image = (uid: string, syntax: string) =>
    `{"00080018":{"vr":"UI","Value":["${uid}"]},"00083002":{"vr":"UI","Value":["${syntax}"]},"00280010":{"vr":"US","Value":[8]}}`;
  async function* instances() {
    for (const json of [TEXTS[0] ?? "", image("2", "1.2.840.10008.1.2.4.90"), image("3", "1.2.3")])
      yield { json, dataSet: dataSetFromJson(JSON.parse(json)) };
  }
  const warmed: string[] = [];
  const source = sourceOf(() => ({ kind: "instances", etag: undefined, instances: instances() }));
  for (const shelf of [new Shelf(), shelfWith(undefined)]) {
    const warm = (uid: string): unknown => warmed.push(uid);
    const loader = new StudyLoader(source, Promise.resolve(shelf), 50, warm);
    for await (const part of loader.loadStudy(STUDY, never)) expect(part.problems).toEqual([]);
  }
  expect(warmed).toEqual(["1.2.840.10008.1.2.4.90"]);
});

test("what came together before the answer broke off is given all the same", async () => {
  const parts: StudyPart[] = [];
  const loader = new StudyLoader(
    sourceOf(() => metadata("a", TEXTS, true)),
    Promise.resolve(new Shelf()),
    50,
  );
  const reading = (async () => {
    for await (const part of loader.loadStudy(STUDY, never)) parts.push(part);
  })();
  await expect(reading).rejects.toMatchObject({ code: "network" });
  expect(countOf(parts)).toBe(3);
});
