import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { bytesSource } from "./byte-source.ts";
import type { DataSet } from "./data-set.ts";
import { buildDataSet, type MadeDataSet } from "./data-set-builder.ts";
import { writeDataSet } from "./data-set-writer.ts";
import { identifiersOf, madeUpReason, withIdentifiers } from "./made-up-identifiers.ts";
import { hasMadeUpIdentifiers } from "./made-up-mark.ts";
import { readDicom } from "./part10-reader.ts";
import * as TAGS from "./tags.generated.ts";

const SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7";
const CT = "1.2.840.10008.5.1.4.1.1.2";
const IMAGE = { Rows: 1, Columns: 2, PixelData: Uint16Array.of(1, 2) };
const PLACE = { StudyInstanceUID: "1.2.3", SeriesInstanceUID: "1.2.3.4", SOPInstanceUID: "1.2.5" };

/** A data set as a file without preamble and meta information. */
function fileOf(values: MadeDataSet): Uint8Array<ArrayBuffer> {
  return writeDataSet(buildDataSet({ PatientName: "Doe^Jane", ...values }));
}

async function opened(bytes: Uint8Array<ArrayBuffer>) {
  const source = bytesSource(bytes);
  const file = await readDicom(source, { stopAtPixelData: true });
  const identifiers = await identifiersOf(file, source);
  return { identifiers, dataSet: withIdentifiers(file.dataSet, identifiers), file };
}

describe("the identifiers of a file", () => {
  it("are its own where it has them, and its attributes stay untouched", async () => {
    const { identifiers, dataSet, file } = await opened(
      fileOf({ SOPClassUID: CT, ...PLACE, ...IMAGE }),
    );
    expect(identifiers).toEqual({
      studyInstanceUid: "1.2.3",
      seriesInstanceUid: "1.2.3.4",
      sopInstanceUid: "1.2.5",
      sopClassUid: CT,
      madeUp: [],
    });
    expect(dataSet).toBe(file.dataSet);
    expect(hasMadeUpIdentifiers(dataSet)).toBe(false);
  });

  it("are made up of the content of the whole file, each level on its own", async () => {
    const bytes = fileOf({ SOPClassUID: CT, ...IMAGE });
    const { identifiers } = await opened(bytes);
    const digest = createHash("sha256").update(bytes).digest("hex");
    expect(identifiers.studyInstanceUid).toBe(expectedUid(`study/${digest}`));
    expect(identifiers.seriesInstanceUid).toBe(expectedUid(`series/${digest}`));
    expect(identifiers.sopInstanceUid).toBe(expectedUid(`instance/${digest}`));
    expect((await opened(bytes.slice())).identifiers).toEqual(identifiers);
  });

  it("differ between large files that differ in the last pixel alone", async () => {
    const pixels = new Uint16Array(1024 * 1024);
    const one = await opened(fileOf({ SOPClassUID: CT, ...IMAGE, PixelData: pixels }));
    const changed = pixels.with(-1, 1);
    const other = await opened(fileOf({ SOPClassUID: CT, ...IMAGE, PixelData: changed }));
    const uids = [one, other].flatMap(({ identifiers }) => [
      identifiers.studyInstanceUid,
      identifiers.seriesInstanceUid,
      identifiers.sopInstanceUid,
    ]);
    expect(new Set(uids).size).toBe(6);
  });

  it("keep what is valid, and replace what cannot stand in an address", async () => {
    const { identifiers, dataSet } = await opened(
      fileOf({ SOPClassUID: CT, ...PLACE, StudyInstanceUID: "study.one", ...IMAGE }),
    );
    expect(identifiers.studyInstanceUid).toMatch(/^2\.25\.[1-9]\d{0,38}$/);
    expect([identifiers.seriesInstanceUid, identifiers.sopInstanceUid]).toEqual([
      "1.2.3.4",
      "1.2.5",
    ]);
    expect(madeUpReason(identifiers.madeUp)).toBe("Study Instance UID is not a UID");
    expect(originalOf(dataSet)?.string(TAGS.StudyInstanceUID)).toBe("study.one");
    expect(originalOf(dataSet)?.has(TAGS.SeriesInstanceUID)).toBe(false);
  });

  it("stand in the attributes, with a mark that says what was missing", async () => {
    const { identifiers, dataSet } = await opened(fileOf({ SOPClassUID: CT, ...IMAGE }));
    expect(dataSet.string(TAGS.StudyInstanceUID)).toBe(identifiers.studyInstanceUid);
    expect(dataSet.string(TAGS.SOPInstanceUID)).toBe(identifiers.sopInstanceUid);
    expect(dataSet.string(TAGS.PatientName)).toBe("Doe^Jane");
    expect(hasMadeUpIdentifiers(dataSet)).toBe(true);
    expect([...(originalOf(dataSet)?.elements.keys() ?? [])]).toEqual([
      TAGS.SOPInstanceUID,
      TAGS.StudyInstanceUID,
      TAGS.SeriesInstanceUID,
    ]);
  });

  it("keep what others have changed before", async () => {
    const { dataSet } = await opened(
      fileOf({
        SOPClassUID: CT,
        ...IMAGE,
        OriginalAttributesSequence: [{ ModifyingSystem: "PACS" }],
      }),
    );
    const systems = dataSet
      .items(TAGS.OriginalAttributesSequence)
      .map((item) => item.string(TAGS.ModifyingSystem));
    expect(systems).toEqual(["PACS", "NEGATO"]);
  });

  it("make an image without SOP Class a Secondary Capture, and nothing else anything", async () => {
    const image = await opened(fileOf({ ...PLACE, ...IMAGE }));
    expect(image.identifiers.sopClassUid).toBe(SECONDARY_CAPTURE);
    expect(image.dataSet.string(TAGS.SOPClassUID)).toBe(SECONDARY_CAPTURE);
    expect(hasMadeUpIdentifiers(image.dataSet)).toBe(true);
    const other = await opened(fileOf(PLACE));
    expect([other.identifiers.sopClassUid, other.identifiers.madeUp]).toEqual(["", []]);
  });
});

describe("no identifiers are made up", () => {
  it("for an object that says neither where it belongs nor what it is", async () => {
    await expect(opened(fileOf({ Modality: "OT" }))).rejects.toMatchObject({
      code: "missing-attribute",
    });
  });

  it("for a file that breaks off before it says where it belongs", async () => {
    const bytes = fileOf({ SOPClassUID: CT, PatientComments: "x".repeat(200), ...PLACE });
    await expect(opened(bytes.slice(0, 150))).rejects.toMatchObject({ code: "truncated" });
  });

  it("once reading was aborted", async () => {
    const source = bytesSource(fileOf({ SOPClassUID: CT, ...IMAGE }));
    const file = await readDicom(source, { stopAtPixelData: true });
    await expect(identifiersOf(file, source, AbortSignal.abort())).rejects.toThrow();
  });
});

function originalOf(dataSet: DataSet): DataSet | undefined {
  return dataSet
    .items(TAGS.OriginalAttributesSequence)[0]
    ?.items(TAGS.ModifiedAttributesSequence)[0];
}

/** The rule, written down once more: a UUID of version 8 of the first 16 bytes of the hash of a name. */
function expectedUid(name: string): string {
  const hex = createHash("sha256").update(`negato made-up identifier 1/${name}`).digest("hex");
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 3) | 8).toString(16);
  return `2.25.${BigInt(`0x${hex.slice(0, 12)}8${hex.slice(13, 16)}${variant}${hex.slice(17, 32)}`)}`;
}
