import { describe, expect, it } from "vitest";
import { pixelAspect, pixelSize, type SpacingAttributes } from "./pixel-spacing.ts";

const NOTHING: SpacingAttributes = {
  pixelSpacing: [],
  imagerPixelSpacing: [],
  nominalScannedPixelSpacing: [],
  pixelAspectRatio: [],
  isProjection: false,
};

describe("the size of a pixel", () => {
  it.each([
    ["Pixel Spacing of a slice", { pixelSpacing: [0.5, 0.4] }, [0.5, 0.4, "mm"]],
    [
      "Pixel Spacing of a projection that equals the detector's",
      { isProjection: true, pixelSpacing: [0.14, 0.14], imagerPixelSpacing: [0.14, 0.14] },
      [0.14, 0.14, "mm (detector)"],
    ],
    [
      "Pixel Spacing of a projection that differs from the detector's",
      { isProjection: true, pixelSpacing: [0.12, 0.12], imagerPixelSpacing: [0.14, 0.14] },
      [0.12, 0.12, "mm (ERMF)"],
    ],
    [
      "Pixel Spacing of a projection without any word on calibration",
      { isProjection: true, pixelSpacing: [0.12, 0.12] },
      [0.12, 0.12, "mm (detector)"],
    ],
    [
      "calibration by a fiducial",
      { isProjection: true, pixelSpacing: [0.12, 0.12], calibrationType: "FIDUCIAL" },
      [0.12, 0.12, "mm (fiducial)"],
    ],
    [
      "calibration by geometry",
      { isProjection: true, pixelSpacing: [0.12, 0.12], calibrationType: "GEOMETRY" },
      [0.12, 0.12, "mm (ERMF)"],
    ],
    ["Imager Pixel Spacing", { imagerPixelSpacing: [0.2, 0.2] }, [0.2, 0.2, "mm (detector)"]],
    [
      "Imager Pixel Spacing with a magnification",
      { imagerPixelSpacing: [0.3, 0.3], estimatedMagnification: 1.5 },
      [0.2, 0.2, "mm (ERMF)"],
    ],
    [
      "Nominal Scanned Pixel Spacing",
      { nominalScannedPixelSpacing: [0.1, 0.1] },
      [0.1, 0.1, "mm (detector)"],
    ],
    ["Pixel Aspect Ratio", { pixelAspectRatio: [4, 3] }, [4 / 3, 1, "px"]],
    ["nothing", {}, [1, 1, "px"]],
    ["a spacing of 0", { pixelSpacing: [0, 0] }, [1, 1, "px"]],
    ["a single value", { pixelSpacing: [0.7] }, [0.7, 0.7, "mm"]],
  ] as const)("from %s", (_, attributes, [rowSpacing, columnSpacing, unit]) => {
    const size = pixelSize({ ...NOTHING, ...attributes });
    expect(size.rowSpacing).toBeCloseTo(rowSpacing, 12);
    expect(size.columnSpacing).toBeCloseTo(columnSpacing, 12);
    expect(size.unit).toBe(unit);
  });

  it("gives the shape of a pixel, height over width", () => {
    expect(pixelAspect(pixelSize({ ...NOTHING, pixelSpacing: [2, 1] }))).toBe(2);
  });
});
