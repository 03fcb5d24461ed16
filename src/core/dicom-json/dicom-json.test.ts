import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type DataElement, DataSet } from "../dicom/data-set.ts";
import { buildDataSet } from "../dicom/data-set-builder.ts";
import { dataSetFromJson } from "./from-json.ts";
import { dataSetToJson } from "./to-json.ts";

describe("a data set in the DICOM JSON model", () => {
  test("each VR in the type that PS3.18 table F.2.3-1 gives it", () => {
    const json = dataSetToJson(
      buildDataSet({
        SpecificCharacterSet: "ISO_IR 100",
        ImageType: ["ORIGINAL", "PRIMARY"],
        PatientName: "Wang^XiaoDong=王^小東",
        PatientID: null,
        Rows: 512,
        PixelSpacing: ["0.50", "1e-1"],
        InstanceNumber: "+7",
        FrameIncrementPointer: 0x00181063,
        OtherPatientNames: ["A", "", "=山田"],
        ReferencedStudySequence: [{ ReferencedSOPInstanceUID: "1.2" }, {}],
        EncapsulatedDocument: Uint8Array.of(1, 2, 3, 4),
        SelectorFDValue: [1.5, Number.NaN, Number.NEGATIVE_INFINITY],
        SelectorUVValue: [2n ** 60n, 5n],
      }),
    );
    expect(json).toEqual({
      "00080005": { vr: "CS", Value: ["ISO_IR 192"] },
      "00080008": { vr: "CS", Value: ["ORIGINAL", "PRIMARY"] },
      "00081110": {
        vr: "SQ",
        Value: [{ "00081155": { vr: "UI", Value: ["1.2"] } }, {}],
      },
      "00100010": {
        vr: "PN",
        Value: [{ Alphabetic: "Wang^XiaoDong", Ideographic: "王^小東" }],
      },
      "00100020": { vr: "LO" },
      "00101001": { vr: "PN", Value: [{ Alphabetic: "A" }, null, { Ideographic: "山田" }] },
      "00200013": { vr: "IS", Value: [7] },
      "00280009": { vr: "AT", Value: ["00181063"] },
      "00280010": { vr: "US", Value: [512] },
      "00280030": { vr: "DS", Value: [0.5, 0.1] },
      "00420011": { vr: "OB", InlineBinary: "AQIDBA==" },
      "00720074": { vr: "FD", Value: [1.5, "NaN", "-Infinity"] },
      "00720083": { vr: "UV", Value: ["1152921504606846976", 5] },
    });
  });

  test("a decimal string that a number cannot hold stays text", () => {
    const spacing = ["0.12345678901234567890", "12a", "1.0", "-0"];
    const json = dataSetToJson(
      new DataSet([{ tag: 0x00280030, vr: "DS", value: { kind: "strings", strings: spacing } }]),
    );
    expect(json["00280030"]?.Value).toEqual(["0.12345678901234567890", "12a", 1, -0]);
  });

  test("large and distant values are given by address, with the path to them", () => {
    const range: DataElement = {
      tag: 0x00420011,
      vr: "OB",
      value: { kind: "range", range: { offset: 0, length: 9 } },
    };
    const inner = new DataSet([range]);
    const outer = new DataSet([
      { tag: 0x0040a730, vr: "SQ", value: { kind: "items", items: [new DataSet([]), inner] } },
      { tag: 0x00420011, vr: "OB", value: { kind: "bytes", bytes: new Uint8Array(9) } },
    ]);
    const bulkDataUri = (path: readonly string[]) => `bulk/${path.join("/")}`;
    expect(dataSetToJson(outer, { bulkDataUri, inlineLimit: 8 })).toEqual({
      "0040A730": {
        vr: "SQ",
        Value: [{}, { "00420011": { vr: "OB", BulkDataURI: "bulk/0040A730/2/00420011" } }],
      },
      "00420011": { vr: "OB", BulkDataURI: "bulk/00420011" },
    });
    // Without an address, a value that is not at hand is left out rather than called empty.
    expect(dataSetToJson(inner)).toEqual({});
  });

  test("bytes of a big endian source become little endian", () => {
    const words = new DataSet(
      [{ tag: 0x00281201, vr: "OW", value: { kind: "bytes", bytes: Uint8Array.of(1, 2, 3, 4) } }],
      { littleEndian: false, decodeText: () => "" },
    );
    expect(dataSetToJson(words)["00281201"]?.InlineBinary).toBe(btoa("\x02\x01\x04\x03"));
  });

  test("what is written is read back equal", () => {
    const text = fc.stringMatching(/^[A-Za-z山é][A-Za-z山é^ ]*[A-Za-z]$/);
    fc.assert(
      fc.property(
        fc.array(text, { minLength: 1 }),
        fc.array(fc.integer({ min: -1e9, max: 1e9 })),
        fc.array(fc.double({ noNaN: true })),
        fc.uint8Array({ minLength: 1 }),
        fc.array(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })),
        (names, integers, doubles, bytes, large) => {
          const values = {
            PatientName: names,
            OtherPatientIDs: names,
            SelectorISValue: integers.map(String),
            SelectorFDValue: doubles,
            SelectorUVValue: large,
            EncapsulatedDocument: bytes,
          };
          const made = buildDataSet({ ...values, ContentSequence: [values, {}] });
          const json = dataSetToJson(made);
          expect(dataSetToJson(dataSetFromJson(JSON.parse(JSON.stringify(json))))).toEqual(
            JSON.parse(JSON.stringify(json)),
          );
        },
      ),
      { numRuns: 100, seed: 1 },
    );
  });
});

describe("DICOM JSON as archives send it", () => {
  test("numbers as text, text as numbers, nulls, names as text, missing VRs", () => {
    const dataSet = dataSetFromJson({
      "00280010": { vr: "US", Value: ["512"] },
      "00200013": { vr: "IS", Value: [7] },
      "00280030": { vr: "DS", Value: ["0.5", 0.25, null] },
      "00100010": { vr: "PN", Value: ["Doe^John=D"] },
      "00100020": { Value: ["X1 "] },
      "00101001": { Value: [{ Alphabetic: "A", Phonetic: "B" }] },
      "00080060": { vr: "CS", Value: null },
      "00081110": { Value: [{ "00081155": { vr: "UI", Value: ["1.2"] } }, null] },
      "00280009": { vr: "AT", Value: ["00181063"] },
      "00080016": { vr: "UI" },
      modified: "yesterday",
    });
    expect(dataSet.number(0x00280010)).toBe(512);
    expect(dataSet.number(0x00200013)).toBe(7);
    expect(dataSet.numbers(0x00280030)).toEqual([0.5, 0.25]);
    expect(dataSet.personName(0x00100010)?.ideographic).toBe("D");
    expect(dataSet.string(0x00100020)).toBe("X1");
    expect(dataSet.string(0x00101001)).toBe("A==B");
    expect(dataSet.has(0x00080060)).toBe(true);
    expect(dataSet.string(0x00080060)).toBeUndefined();
    expect(dataSet.items(0x00081110)).toHaveLength(2);
    expect(dataSet.number(0x00280009)).toBe(0x00181063);
    expect(dataSet.string(0x00080016)).toBeUndefined();
  });

  test("an address and inline bytes", () => {
    const dataSet = dataSetFromJson({
      "7FE00010": { vr: "OW", BulkDataURI: "../frames" },
      "00420011": { vr: "OB", InlineBinary: ["AQI="] },
      "00281201": { vr: "OW", InlineBinary: "AQI=" },
    });
    expect(dataSet.element(0x7fe00010)?.value).toEqual({ kind: "uri", uri: "../frames" });
    expect(dataSet.bytes(0x00420011)).toEqual(Uint8Array.of(1, 2));
    expect(dataSet.numbers(0x00281201)).toEqual([0x0201]);
  });

  test.each([
    ["a list", []],
    ["text", "{}"],
    ["nothing", null],
    ["an attribute that is none", { "00100010": "Doe" }],
    ["bytes that are no Base64", { "00420011": { vr: "OB", InlineBinary: "%%" } }],
    ["an item that is none", { "00081110": { vr: "SQ", Value: ["x"] } }],
  ])("%s is a bad message", (_, json) => {
    expect(() => dataSetFromJson(json)).toThrow(expect.objectContaining({ code: "bad-message" }));
  });

  test("nesting without end is refused", () => {
    let json: unknown = {};
    for (let depth = 0; depth < 1000; depth++) json = { "00081110": { vr: "SQ", Value: [json] } };
    expect(() => dataSetFromJson(json)).toThrow(
      expect.objectContaining({ code: "limit-exceeded" }),
    );
  });

  test("any JSON gives a data set or a DicomError", () => {
    const attribute = fc.record(
      {
        vr: fc.oneof(fc.constantFrom("PN", "DS", "SQ", "OB", "AT", "UV", "xx"), fc.jsonValue()),
        Value: fc.jsonValue(),
        InlineBinary: fc.jsonValue(),
      },
      { requiredKeys: [] },
    );
    const attributes = fc.dictionary(fc.constantFrom("00100010", "00081110", "x"), attribute);
    fc.assert(
      fc.property(fc.oneof(attributes, fc.jsonValue()), (json) => {
        try {
          dataSetToJson(dataSetFromJson(json));
        } catch (error) {
          expect(error).toMatchObject({ name: "DicomError" });
        }
      }),
      { numRuns: 500, seed: 1 },
    );
  });
});
