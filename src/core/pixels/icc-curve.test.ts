import { describe, expect, it } from "vitest";
import { readCurve } from "./icc-curve.ts";
import { parametric, sampled } from "./test-icc-profile.ts";

function curveOf(bytes: readonly number[]): (value: number) => number {
  return readCurve(new DataView(Uint8Array.from(bytes).buffer)).curve;
}

describe("a curve of an ICC profile", () => {
  // With g = 2: x^2; (2x - 0.5)^2; the same and 0.25; 0.5x below 0.5; 0.5x + 0.125 below 0.5.
  it.each([
    ["0", parametric(0, 2), 0.5, 0.25],
    ["1, from -b/a on", parametric(1, 2, 2, -0.5), 0.5, 0.25],
    ["1, below -b/a", parametric(1, 2, 2, -0.5), 0.125, 0],
    ["2, from -b/a on", parametric(2, 2, 2, -0.5, 0.25), 0.5, 0.5],
    ["2, below -b/a", parametric(2, 2, 2, -0.5, 0.25), 0.125, 0.25],
    ["3, from d on", parametric(3, 2, 1, 0, 0.5, 0.5), 0.75, 0.5625],
    ["3, below d", parametric(3, 2, 1, 0, 0.5, 0.5), 0.25, 0.125],
    ["4, from d on", parametric(4, 2, 1, 0, 0.5, 0.5, 0.25, 0.125), 0.75, 0.8125],
    ["4, below d", parametric(4, 2, 1, 0, 0.5, 0.5, 0.25, 0.125), 0.25, 0.25],
  ])("is the function of type %s", (_name, bytes, value, expected) => {
    expect(curveOf(bytes)(value)).toBeCloseTo(expected, 4);
  });

  it("is the identity, a gamma, or a line between samples", () => {
    expect(curveOf(sampled())(0.3)).toBe(0.3);
    expect(curveOf(sampled(2 * 256))(0.5)).toBe(0.25);
    // A quarter of the way lies half between the first and the second of three samples.
    expect(curveOf(sampled(0, 65_535, 0))(0.25)).toBeCloseTo(0.5, 9);
  });

  it("stays between 0 and 1, whatever comes in and whatever its numbers are", () => {
    for (const bytes of [
      parametric(0, -2),
      parametric(2, 2, 0, 1, 5),
      parametric(4, 30_000, 2, 9, 1, 0.5, 7, -7),
    ])
      for (const value of [-1, 0, 0.5, 1, 2, Number.NaN])
        expect(curveOf(bytes)(value)).toSatisfy((given: number) => given >= 0 && given <= 1);
  });
});
