import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { imagePlane, patientToPixel, pixelToPatient, planeDirections } from "./image-plane.ts";

const SAGITTAL = [0, 1, 0, 0, 0, -1];

describe("an image plane", () => {
  it("has its first pixel at the position, and steps by column and row spacing", () => {
    const plane = imagePlane([10, 20, 30], SAGITTAL, [2, 0.5]);
    if (plane === undefined) throw new Error("no plane");
    expect(pixelToPatient(plane, 0, 0)).toEqual([10, 20, 30]);
    expect(pixelToPatient(plane, 4, 0)).toEqual([10, 22, 30]);
    expect(pixelToPatient(plane, 0, 3)).toEqual([10, 20, 24]);
    expect(plane.normal).toEqual([-1, 0, 0]);
  });

  it("maps pixels to the patient and back", () => {
    const angle = fc.double({ min: -3, max: 3, noNaN: true });
    const coordinate = fc.double({ min: -500, max: 500, noNaN: true });
    const spacing = fc.double({ min: 0.1, max: 10, noNaN: true });
    fc.assert(
      fc.property(angle, angle, coordinate, coordinate, spacing, spacing, (a, b, x, y, sx, sy) => {
        const orientation = [
          Math.cos(a),
          Math.sin(a),
          0,
          -Math.sin(a) * Math.cos(b),
          Math.cos(a) * Math.cos(b),
          Math.sin(b),
        ];
        const plane = imagePlane([x, y, 1], orientation, [sy, sx]);
        if (plane === undefined) throw new Error("no plane");
        const pixel = patientToPixel(plane, pixelToPatient(plane, y, x));
        expect(pixel.column).toBeCloseTo(y, 6);
        expect(pixel.row).toBeCloseTo(x, 6);
        expect(pixel.distanceMm).toBeCloseTo(0, 6);
      }),
    );
  });

  it.each([
    ["five numbers", [1, 0, 0, 0, 1]],
    ["parallel directions", [1, 0, 0, 1, 0, 0]],
    ["a direction of length 0", [0, 0, 0, 0, 1, 0]],
  ])("does not exist for %s", (_, orientation) => {
    expect(planeDirections(orientation)).toBeUndefined();
  });
});
