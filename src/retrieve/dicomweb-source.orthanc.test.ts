import { existsSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasOrthanc, type RunningOrthanc, startOrthanc } from "../../scripts/orthanc.mjs";
import { DicomwebSource } from "./dicomweb-source.ts";
import type { FrameAddress, RetrievedInstance } from "./study-source.ts";

const CORPUS = new URL("../../../shared/corpus/", import.meta.url);
const isPossible = hasOrthanc && existsSync(CORPUS);

const FILES = {
  jpeg2000: "volumes/ct-chest/001.dcm",
  native: "multiframe/ect-2f.dcm",
} as const;

const never = new AbortController().signal;

describe.skipIf(!isPossible)("a real Orthanc", () => {
  let orthanc: RunningOrthanc;
  let source: DicomwebSource;

  beforeAll(async () => {
    orthanc = await startOrthanc();
    for (const file of Object.values(FILES)) await orthanc.store(read(file));
    source = new DicomwebSource({ url: orthanc.dicomwebUrl, fetch });
  }, 60_000);
  afterAll(() => orthanc?.stop());

  test("lists its studies with counts and modalities, page by page", async () => {
    const first = await source.searchForStudies({ limit: 1, offset: 0 }, never);
    const second = await source.searchForStudies({ limit: 1, offset: 1 }, never);
    expect([first.hasMore, second.hasMore]).toEqual([true, false]);
    for (const study of [...first.studies, ...second.studies]) {
      expect(study.strings(0x00080061)).toEqual(["CT"]);
      expect(study.number(0x00201208)).toBe(1);
    }
    expect(first.studies[0]?.string(0x0020000d)).not.toBe(second.studies[0]?.string(0x0020000d));
  });

  test("finds by wildcard, and an empty result is empty", async () => {
    const found = await source.searchForStudies({ patientId: "LIDC*", limit: 9, offset: 0 }, never);
    expect(found.studies.length).toBe(1);
    const none = await source.searchForStudies({ patientId: "nobody", limit: 9, offset: 0 }, never);
    expect(none).toEqual({ studies: [], hasMore: false });
  });

  test("gives metadata and frames as they are stored", async () => {
    const page = await source.searchForStudies({ limit: 9, offset: 0 }, never);
    const syntaxes: string[] = [];
    for (const study of page.studies) {
      const instance = await onlyInstance(study.string(0x0020000d) ?? "");
      const frame = await source.retrieveFrame(addressOf(instance), never);
      syntaxes.push(frame.transferSyntaxUid);
      expect(instance.dataSet.number(0x00280010)).toBe(512);
      expect(holds(frame.bytes)).toBe(true);
    }
    expect(syntaxes.sort()).toEqual(["1.2.840.10008.1.2.1", "1.2.840.10008.1.2.4.90"]);
  });

  test("gives a value that metadata has by address", async () => {
    const page = await source.searchForStudies({ patientId: "LIDC*", limit: 1, offset: 0 }, never);
    const { json } = await onlyInstance(page.studies[0]?.string(0x0020000d) ?? "");
    const uri = json.match(/"BulkDataURI"\s*:\s*"([^"]*)"/)?.[1] ?? "";
    expect((await source.retrieveBulkData(uri, never)).length).toBeGreaterThan(0);
  });

  test("says that a study is not there", async () => {
    await expect(source.retrieveStudyMetadata("1.2.3", {}, never)).rejects.toMatchObject({
      code: "not-found",
    });
  });

  async function onlyInstance(studyInstanceUid: string): Promise<RetrievedInstance> {
    const metadata = await source.retrieveStudyMetadata(studyInstanceUid, {}, never);
    if (metadata.kind === "not-modified") throw new Error("Not modified");
    for await (const instance of metadata.instances) return instance;
    throw new Error("No instance");
  }
});

if (!isPossible) test.skip("a real Orthanc: not installed, or no corpus", () => undefined);

function read(file: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(new URL(file, CORPUS)));
}

function addressOf({ dataSet }: RetrievedInstance): FrameAddress {
  return {
    studyInstanceUid: dataSet.string(0x0020000d) ?? "",
    seriesInstanceUid: dataSet.string(0x0020000e) ?? "",
    sopInstanceUid: dataSet.string(0x00080018) ?? "",
    frameNumber: 1,
  };
}

/** Whether one of the files holds exactly these bytes: nothing was re-encoded on the way. */
function holds(bytes: Uint8Array): boolean {
  return Object.values(FILES).some((file) => Buffer.from(read(file)).includes(Buffer.from(bytes)));
}
