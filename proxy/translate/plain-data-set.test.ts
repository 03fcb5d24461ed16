import { describe, expect, test } from "vitest";
import { type DataElement, DataSet } from "#core/dicom/data-set.ts";
import { buildDataSet } from "#core/dicom/data-set-builder.ts";
import { readDataSet } from "#core/dicom/data-set-reader.ts";
import { writeDataSet } from "#core/dicom/data-set-writer.ts";
import { EXPLICIT_VR_LITTLE_ENDIAN } from "#core/dicom/transfer-syntax.ts";
import { dataSetToJson } from "#core/dicom-json/to-json.ts";
import { hasValue, plainDataSet } from "./plain-data-set.ts";

/** An answer as it comes from a message: every text is bytes. */
function answer(values: Parameters<typeof buildDataSet>[0], fallback: readonly string[] = []) {
  return readDataSet(writeDataSet(buildDataSet(values)), {
    transferSyntaxUid: EXPLICIT_VR_LITTLE_ENDIAN,
    fallbackCharacterSet: fallback,
  });
}

const MIXED = {
  SpecificCharacterSet: "\\ISO 2022 IR 87",
  PatientName: "Yamada^Tarou=山田^太郎=やまだ^たろう",
  StudyDescription: "頭部\\CT",
  AdditionalPatientHistory: "第一行\r\n第二行",
  Rows: 512,
  ReferencedStudySequence: [
    { SpecificCharacterSet: "\\ISO 2022 IR 149", StudyDescription: "홍길동" },
    { StudyDescription: "太郎", PersonIdentificationCodeSequence: [{ CodeMeaning: "医師" }] },
    { SpecificCharacterSet: "ISO_IR 144", StudyDescription: "Люк" },
  ],
};

describe("answers in DICOM JSON", () => {
  const EXPECTED = {
    "00100010": {
      vr: "PN",
      Value: [{ Alphabetic: "Yamada^Tarou", Ideographic: "山田^太郎", Phonetic: "やまだ^たろう" }],
    },
    "00081030": { vr: "LO", Value: ["頭部", "CT"] },
    "001021B0": { vr: "LT", Value: ["第一行\r\n第二行"] },
    "00280010": { vr: "US", Value: [512] },
  };

  test.each([
    ["as they came", (dataSet: DataSet) => dataSet],
    ["without their encoding", plainDataSet],
  ])("are decoded by the character set of each item: %s", (_, prepared) => {
    const json = dataSetToJson(prepared(answer(MIXED)));
    expect(json).toMatchObject(EXPECTED);
    expect(json["00081110"]?.Value).toMatchObject([
      { "00081030": { Value: ["홍길동"] } },
      {
        "00081030": { Value: ["太郎"] },
        "00401101": { Value: [{ "00080104": { Value: ["医師"] } }] },
      },
      { "00081030": { Value: ["Люк"] } },
    ]);
  });

  test("are read by the fallback where they declare no character set, or an empty one", () => {
    const declared = answer({ SpecificCharacterSet: "ISO_IR 100", PatientName: "Müller" });
    const bytes = declared.bytes(0x00100010) ?? expect.fail("no bytes");
    const name: DataElement = { tag: 0x00100010, vr: "PN", value: { kind: "bytes", bytes } };
    const empty: DataElement = {
      tag: 0x00080005,
      vr: "CS",
      value: { kind: "strings", strings: [] },
    };
    for (const elements of [[name], [empty, name]]) {
      const read = readDataSet(writeDataSet(new DataSet(elements)), {
        transferSyntaxUid: EXPLICIT_VR_LITTLE_ENDIAN,
        fallbackCharacterSet: ["ISO_IR 100"],
      });
      expect(plainDataSet(read).string(0x00100010)).toBe("Müller");
    }
  });

  test("of different character sets can be joined", () => {
    const study = plainDataSet(answer({ SpecificCharacterSet: "ISO_IR 144", PatientName: "Люк" }));
    const series = plainDataSet(
      answer({ SpecificCharacterSet: "\\ISO 2022 IR 149", SeriesDescription: "홍길동" }),
    );
    const joined = new DataSet([...study.elements.values(), ...series.elements.values()]);
    expect([joined.string(0x00100010), joined.string(0x0008103e)]).toEqual(["Люк", "홍길동"]);
  });

  test("keep nothing of their message", () => {
    const plain = plainDataSet(answer({ ...MIXED, QueryRetrieveLevel: "STUDY" }));
    expect(plain.has(0x00080052)).toBe(false);
    expect(plain.has(0x00080005)).toBe(false);
    expect(plain.items(0x00081110)[0]?.has(0x00080005)).toBe(false);
  });
});

test("an attribute without a value has none, whatever it is", () => {
  const dataSet = answer({ PatientID: null, Rows: 0, StudyID: " ", ReferencedStudySequence: [] });
  expect(hasValue(dataSet, 0x00100020)).toBe(false);
  expect(hasValue(dataSet, 0x00280010)).toBe(true);
  expect(hasValue(dataSet, 0x00200010)).toBe(false);
  expect(hasValue(dataSet, 0x00081110)).toBe(false);
  expect(hasValue(dataSet, 0x0020000d)).toBe(false);
});
