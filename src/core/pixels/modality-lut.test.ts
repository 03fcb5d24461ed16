import { describe, expect, it } from "vitest";
import { buildDataSet, type MadeDataSet } from "../dicom/data-set-builder.ts";
import { readModalityUnit } from "./modality-lut.ts";

describe("what modality values are measured in", () => {
  it.each<[MadeDataSet, string | undefined]>([
    [{ Modality: "CT", RescaleSlope: 1 }, "HU"],
    [{ Modality: "CT" }, undefined],
    [{ Modality: "CT", RescaleSlope: 1, RescaleType: "US" }, undefined],
    [{ Modality: "CT", RescaleSlope: 1, RescaleType: "MGML" }, "MGML"],
    [{ Modality: "PT", RescaleSlope: 1, Units: "BQML" }, "BQML"],
    // Units of PET say more than a rescale type that says nothing.
    [{ Modality: "PT", RescaleSlope: 1, RescaleType: "US", Units: "GML" }, "GML"],
    [{ Modality: "MR", RescaleSlope: 1 }, undefined],
  ])("of %j is %s", (attributes, unit) => {
    expect(readModalityUnit(buildDataSet(attributes))).toBe(unit);
  });
});
