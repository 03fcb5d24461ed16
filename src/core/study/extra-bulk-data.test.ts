import { describe, expect, it } from "vitest";
import { type DataElement, DataSet } from "../dicom/data-set.ts";
import * as TAGS from "../dicom/tags.generated.ts";
import { extraBulkData, withExtraBulkData } from "./extra-bulk-data.ts";

const at = (tag: number, uri: string): DataElement => ({
  tag,
  vr: "OW",
  value: { kind: "uri", uri },
});
const number = (tag: number, value: number): DataElement => ({
  tag,
  vr: "US",
  value: { kind: "numbers", numbers: [value] },
});
const sequence = (tag: number, ...elements: readonly DataElement[]): DataElement => ({
  tag,
  vr: "SQ",
  value: { kind: "items", items: [new DataSet(elements)] },
});

const dataSet = new DataSet([
  number(0x60020010, 4000),
  number(0x60020011, 5000),
  at(0x60023000, "plane"),
  at(0x60203000, "no-plane"),
  at(TAGS.PixelData, "pixels"),
  sequence(TAGS.OpticalPathSequence, at(TAGS.ICCProfile, "profile")),
]);

describe("bulk data of the extras", () => {
  it("are planes and profiles, and no pixels", () => {
    expect(extraBulkData(dataSet).map(({ uri }) => uri)).toEqual(["profile", "plane"]);
  });

  it("may be as large as their header says, with some room, and no larger", () => {
    const limits = new Map(extraBulkData(dataSet).map((one) => [one.uri, one.largestBytes]));
    expect(limits.get("plane")).toBeGreaterThanOrEqual(2_500_000);
    expect(limits.get("plane")).toBeLessThan(6_000_000);
    const hostile = new DataSet([
      ...[0x10, 0x11, 0x15].map((element) => number(0x60000000 + element, 65_535)),
      at(0x60003000, "huge"),
    ]);
    expect(extraBulkData(hostile)[0]?.largestBytes).toBe(128 * 1024 * 1024);
  });

  it("take their places once they are fetched, others stay addresses", () => {
    const bytes = Uint8Array.of(1, 2);
    const complete = withExtraBulkData(dataSet, new Map([["profile", bytes]]));
    expect(complete.items(TAGS.OpticalPathSequence)[0]?.bytes(TAGS.ICCProfile)).toEqual(bytes);
    expect(extraBulkData(complete).map(({ uri }) => uri)).toEqual(["plane"]);
  });
});
