import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ViewSizes } from "#core/geometry/view-transform.ts";
import {
  fitted,
  flippedOnScreen,
  INITIAL_POSE,
  pannedBy,
  placeView,
  turnedBy,
  type ViewPose,
  zoomedBy,
  zoomedTo,
} from "./view-pose.ts";

const SIZES: ViewSizes = {
  canvasWidth: 800,
  canvasHeight: 400,
  columns: 200,
  rows: 100,
  pixelAspect: 1,
};

const poses = fc.record({
  zoom: fc.double({ min: 0.5, max: 10, noNaN: true }),
  panX: fc.integer({ min: -50, max: 50 }),
  panY: fc.integer({ min: -50, max: 50 }),
  quarterTurns: fc.constantFrom(0 as const, 1 as const, 2 as const, 3 as const),
  flipHorizontal: fc.boolean(),
  flipVertical: fc.boolean(),
  interpolation: fc.constantFrom("smooth" as const, "nearest" as const),
});

describe("the pose of a view", () => {
  it("stays fitted when the canvas changes its size", () => {
    const small = { ...SIZES, canvasWidth: 400, canvasHeight: 200 };
    expect(placeView(INITIAL_POSE, small).zoom).toBe(2);
  });

  it("keeps the image point below the anchor of a zoom", () => {
    const anchor = { x: 600, y: 300 };
    const under = (pose: ViewPose): number =>
      (anchor.x - SIZES.canvasWidth / 2 - pose.panX) / placeView(pose, SIZES).zoom;
    const before = zoomedTo(INITIAL_POSE, SIZES, 5);
    const after = zoomedBy(before, SIZES, 2, anchor);
    expect(after.zoom).toBe(10);
    expect(under(after)).toBeCloseTo(under(before), 9);
  });

  it("is limited so that the image cannot be lost", () => {
    const far = pannedBy(INITIAL_POSE, SIZES, 1e6, -1e6);
    expect(far.panX).toBeLessThan(800);
    expect(far.panY).toBeGreaterThan(-400);
    expect(zoomedTo(INITIAL_POSE, SIZES, 1e9).zoom).toBe(64);
    expect(zoomedTo(INITIAL_POSE, SIZES, 1e-9).zoom).toBe(1);
  });

  it("comes back after four turns, or after the same flip twice", () => {
    fc.assert(
      fc.property(
        poses,
        fc.constantFrom("horizontal" as const, "vertical" as const),
        (pose, axis) => {
          const turned = [1, 2, 3, 4].reduce((view: ViewPose) => turnedBy(view, 1), pose);
          expect(turned).toEqual(pose);
          expect(turnedBy(turnedBy(pose, 1), -1)).toEqual(pose);
          expect(flippedOnScreen(flippedOnScreen(pose, axis), axis)).toEqual(pose);
        },
      ),
    );
  });

  it("is mirrored as the screen shows it, also when it is turned", () => {
    expect(flippedOnScreen(turnedBy(INITIAL_POSE, 1), "horizontal").flipVertical).toBe(true);
    expect(flippedOnScreen(INITIAL_POSE, "horizontal").flipHorizontal).toBe(true);
  });

  it("keeps turns and flips when it is fitted", () => {
    const pose = zoomedTo(turnedBy(INITIAL_POSE, 1), SIZES, 7);
    expect(fitted(pose)).toMatchObject({ zoom: "fit", panX: 0, panY: 0, quarterTurns: 1 });
  });
});
