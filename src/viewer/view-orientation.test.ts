import { describe, expect, it } from "vitest";
import { imageToCanvas, mapPoint } from "#core/geometry/view-transform.ts";
import { type Orientation, reoriented } from "./view-orientation.ts";
import { flippedOnScreen, INITIAL_POSE, placeView, turnedBy, type ViewPose } from "./view-pose.ts";

const SIZES = { canvasWidth: 300, canvasHeight: 300, columns: 30, rows: 30, pixelAspect: 1 };

const TURNS = [0, 1, 2, 3] as const;
const EVERY: readonly Orientation[] = TURNS.flatMap((quarterTurns) =>
  [false, true].flatMap((flipHorizontal) =>
    [false, true].map((flipVertical) => ({ quarterTurns, flipHorizontal, flipVertical })),
  ),
);

/** Where the upper left corner and the one beside it come to lie. */
function corners(pose: ViewPose): readonly number[] {
  const map = imageToCanvas(placeView(pose, SIZES));
  return [0, 30].flatMap((x) => {
    const point = mapPoint(map, { x, y: 0 });
    return [Math.round(point.x), Math.round(point.y)];
  });
}

describe("a pose for an image that lies otherwise by itself", () => {
  it("is what a person would have come to there by the same steps", () => {
    const steps = (pose: ViewPose): ViewPose =>
      flippedOnScreen(turnedBy(flippedOnScreen(pose, "vertical"), 1), "horizontal");
    const steps2 = (pose: ViewPose): ViewPose => turnedBy(flippedOnScreen(pose, "horizontal"), -1);
    for (const before of EVERY)
      for (const now of EVERY)
        for (const did of [steps, steps2]) {
          const made = did({ ...INITIAL_POSE, ...before });
          const expected = did({ ...INITIAL_POSE, ...now });
          expect(corners(reoriented(made, before, now))).toEqual(corners(expected));
        }
  });

  it("is the same pose where it lies alike, with zoom and place", () => {
    const pose = { ...INITIAL_POSE, zoom: 3, panX: 4, flipVertical: true };
    const upsideDown = { quarterTurns: 2, flipHorizontal: false, flipVertical: false } as const;
    const flippedTwice = { quarterTurns: 0, flipHorizontal: true, flipVertical: true } as const;
    expect(reoriented(pose, upsideDown, flippedTwice)).toBe(pose);
    expect(reoriented(pose, upsideDown, INITIAL_POSE)).toMatchObject({ zoom: 3, panX: 4 });
  });
});
