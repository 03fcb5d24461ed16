import { expect, test } from "vitest";
import { DataSet } from "#core/dicom/data-set.ts";
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
