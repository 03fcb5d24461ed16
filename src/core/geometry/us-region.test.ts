import { describe, expect, it } from "vitest";
import { type UsRegion, usRegionOf, usRegionSpacingMm, usUnit } from "./us-region.ts";

const TISSUE: UsRegion = {
  left: 10,
  top: 10,
  right: 200,
  bottom: 150,
  deltaX: 0.05,
  deltaY: 0.04,
  unitX: "cm",
  unitY: "cm",
  spatialFormat: 1,
};
const INSET: UsRegion = { ...TISSUE, left: 20, top: 20, right: 60, bottom: 60, deltaX: 0.1 };
const DOPPLER: UsRegion = { ...TISSUE, top: 160, bottom: 300, unitX: "s", unitY: "cm/s" };

describe("ultrasound regions", () => {
  it("hold a measurement only when all of its points lie in one", () => {
    const regions = [TISSUE, DOPPLER];
    expect(
      usRegionOf(regions, [
        { x: 100, y: 100 },
        { x: 120, y: 90 },
      ]),
    ).toBe(TISSUE);
    expect(
      usRegionOf(regions, [
        { x: 100, y: 100 },
        { x: 120, y: 200 },
      ]),
    ).toBeUndefined();
    expect(usRegionOf(regions, [{ x: 5, y: 5 }])).toBeUndefined();
  });

  it("that overlap give way to the smallest", () => {
    expect(usRegionOf([TISSUE, INSET], [{ x: 30, y: 30 }])).toBe(INSET);
  });

  it("have millimetres only where both axes are lengths", () => {
    expect(usRegionSpacingMm(TISSUE)).toEqual({ rowSpacing: 0.4, columnSpacing: 0.5 });
    expect(usRegionSpacingMm(DOPPLER)).toBeUndefined();
  });

  it("name their units by the codes of PS3.3 C.8.5.5.1.15", () => {
    expect([3, 4, 7, 99, undefined].map(usUnit)).toEqual(["cm", "s", "cm/s", "unknown", "unknown"]);
  });
});
