import { existsSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bytesSource } from "#core/dicom/byte-source.ts";
import type { DataSet } from "#core/dicom/data-set.ts";
import { readDicom } from "#core/dicom/part10-reader.ts";
import * as TAGS from "#core/dicom/tags.generated.ts";
import { readDisplayAttributes } from "#core/pixels/display-pipeline.ts";
import { readImagePixel } from "#core/pixels/image-pixel-reader.ts";
import { hasOrthanc, type RunningOrthanc, startOrthanc } from "../../scripts/orthanc.mjs";
import { DicomwebSource } from "../retrieve/dicomweb-source.ts";
import { StudyLoader } from "./study-loader.ts";

const CORPUS = new URL("../../../shared/corpus/", import.meta.url);
const isPossible = hasOrthanc && existsSync(CORPUS);
const never = new AbortController().signal;

const FILES = [
  "raw/us-examples-palette.dcm",
  "raw/us-aloka-16bit-segmented-palette.dcm",
  "raw/us-palette-bigendian.dcm",
  "display/cr-modality-lut.dcm",
  "display/vlut_04.dcm",
  "display/mg-voilut-sigmoid.dcm",
];

describe.skipIf(!isPossible)("an image whose tables a real Orthanc gives by address", () => {
  let orthanc: RunningOrthanc;

  beforeAll(async () => {
    orthanc = await startOrthanc();
  }, 60_000);
  afterAll(() => orthanc?.stop());

  test.each(FILES)("is displayed like its file: %s", async (file) => {
    const bytes = new Uint8Array(readFileSync(new URL(file, CORPUS)));
    await orthanc.store(bytes);
    const { dataSet } = await readDicom(bytesSource(bytes));
    const loaded = await loadOnly(dataSet.string(TAGS.StudyInstanceUID) ?? "");
    expect(displayOf(loaded)).toEqual(displayOf(dataSet));
    await deleteAll();
  });

  async function loadOnly(studyInstanceUid: string): Promise<DataSet> {
    const source = new DicomwebSource({ url: orthanc.dicomwebUrl, fetch });
    const loader = new StudyLoader(source, Promise.resolve(undefined), 0);
    for await (const { instances, problems } of loader.loadStudy(studyInstanceUid, never)) {
      expect(problems).toEqual([]);
      if (instances[0] !== undefined) return instances[0];
    }
    throw new Error("No instance");
  }

  /** Two of the files have the same UIDs. */
  async function deleteAll(): Promise<void> {
    const answer = await fetch(`${orthanc.url}/studies`);
    const ids: unknown = await answer.json();
    for (const id of Array.isArray(ids) ? ids : [])
      await fetch(`${orthanc.url}/studies/${id}`, { method: "DELETE" });
  }
});

if (!isPossible)
  test.skip("tables of a real Orthanc: not installed, or no corpus", () => undefined);

/** Modality and VOI LUTs, windows and palettes: everything but the pixels that decides what is seen. */
function displayOf(dataSet: DataSet) {
  return readDisplayAttributes(dataSet, readImagePixel(dataSet));
}
