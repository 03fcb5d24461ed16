import { describe, expect, it } from "vitest";
import { imageToCanvas, mapPoint, type ViewSizes } from "#core/geometry/view-transform.ts";
import type { PresentedPlace } from "#core/study/presentation-area.ts";
import type { PresentationSize } from "#core/study/presentation-state.ts";
import { presentedPose } from "./presentation-pose.ts";
import { placeView } from "./view-pose.ts";

const SIZES: ViewSizes = {
  canvasWidth: 1000,
  canvasHeight: 800,
  columns: 400,
  rows: 300,
  pixelAspect: 1,
};
const FIT = { mode: "SCALE TO FIT" } as const;

/** Where two corners of the displayed area come to lie on the canvas. */
function corners(
  place: Partial<PresentedPlace>,
  size: PresentationSize = FIT,
  sizes = SIZES,
  pixelRatio = 1,
) {
  const area = { left: 100, top: 50, right: 300, bottom: 150 };
  const transformation = { quarterTurns: 0, isFlipped: false } as const;
  const whole = { area, transformation, pixelAspect: sizes.pixelAspect, ...place };
  const view = placeView(presentedPose(whole, size, sizes, pixelRatio), sizes);
  const at = (x: number, y: number) => {
    const point = mapPoint(imageToCanvas(view), { x, y });
    return [Math.round(point.x * 1000) / 1000, Math.round(point.y * 1000) / 1000];
  };
  return { zoom: view.zoom, first: at(100, 50), last: at(300, 150) };
}

describe("the displayed area", () => {
  it("fills the canvas as far as its shape allows, in its middle", () => {
    // 200 by 100 pixels on 1000 by 800: five times, 500 high, 150 above and below.
    expect(corners({})).toEqual({ zoom: 5, first: [0, 150], last: [1000, 650] });
  });

  it("is fitted as it stands after a turn", () => {
    // On its side it is 100 wide and 200 high: four times. A clockwise turn brings the first corner to the upper right.
    const transformation = { quarterTurns: 1, isFlipped: false } as const;
    expect(corners({ transformation })).toEqual({ zoom: 4, first: [700, 0], last: [300, 800] });
  });

  it("is flipped from left to right after the turn", () => {
    const transformation = { quarterTurns: 1, isFlipped: true } as const;
    expect(corners({ transformation })).toEqual({ zoom: 4, first: [300, 0], last: [700, 800] });
    const flipped = { quarterTurns: 0, isFlipped: true } as const;
    expect(corners({ transformation: flipped })).toEqual({
      zoom: 5,
      first: [1000, 150],
      last: [0, 650],
    });
  });

  it("that is the whole image is fitted like any other, so that it can be enlarged from there", () => {
    const area = { left: 0, top: 0, right: 400, bottom: 300 };
    const transformation = { quarterTurns: 1, isFlipped: true } as const;
    expect(presentedPose({ area, transformation, pixelAspect: 1 }, FIT, SIZES, 1)).toMatchObject({
      zoom: "fit",
      quarterTurns: 1,
      flipVertical: true,
    });
  });

  it("has device pixels for its own pixels where it is magnified", () => {
    // 200 * 2 = 400 wide and 200 high, in the middle.
    const magnified = { mode: "MAGNIFY", ratio: 2 } as const;
    expect(corners({}, magnified)).toEqual({ zoom: 2, first: [300, 300], last: [700, 500] });
    expect(corners({}, magnified, SIZES, 3).zoom).toBe(2);
  });

  it("has its size in CSS millimetres where it is to be true", () => {
    // 0.254 mm are 0.96 CSS pixels at 96 to the inch; on a screen with two device pixels each, 1.92.
    const trueSize = { mode: "TRUE SIZE", rowSpacingMm: 0.254, columnSpacingMm: 0.254 } as const;
    expect(corners({}, trueSize).zoom).toBeCloseTo(0.96, 9);
    expect(corners({}, trueSize, SIZES, 2).zoom).toBeCloseTo(1.92, 9);
    expect(corners({}, trueSize)).toMatchObject({ first: [404, 352], last: [596, 448] });
  });

  it("knows pixels that are not square", () => {
    // Twice as high as wide: 200 by 200 on the screen, four times.
    const sizes = { ...SIZES, pixelAspect: 2 };
    expect(corners({}, FIT, sizes)).toEqual({ zoom: 4, first: [100, 0], last: [900, 800] });
  });
});
