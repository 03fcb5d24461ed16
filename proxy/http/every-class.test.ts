import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writePart10 } from "#core/dicom/part10-writer.ts";
import { namedSopClassUids } from "#core/dicom/sop-class-names.ts";
import { EXPLICIT_VR_LITTLE_ENDIAN } from "#core/dicom/transfer-syntax.ts";
import { dataSetFromJson } from "#core/dicom-json/from-json.ts";
import type { DisplaySet } from "#core/study/display-set.ts";
import { displaySetsOfStudy } from "#core/study/display-sets.ts";
import { MADE_STUDY_UID, type MadeObject, madeObject } from "#core/study/made-object.ts";
import { STUDY_DETAILS } from "#core/study/study-details.ts";
import { StudyBuilder } from "#core/study/study-tree.ts";
import { DecodeThreads } from "../decode/decode-threads.ts";
import { type MadeFolder, madeFolder } from "../testing/made-archive.ts";
import { createServer } from "./create-server.ts";

const host = "localhost";
const objects = namedSopClassUids()
  // A directory of media is an index of files and no object of a study (PS3.10 section 8).
  .filter((uid) => uid !== "1.2.840.10008.1.3.10")
  .map(madeObject);
const decoder = new DecodeThreads();
let made: MadeFolder;
let app: FastifyInstance;
let sets: readonly DisplaySet[] = [];

beforeAll(async () => {
  const files = objects.map(
    ({ dataSet }, index) =>
      [
        `${index}.dcm`,
        writePart10({ dataSet, transferSyntaxUid: EXPLICIT_VR_LITTLE_ENDIAN }),
      ] as const,
  );
  made = await madeFolder(Object.fromEntries(files));
  const source = await made.open();
  app = await createServer({ sources: [source], decoder, allowedHosts: [host], version: "1" });
  const builder = new StudyBuilder();
  for (const json of await instancesOf("/metadata")) builder.add(dataSetFromJson(json));
  const study = builder.study();
  sets = study === undefined ? [] : displaySetsOfStudy(study, STUDY_DETAILS);
});

afterAll(async () => {
  await app.close();
  decoder.close();
  await made.remove();
});

async function instancesOf(resource: string): Promise<readonly unknown[]> {
  const url = `/dicom-web/studies/${MADE_STUDY_UID}${resource}`;
  const response = await app.inject({ url, headers: { host, accept: "application/dicom+json" } });
  const json: unknown = response.json();
  return Array.isArray(json) ? json : [];
}

function setsOf(object: MadeObject): readonly DisplaySet[] {
  const uid = object.dataSet.string(0x00080018);
  return sets.filter(({ instances }) => instances.some((one) => one.sopInstanceUid === uid));
}

describe("an object of every storage class in a folder", () => {
  it("is found and described, none lost", async () => {
    const uids = objects.map(({ dataSet }) => dataSet.string(0x00080018)).toSorted();
    for (const resource of ["/metadata", "/instances?limit=1000"]) {
      const found = (await instancesOf(resource)).map(dataSetFromJson);
      expect(found.map((dataSet) => dataSet.string(0x00080018)).toSorted()).toEqual(uids);
    }
  });

  it("has the frames or the reason that it has without the way over the network", () => {
    const strangers = objects.flatMap((object) => {
      const own = setsOf(object);
      const frames = own.reduce((sum, set) => sum + set.frames.length, 0);
      const reasons = own.flatMap(({ reason }) => reason ?? []);
      const isSame = frames === object.frames && reasons.length === (object.frames > 0 ? 0 : 1);
      return isSame ? [] : [`${object.name}: ${frames} frames, ${reasons.join()}`];
    });
    expect(strangers).toEqual([]);
  });

  it.each(objects.filter(({ frames }) => frames > 0))("$name is rendered", async ({ dataSet }) => {
    const [series, instance] = [dataSet.string(0x0020000e), dataSet.string(0x00080018)];
    const url = `/dicom-web/studies/${MADE_STUDY_UID}/series/${series}/instances/${instance}/frames/1/rendered`;
    const response = await app.inject({ url, headers: { host, accept: "image/png" } });
    expect([response.statusCode, response.headers["content-type"]]).toEqual([200, "image/png"]);
  });
});
