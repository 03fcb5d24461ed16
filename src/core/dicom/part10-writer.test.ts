import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bytesSource } from "./byte-source.ts";
import { type DataElement, DataSet } from "./data-set.ts";
import { buildDataSet } from "./data-set-builder.ts";
import { writeDataSet } from "./data-set-writer.ts";
import { DicomError } from "./dicom-error.ts";
import { readDicom } from "./part10-reader.ts";
import { writePart10 } from "./part10-writer.ts";
import type { Vr } from "./vr.ts";

const EXPLICIT = "1.2.840.10008.1.2.1";
const IDENTITY = { SOPClassUID: "1.2.840.10008.5.1.4.1.1.7", SOPInstanceUID: "1.2.3" };

/** Values of each VR as they may stand in a data set. */
const VALUES: readonly fc.Arbitrary<Pick<DataElement, "vr" | "value">>[] = [
  ...(["LO", "SH", "PN", "UC"] as const).map((vr) =>
    text(vr, /^[A-Za-z0-9é山田]([A-Za-z0-9 é山田]*[a-z])?$/),
  ),
  ...(["CS", "AE", "DS", "UI", "DA"] as const).map((vr) => text(vr, /^[0-9]{1,9}$/)),
  numbers("US", fc.integer({ min: 0, max: 0xffff })),
  numbers("SS", fc.integer({ min: -0x8000, max: 0x7fff })),
  numbers("UL", fc.integer({ min: 0, max: 0xffffffff })),
  numbers("SL", fc.integer({ min: -0x80000000, max: 0x7fffffff })),
  numbers("AT", fc.integer({ min: 0, max: 0xffffffff })),
  numbers("FL", fc.float({ noNaN: true })),
  numbers("FD", fc.double({ noNaN: true })),
  numbers("SV", fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })),
  numbers("UV", fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })),
  ...(["OB", "OW", "OD", "UN"] as const).map((vr) =>
    fc
      .uint8Array({ maxLength: 8 })
      .map((bytes) => ({ vr, value: { kind: "bytes" as const, bytes } })),
  ),
];

function text(vr: Vr, pattern: RegExp) {
  return fc
    .array(fc.stringMatching(pattern), { maxLength: 3 })
    .map((strings) => ({ vr, value: { kind: "strings" as const, strings } }));
}

function numbers(vr: Vr, number: fc.Arbitrary<number | bigint>) {
  return fc
    .array(number, { maxLength: 3 })
    .map((list) => ({ vr, value: { kind: "numbers" as const, numbers: list } }));
}

/** Data sets of private attributes, so that no dictionary has a say, in UTF-8, two levels deep. */
function dataSets(depth: number): fc.Arbitrary<DataSet> {
  const values = fc.array(fc.oneof(...VALUES), { maxLength: 6 });
  const items = depth === 0 ? fc.constant([]) : fc.array(dataSets(depth - 1), { maxLength: 2 });
  return fc.tuple(values, items).map(([list, inner]) => {
    const elements: DataElement[] = list.map((one, index) => ({ ...one, tag: 0x00091000 + index }));
    const sequence: DataElement = {
      tag: 0x000910ff,
      vr: "SQ",
      value: { kind: "items", items: inner },
    };
    return new DataSet([...elements, sequence]);
  });
}

/** What a data set says, whatever form its values are in. */
function meaning(dataSet: DataSet): unknown {
  return [...dataSet.elements.values()].map(({ tag, vr, value }) => {
    if (value.kind === "items") return [tag, vr, value.items.map(meaning)];
    if (vr === "OB" || vr === "OW" || vr === "OD" || vr === "UN")
      return [tag, vr, evenBytes(dataSet, tag)];
    return [tag, vr, dataSet.strings(tag).filter((one) => one !== "")];
  });
}

function evenBytes(dataSet: DataSet, tag: number): readonly number[] {
  const bytes = [...(dataSet.bytes(tag) ?? [])];
  return bytes.length % 2 === 0 ? bytes : [...bytes, 0];
}

async function reread(dataSet: DataSet): Promise<DataSet> {
  const bytes = writePart10({ dataSet, transferSyntaxUid: EXPLICIT });
  return (await readDicom(bytesSource(bytes))).dataSet;
}

describe("writing a DICOM file", () => {
  test("what is read is what was written", async () => {
    await fc.assert(
      fc.asyncProperty(dataSets(2), async (made) => {
        const whole = new DataSet([
          ...buildDataSet({ ...IDENTITY, SpecificCharacterSet: "ISO_IR 192" }).elements.values(),
          ...made.elements.values(),
        ]);
        const first = await reread(whole);
        expect(meaning(first)).toEqual(meaning(whole));
        expect(writeDataSet(first)).toEqual(writeDataSet(await reread(first)));
      }),
      { numRuns: 150, seed: 1 },
    );
  });

  test("the meta group has its right length, and says who wrote it", async () => {
    const bytes = writePart10({ dataSet: buildDataSet(IDENTITY), transferSyntaxUid: EXPLICIT });
    const { meta, deviations } = await readDicom(bytesSource(bytes));
    expect(deviations).toEqual([]);
    expect(meta.string(0x00020002)).toBe(IDENTITY.SOPClassUID);
    expect(meta.string(0x00020003)).toBe(IDENTITY.SOPInstanceUID);
    expect(meta.string(0x00020013)).toBe("NEGATO_1");
  });

  test("encoded frames get a Basic Offset Table and even fragments", async () => {
    const frames = [Uint8Array.of(1, 2, 3), Uint8Array.of(4, 5)];
    const bytes = writePart10({
      dataSet: buildDataSet(IDENTITY),
      transferSyntaxUid: "1.2.840.10008.1.2.5",
      frames,
    });
    const { pixelData, deviations } = await readDicom(bytesSource(bytes));
    expect(deviations).toEqual([]);
    expect(pixelData).toMatchObject({
      kind: "encapsulated",
      value: { basicOffsetTable: [0, 12], fragments: [{ length: 4 }, { length: 2 }] },
    });
  });

  test("values that are bytes of a big endian source are swapped", () => {
    const bigEndian = new DataSet(
      [
        { tag: 0x00280010, vr: "US", value: { kind: "bytes", bytes: Uint8Array.of(2, 0) } },
        {
          tag: 0x00280009,
          vr: "AT",
          value: { kind: "bytes", bytes: Uint8Array.of(0, 0x18, 0x10, 0x63) },
        },
        { tag: 0x00420011, vr: "OB", value: { kind: "bytes", bytes: Uint8Array.of(1, 2) } },
      ],
      { littleEndian: false, decodeText: () => "" },
    );
    expect([...writeDataSet(bigEndian)]).toEqual([
      0x28, 0, 0x09, 0, 0x41, 0x54, 4, 0, 0x18, 0, 0x63, 0x10, 0x28, 0, 0x10, 0, 0x55, 0x53, 2, 0,
      0, 2, 0x42, 0, 0x11, 0, 0x4f, 0x42, 0, 0, 2, 0, 0, 0, 1, 2,
    ]);
  });

  test("text goes out in the declared character set, or not at all", () => {
    const latin = buildDataSet({ SpecificCharacterSet: "ISO_IR 100", PatientName: "Müller" });
    expect([...writeDataSet(latin)].slice(-6)).toEqual([0x4d, 0xfc, 0x6c, 0x6c, 0x65, 0x72]);
    const greek = buildDataSet({ SpecificCharacterSet: "ISO_IR 100", PatientName: "Διονυσιος" });
    expect(() => writeDataSet(greek)).toThrow(expect.objectContaining({ code: "invalid-value" }));
    const undeclared = buildDataSet({ PatientName: "Διονυσιος" });
    expect(undeclared.string(0x00080005)).toBe("ISO_IR 192");
  });

  test.each([
    ["no SOP Instance UID", { SOPClassUID: "1.2" }, EXPLICIT, "missing-attribute"],
    ["an implicit syntax", IDENTITY, "1.2.840.10008.1.2", "invalid-value"],
    ["a number beyond its VR", { ...IDENTITY, Rows: 70000 }, EXPLICIT, "invalid-value"],
  ])("refuses %s", (_, values, transferSyntaxUid, code) => {
    const write = () => writePart10({ dataSet: buildDataSet(values), transferSyntaxUid });
    expect(write).toThrow(expect.objectContaining({ code }));
    expect(write).toThrow(DicomError);
  });

  test("a value too long for its length field is written as UN, and comes back", async () => {
    const long = Array.from({ length: 20_000 }, () => "1.5");
    const back = await reread(buildDataSet({ ...IDENTITY, ContourData: long }));
    expect(back.numbers(0x30060050)).toHaveLength(20_000);
  });
});

describe("made data sets", () => {
  test("VRs that the standard leaves open follow the pixels", () => {
    const vrOf = (values: Parameters<typeof buildDataSet>[0], tag: number) =>
      buildDataSet(values).element(tag)?.vr;
    expect(vrOf({ PixelPaddingValue: 5 }, 0x00280120)).toBe("US");
    expect(vrOf({ PixelPaddingValue: 5, PixelRepresentation: 1 }, 0x00280120)).toBe("SS");
    expect(vrOf({ PixelData: new Uint8Array(2), BitsAllocated: 8 }, 0x7fe00010)).toBe("OB");
    expect(vrOf({ PixelData: new Uint16Array(2), BitsAllocated: 16 }, 0x7fe00010)).toBe("OW");
  });

  test("an unknown keyword and a value of another kind are refused", () => {
    expect(() => buildDataSet({ PatientsName: "A" })).toThrow(DicomError);
    expect(() => buildDataSet({ Rows: "512" })).toThrow(DicomError);
    expect(() => buildDataSet({ ReferencedStudySequence: "1" })).toThrow(DicomError);
  });

  test("decimal strings have at most 16 characters", () => {
    const made = buildDataSet({ PixelSpacing: [1 / 3, -1 / 3e-7], WindowCenter: 40 });
    expect(made.strings(0x00280030).every((text) => text.length <= 16)).toBe(true);
    expect(made.number(0x00280030)).toBeCloseTo(1 / 3, 12);
    expect(made.strings(0x00281050)).toEqual(["40"]);
  });
});
