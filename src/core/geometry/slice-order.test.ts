import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { planeDirections } from "./image-plane.ts";
import { isSameOrientation, type SlicePose, sliceOrder } from "./slice-order.ts";

const AXIAL = [1, 0, 0, 0, 1, 0];
const slices = (...heights: number[]): SlicePose[] =>
  heights.map((height) => ({ position: [5, 6, height], orientation: AXIAL }));

describe("the order of slices", () => {
  it("is that of their positions along the normal", () => {
    expect(sliceOrder(slices(30, 10, 20))).toMatchObject({
      order: [1, 2, 0],
      spacingMm: 10,
      isIrregular: false,
      missingSlices: 0,
      hasDuplicates: false,
      tiltDegrees: 0,
    });
  });

  it("keeps slices at one place in the order in which they were given", () => {
    const order = sliceOrder(slices(10, 0, 10, 0, 10));
    expect(order?.order).toEqual([1, 3, 0, 2, 4]);
    expect(order?.places).toEqual([
      [1, 3],
      [0, 2, 4],
    ]);
    expect(order?.hasDuplicates).toBe(true);
    expect(order?.spacingMm).toBe(10);
  });

  it("counts missing slices where gaps are whole multiples", () => {
    expect(sliceOrder(slices(0, 2, 4, 10, 12, 14))).toMatchObject({
      missingSlices: 2,
      isIrregular: false,
    });
  });

  it("tells irregular spacing from rounded positions", () => {
    expect(sliceOrder(slices(0, 1.25, 2.49, 3.76))?.isIrregular).toBe(false);
    expect(sliceOrder(slices(0, 1, 2, 3.5, 4.5))?.isIrregular).toBe(true);
  });

  it("sees a gantry tilt", () => {
    const angle = (14 * Math.PI) / 180;
    const tilted = [0, 5, 10].map((z) => ({
      position: [0, 0, z],
      orientation: [1, 0, 0, 0, Math.cos(angle), -Math.sin(angle)],
    }));
    const order = sliceOrder(tilted);
    expect(order?.tiltDegrees).toBeCloseTo(14, 6);
    expect(order?.spacingMm).toBeCloseTo(5 * Math.cos(angle), 6);
  });

  it("does not exist where slices are not parallel or have no position", () => {
    expect(sliceOrder([])).toBeUndefined();
    expect(sliceOrder([...slices(1), { position: [], orientation: AXIAL }])).toBeUndefined();
    expect(
      sliceOrder([...slices(1), { position: [0, 0, 2], orientation: [0, 1, 0, 0, 0, -1] }]),
    ).toBeUndefined();
  });

  it("holds every slice once, ascending", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1 }), (heights) => {
        const order = sliceOrder(slices(...heights))?.order ?? [];
        expect([...order].sort((a, b) => a - b)).toEqual(heights.map((_, index) => index));
        const ordered = order.map((index) => heights[index]);
        expect(ordered).toEqual([...heights].sort((a, b) => a - b));
      }),
    );
  });

  it("takes orientations for the same only when they are turned alike", () => {
    const isSame = (a: readonly number[], b: readonly number[]): boolean =>
      isSameOrientation(planeDirections(a), planeDirections(b));
    expect(isSame(AXIAL, [1, 0.0005, 0, -0.0005, 1, 0])).toBe(true);
    expect(isSame(AXIAL, [0, 1, 0, -1, 0, 0])).toBe(false);
    expect(isSame(AXIAL, [])).toBe(false);
    expect(isSame([], [])).toBe(true);
  });
});
