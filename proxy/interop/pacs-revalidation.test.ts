import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { buildDataSet } from "#core/dicom/data-set-builder.ts";
import { writePart10 } from "#core/dicom/part10-writer.ts";
import { EXPLICIT_VR_LITTLE_ENDIAN } from "#core/dicom/transfer-syntax.ts";
import { hasOrthanc, type RunningOrthanc, startOrthanc } from "../../scripts/orthanc.mjs";
import { type PacsFixture, pacsFixture } from "../sources/dimse/testing/pacs-fixture.ts";

const STUDY = "1.2.826.0.1.3680043.10.1338.9";
const SERIES = `${STUDY}.1`;
const OTHER_STUDY = "1.2.826.0.1.3680043.10.1338.10";

/** What an image of the archive says. */
interface Image {
  readonly number: number;
  readonly name?: string;
  readonly study?: string;
  readonly value?: number;
  readonly createdAt?: string;
}

function image({ number, name = "Doe^Jane", study = STUDY, value, createdAt }: Image) {
  return writePart10({
    transferSyntaxUid: EXPLICIT_VR_LITTLE_ENDIAN,
    dataSet: buildDataSet({
      SOPClassUID: "1.2.840.10008.5.1.4.1.1.2",
      SOPInstanceUID: `${SERIES}.${number}`,
      StudyInstanceUID: study,
      SeriesInstanceUID: SERIES,
      InstanceCreationDate: "20240102",
      InstanceCreationTime: createdAt ?? "101112",
      StudyDate: "20240102",
      SeriesNumber: 1,
      InstanceNumber: number,
      Modality: "CT",
      PatientName: name,
      PatientID: "P1",
      Rows: 16,
      Columns: 16,
      SamplesPerPixel: 1,
      PhotometricInterpretation: "MONOCHROME2",
      BitsAllocated: 16,
      BitsStored: 16,
      HighBit: 15,
      PixelRepresentation: 0,
      PixelData: new Uint16Array(256).fill(value ?? number),
    }),
  });
}

/** A part of DICOM JSON. */
interface Answered {
  readonly [tag: string]: { readonly Value?: readonly unknown[] } | undefined;
}

describe.skipIf(!hasOrthanc)("what is kept of a PACS that changes", () => {
  let orthanc: RunningOrthanc;
  let fixture: PacsFixture;
  let passed = 0;

  beforeAll(async () => {
    orthanc = await startOrthanc({ settings: { OverwriteInstances: true } });
  });
  afterAll(async () => {
    await orthanc.stop();
  });
  beforeEach(async () => {
    passed = 0;
    const [date, monotonic] = [Date.now.bind(Date), performance.now.bind(performance)];
    vi.spyOn(Date, "now").mockImplementation(() => date() + passed);
    vi.spyOn(performance, "now").mockImplementation(() => monotonic() + passed);
    for (const number of [1, 2, 3]) await orthanc.store(image({ number }));
    const { aeTitle, dicomPort: port } = orthanc;
    fixture = await pacsFixture({ aeTitle, port, silenceTimeoutMs: 5000 });
  });
  afterEach(async () => {
    await fixture.close();
    vi.restoreAllMocks();
    for (const study of await found("studies")) await erase(study);
  });

  /** Identifiers that Orthanc has for what it holds. */
  async function found(level: string): Promise<readonly string[]> {
    const response = await fetch(`${orthanc.url}/${level}`);
    const listed: unknown = await response.json();
    return Array.isArray(listed) ? listed.map((id) => `${level}/${id}`) : [];
  }

  async function erase(path: string): Promise<void> {
    await fetch(`${orthanc.url}/${path}`, { method: "DELETE" });
  }

  async function get(path: string, headers: Record<string, string> = {}) {
    const url = `/sources/pacs/dicom-web/studies/${path}`;
    return await fixture.app.inject({ url, headers });
  }

  /** Instance numbers and names of the metadata of a resource. */
  async function metadata(path: string) {
    const response = await get(`${path}/metadata`);
    if (response.statusCode !== 200) return { status: response.statusCode };
    const instances: readonly Answered[] = response.json();
    const textOf = (value: unknown) => JSON.stringify(value);
    return {
      etag: response.headers.etag,
      numbers: instances.map((one) => one["00200013"]?.Value?.[0]).sort(),
      names: [...new Set(instances.map((one) => textOf(one["00100010"]?.Value?.[0])))],
    };
  }

  async function sample(number: number): Promise<number> {
    const accept = 'multipart/related; type="application/octet-stream"; transfer-syntax=*';
    const path = `${STUDY}/series/${SERIES}/instances/${SERIES}.${number}/frames/1`;
    const response = await get(path, { accept });
    if (response.statusCode !== 200) return response.statusCode;
    return response.rawPayload[response.rawPayload.indexOf("\r\n\r\n") + 4] ?? -1;
  }

  /** Lets what was asked beside answers come to its end, and so much time pass that it has to be asked again. */
  async function halfAMinute(): Promise<void> {
    await vi.waitFor(() => expect(fixture.store.markOf(STUDY)).toBeDefined(), 5000);
    passed += 31_000;
  }

  const series = `${STUDY}/series/${SERIES}`;

  it.each([STUDY, series])("is never the patient that it was, in no answer (%s)", async (path) => {
    expect(await metadata(path)).toMatchObject({ names: ['{"Alphabetic":"Doe^Jane"}'] });
    const { etag = "" } = await metadata(path);
    await halfAMinute();
    await rename();
    const again = await get(`${path}/metadata`, { "if-none-match": etag });
    expect(again.statusCode).toBe(200);
    expect(again.body).not.toContain("Doe^Jane");
    expect(await sample(2)).toBe(52);
  });

  it("is the new picture as soon as the frame is asked for, when the patient is another one", async () => {
    expect(await sample(2)).toBe(2);
    await halfAMinute();
    await rename();
    expect(await sample(2)).toBe(52);
  });

  it("is the new picture, when it was made anew under the same UID", async () => {
    await metadata(series);
    expect(await sample(2)).toBe(2);
    await halfAMinute();
    await orthanc.store(image({ number: 2, value: 99, createdAt: "111213" }));
    await metadata(series);
    await vi.waitFor(async () => expect(await sample(2)).toBe(99), 3000);
    expect(await sample(1)).toBe(1);
  });

  it("has what was added, and not what was deleted, in the next answer", async () => {
    expect(await metadata(series)).toMatchObject({ numbers: [1, 2, 3] });
    const before = await metadata(series);
    await halfAMinute();
    await orthanc.store(image({ number: 4 }));
    const grown = await get(`${series}/metadata`, { "if-none-match": before.etag ?? "" });
    expect(grown.statusCode).toBe(200);
    expect(await metadata(series)).toMatchObject({ numbers: [1, 2, 3, 4] });
    await halfAMinute();
    const [, , , last = ""] = await idsInOrder();
    await erase(last);
    expect(await sample(4)).toBe(404);
    expect(await metadata(series)).toMatchObject({ numbers: [1, 2, 3] });
  });

  it("is gone when the study is", async () => {
    await metadata(series);
    await halfAMinute();
    for (const study of await found("studies")) await erase(study);
    expect(await sample(1)).toBe(404);
    expect(await metadata(series)).toEqual({ status: 404 });
    expect(fixture.store.studies()).toEqual([]);
  });

  it("is under the study that it was moved to, and not under the one that it was in", async () => {
    await metadata(series);
    await halfAMinute();
    for (const study of await found("studies")) await erase(study);
    for (const number of [1, 2, 3]) await orthanc.store(image({ number, study: OTHER_STUDY }));
    const moved = `${OTHER_STUDY}/series/${SERIES}`;
    expect(await metadata(series)).toEqual({ status: 404 });
    expect(await metadata(moved)).toMatchObject({ numbers: [1, 2, 3] });
    expect(await sample(1)).toBe(404);
  });

  it("is served as unverified while the PACS is away", async () => {
    await metadata(series);
    await sample(1);
    await halfAMinute();
    await fixture.pool.close();
    const answer = await get(`${series}/metadata`);
    expect(answer.statusCode).toBe(200);
    expect(answer.headers.warning).toContain("111");
    expect(await sample(1)).toBe(1);
  });

  /** Another patient, and other pictures, under the same UIDs. */
  async function rename(): Promise<void> {
    for (const study of await found("studies")) await erase(study);
    for (const number of [1, 2, 3])
      await orthanc.store(image({ number, name: "Roe^Jane", value: 50 + number }));
  }

  /** Instances by their number. */
  async function idsInOrder(): Promise<readonly string[]> {
    const ids = await found("instances");
    const numbered = await Promise.all(
      ids.map(async (id) => {
        const response = await fetch(`${orthanc.url}/${id}/tags?short`);
        const tags: Record<string, string> = await response.json();
        return { id, number: Number(tags["0020,0013"]) };
      }),
    );
    return numbered.sort((a, b) => a.number - b.number).map(({ id }) => id);
  }
});
