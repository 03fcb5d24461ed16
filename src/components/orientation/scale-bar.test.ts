import { describe, expect, it } from "vitest";
import type { PixelSize } from "#core/geometry/pixel-spacing.ts";
import type { UsRegion } from "#core/geometry/us-region.ts";
import { verticalScaleBar } from "./scale-bar.ts";

const size = (unit: PixelSize["unit"], rowSpacing = 0.5, columnSpacing = 0.5): PixelSize => ({
  rowSpacing,
  columnSpacing,
  unit,
});

const region: UsRegion = {
  left: 0,
  top: 0,
  right: 99,
  bottom: 99,
  deltaX: 0.01,
  deltaY: 0.02,
  unitX: "cm",
  unitY: "cm",
  spatialFormat: 1,
};

describe("the scale bar", () => {
  it("is the longest round length that fits the room", () => {
    const bar = verticalScaleBar({ pixelSize: size("mm"), usRegions: [] }, step("rows"), 230);
    expect(bar).toEqual({ lengthPixels: 200, parts: 5, text: "5 cm", provenance: "" });
  });

  it("measures along what is vertical on the screen", () => {
    const pixelSize = size("mm", 1, 0.5);
    const lengths = (["rows", "columns"] as const).map(
      (along) => verticalScaleBar({ pixelSize, usRegions: [] }, step(along), 230)?.lengthPixels,
    );
    expect(lengths).toEqual([200, 200]);
    expect(
      (["rows", "columns"] as const).map(
        (along) => verticalScaleBar({ pixelSize, usRegions: [] }, step(along), 230)?.text,
      ),
    ).toEqual(["10 cm", "5 cm"]);
  });

  it("says when millimetres are those of the detector", () => {
    const facts = { pixelSize: size("mm (detector)"), usRegions: [] };
    expect(verticalScaleBar(facts, step("rows"), 100)?.provenance).toBe("detector");
  });

  it("does not exist where the size of a pixel is not known, or no length fits", () => {
    const none = { usRegions: [] };
    expect(verticalScaleBar({ ...none, pixelSize: size("px") }, step("rows"), 200)).toBeUndefined();
    expect(verticalScaleBar({ ...none, pixelSize: size("mm") }, step("rows"), 10)).toBeUndefined();
  });

  it("takes the only calibrated region of ultrasound, and none where there are two", () => {
    const facts = { pixelSize: size("px", 1, 1), usRegions: [region] };
    expect(verticalScaleBar(facts, step("rows"), 230)).toMatchObject({
      text: "2 cm",
      lengthPixels: 200,
      provenance: "US region",
    });
    const two = { ...facts, usRegions: [region, region] };
    expect(verticalScaleBar(two, step("rows"), 230)).toBeUndefined();
  });
});

/** Two CSS pixels per image pixel. */
function step(along: "rows" | "columns"): {
  readonly along: "rows" | "columns";
  readonly pixels: number;
} {
  return { along, pixels: 2 };
}
