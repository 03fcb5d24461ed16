import { describe, expect, it } from "vitest";
import { type DataElement, DataSet } from "../dicom/data-set.ts";
import { DicomError } from "../dicom/dicom-error.ts";
import { readImagePixel } from "./image-pixel-reader.ts";

type Attributes = Readonly<Record<number, number | string | undefined>>;

const CT: Attributes = {
  2621442: 1,
  2621444: "MONOCHROME2",
  2621456: 512,
  2621457: 256,
  2621696: 16,
  2621697: 12,
  2621698: 11,
  2621699: 1,
};

function dataSetOf(attributes: Attributes): DataSet {
  return new DataSet(
    Object.entries(attributes).flatMap(([tag, value]): DataElement[] => {
      if (value === undefined) return [];
      return typeof value === "number"
        ? [{ tag: Number(tag), vr: "US", value: { kind: "numbers", numbers: [value] } }]
        : [{ tag: Number(tag), vr: "CS", value: { kind: "strings", strings: [value] } }];
    }),
  );
}

function codeOf(attributes: Attributes): string | undefined {
  try {
    readImagePixel(dataSetOf(attributes));
    return undefined;
  } catch (error) {
    return error instanceof DicomError ? error.code : "another error";
  }
}

describe("readImagePixel", () => {
  it("reads a complete module", () => {
    expect(readImagePixel(dataSetOf(CT))).toEqual({
      rows: 512,
      columns: 256,
      samplesPerPixel: 1,
      photometricInterpretation: "MONOCHROME2",
      planarConfiguration: 0,
      bitsAllocated: 16,
      bitsStored: 12,
      highBit: 11,
      pixelRepresentation: 1,
      sampleKind: "integer",
      numberOfFrames: 1,
    });
  });

  it("fills in what can be told from the rest", () => {
    const bare = { 2621456: 2, 2621457: 2, 2621696: 8, 2621699: 0 };
    expect(readImagePixel(dataSetOf(bare))).toMatchObject({
      photometricInterpretation: "MONOCHROME2",
      samplesPerPixel: 1,
      bitsStored: 8,
      highBit: 7,
      sampleKind: "integer",
    });
  });

  it.each([
    ["High Bit below Bits Stored", { 2621698: 3 }, { highBit: 11 }],
    ["High Bit beyond Bits Allocated", { 2621698: 200 }, { highBit: 11 }],
    ["Bits Stored beyond Bits Allocated", { 2621697: 99 }, { bitsStored: 16 }],
    ["no frames at all", { 2621448: 0 }, { numberOfFrames: 1 }],
    [
      "a padding value written unsigned",
      { 2621728: 63_536 },
      { pixelPadding: { first: -2000, last: -2000 } },
    ],
    [
      "a padding range in descending order",
      { 2621699: 0, 2621728: 4095, 2621729: 4000 },
      { pixelPadding: { first: 4000, last: 4095 } },
    ],
    [
      "a padding value of bytes written with the other sign",
      { 2621696: 8, 2621697: 8, 2621699: 0, 2621728: -1 },
      { pixelPadding: { first: 255, last: 255 } },
    ],
    [
      "overlays in bits above and below those of the samples, and none that has data of its own",
      {
        2621697: 10,
        2621698: 11,
        1610612994: 12,
        1610744066: 0,
        1610875138: 13,
        1610887168: 0,
        1611006210: 5,
        1611137282: 16,
      },
      { bitsStored: 10, highBit: 11, embeddedOverlayBits: [12, 0] },
    ],
    [
      "floats without the integer attributes",
      { 2621696: 32, 2621697: undefined, 2621699: undefined },
      { sampleKind: "float" },
    ],
  ])("understands %s", (_, changes, expected) => {
    expect(readImagePixel(dataSetOf({ ...CT, ...changes }))).toMatchObject(expected);
  });

  it.each([
    ["Rows is missing", { 2621456: undefined }, "missing-attribute"],
    ["Rows is 0", { 2621456: 0 }, "invalid-value"],
    ["Bits Allocated is missing", { 2621696: undefined }, "missing-attribute"],
    ["Bits Allocated is 20", { 2621696: 20 }, "invalid-value"],
    ["the photometric interpretation is CMYK", { 2621444: "CMYK", 2621442: 4 }, "invalid-value"],
    ["the samples contradict it", { 2621442: 3 }, "invalid-value"],
    ["a frame would take gigabytes", { 2621456: 65_535, 2621457: 65_535 }, "limit-exceeded"],
    ["there are absurdly many frames", { 2621448: 2 ** 30 }, "limit-exceeded"],
  ])("refuses when %s", (_, changes, code) => {
    expect(codeOf({ ...CT, ...changes })).toBe(code);
  });
});
