import { describe, expect, it } from "vitest";
import { type DataElement, DataSet } from "../dicom/data-set.ts";
import { buildDataSet, type MadeDataSet } from "../dicom/data-set-builder.ts";
import { overlayPixels, readOverlayPlanes } from "./overlay-planes.ts";

/** A plane of 3 x 3 in group 6000 whose first row is 110, second 001, third 100: bits 0, 1, 5 and 6. */
const PLANE: MadeDataSet = {
  "60000010": 3,
  "60000011": 3,
  "60000040": "G",
  "60000050": [1, 1],
  "60000100": 1,
  "60000102": 0,
  "60003000": Uint8Array.of(0b0110_0011, 0),
};
const BITMAP = ["##.", "..#", "#.."];

function pictureOf(dataSet: DataSet, frameIndex = 0, at = 0): readonly string[] | undefined {
  const plane = readOverlayPlanes(dataSet, frameIndex)[at];
  const pixels = plane && overlayPixels(plane);
  if (plane === undefined || pixels === undefined) return undefined;
  return Array.from({ length: plane.rows }, (_, row) =>
    Array.from({ length: plane.columns }, (_, column) => (pixels(row, column) ? "#" : ".")).join(
      "",
    ),
  );
}

const withoutBits = (values: MadeDataSet): MadeDataSet => ({ ...values, "60003000": undefined });

describe("an overlay plane", () => {
  it("has its first pixel in the lowest bit, row after row without padding", () => {
    expect(pictureOf(buildDataSet(PLANE))).toEqual(BITMAP);
  });

  it("in words of a big endian data set is turned round, in bytes it is not", () => {
    const made = buildDataSet(PLANE);
    const bigEndian = (vr: "OW" | "OB", bytes: Uint8Array): DataSet => {
      const elements = [...made.elements.values()].map(
        (element): DataElement =>
          element.tag === 0x60003000
            ? { ...element, vr, value: { kind: "bytes", bytes } }
            : element,
      );
      return new DataSet(elements, { ...made.encoding, littleEndian: false });
    };
    expect(pictureOf(bigEndian("OW", Uint8Array.of(0, 0b0110_0011)))).toEqual(BITMAP);
    expect(pictureOf(bigEndian("OB", Uint8Array.of(0b0110_0011, 0)))).toEqual(BITMAP);
  });

  it("says where it lies, what it is and what it is called", () => {
    const values = {
      ...PLANE,
      "60000040": "R",
      "60000050": [-1, 4],
      "60000022": "by hand",
      "60001001": "LAYER",
      "60001500": "Liver",
    };
    expect(readOverlayPlanes(buildDataSet(values), 0)[0]).toMatchObject({
      group: 0x6000,
      originRow: -1,
      originColumn: 4,
      kind: "region",
      label: "Liver",
      description: "by hand",
      activationLayer: "LAYER",
    });
  });

  it("of several frames begins at Image Frame Origin and goes on without a gap", () => {
    // Two frames of nine bits: all clear, then only the first and the last pixel set (bits 9 and 17).
    const values = { ...PLANE, "60000015": 2, "60000051": 2 };
    const dataSet = buildDataSet({ ...values, "60003000": Uint8Array.of(0, 0b10, 0b10, 0) });
    expect(pictureOf(dataSet, 0)).toBeUndefined();
    expect(pictureOf(dataSet, 1)).toEqual(["...", "...", "..."]);
    expect(pictureOf(dataSet, 2)).toEqual(["#..", "...", "..#"]);
    expect(pictureOf(dataSet, 3)).toBeUndefined();
  });

  it("of one frame lies over all frames, unless it has a frame of origin", () => {
    expect(pictureOf(buildDataSet(PLANE), 7)).toEqual(BITMAP);
    const bound = buildDataSet({ ...PLANE, "60000051": 8 });
    expect(pictureOf(bound, 7)).toEqual(BITMAP);
    expect(pictureOf(bound, 6)).toBeUndefined();
    expect(pictureOf(bound, 8)).toBeUndefined();
  });

  it("without data of its own is in a bit of Pixel Data, and needs what decoding took out there", () => {
    const values = { ...withoutBits(PLANE), "60000100": 16, "60000102": 15 };
    const [plane] = readOverlayPlanes(buildDataSet(values), 0);
    expect(plane?.bits).toEqual({ kind: "embedded", bit: 15 });
    if (plane === undefined) return;
    const data = Uint8Array.of(0b0110_0011, 0);
    expect(overlayPixels(plane, [{ bit: 15, data }])?.(1, 2)).toBe(true);
    expect(overlayPixels(plane, [{ bit: 14, data }])).toBeUndefined();
  });

  it("that is cut off, or announced without any data, is there as missing", () => {
    const cut = buildDataSet({ ...PLANE, "60003000": Uint8Array.of(1) });
    const none = buildDataSet(withoutBits(PLANE));
    for (const dataSet of [cut, none])
      expect(readOverlayPlanes(dataSet, 0)[0]?.bits).toEqual({ kind: "missing" });
  });

  it("may be any of sixteen groups; without a size there is none", () => {
    const planes = readOverlayPlanes(
      buildDataSet({ "601E0010": 1, "601E0011": 1, "60200010": 1, "60200011": 1, "60020010": 4 }),
      0,
    );
    expect(planes.map(({ group }) => group)).toEqual([0x601e]);
  });
});
