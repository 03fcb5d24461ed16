import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { automaticWindow, windowOfVoi } from "./automatic-window.ts";
import { sampleRange } from "./sample-range.ts";
import { voiGrey } from "./voi-lut.ts";

const IDENTITY = { kind: "identity" } as const;

describe("the range of samples", () => {
  it("leaves padding out, and is 0 and 0 where all is padding", () => {
    const samples = Int16Array.of(-2000, 5, 9, -1990);
    expect(sampleRange(samples)).toEqual({ minimum: -2000, maximum: 9 });
    expect(sampleRange(samples, { first: -2000, last: -1990 })).toEqual({ minimum: 5, maximum: 9 });
    expect(sampleRange(samples, { first: -2000, last: 9 })).toEqual({ minimum: 0, maximum: 0 });
  });

  it("leaves out what is no number and what is infinite", () => {
    const samples = Float32Array.of(Number.NaN, -0.5, Infinity, 2, -Infinity);
    expect(sampleRange(samples)).toEqual({ minimum: -0.5, maximum: 2 });
    expect(sampleRange(samples, { first: 2, last: 2 })).toEqual({ minimum: -0.5, maximum: -0.5 });
    expect(sampleRange(Float64Array.of(Number.NaN, Infinity))).toEqual({ minimum: 0, maximum: 0 });
  });
});

describe("the window of a frame that has none", () => {
  it("goes from the smallest value, which is black, to the largest, which is white", () => {
    const modality = { kind: "rescale", slope: 2, intercept: -1000 } as const;
    const window = automaticWindow(100, 600, modality);
    // -800 to 200
    expect(window).toMatchObject({ windowCenter: -300, windowWidth: 1000 });
    expect([-800, -300, 200].map((value) => voiGrey(window, value))).toEqual([0, 0.5, 1]);
  });

  it("is turned round by a negative slope, which makes the largest sample the smallest value", () => {
    const window = automaticWindow(0, 10, { kind: "rescale", slope: -1, intercept: 0 });
    expect([-10, 0].map((value) => voiGrey(window, value))).toEqual([0, 1]);
  });

  it("looks at all entries of a modality table, as one need not rise", () => {
    const lut = { firstMapped: 0, entries: Uint16Array.of(5, 900, 1, 7), bits: 10 };
    const window = automaticWindow(0, 3, { kind: "lut", lut });
    expect([1, 900].map((value) => voiGrey(window, value))).toEqual([0, 1]);
  });

  it("of a single value shows black", () => {
    expect(voiGrey(automaticWindow(7, 7, IDENTITY), 7)).toBe(0);
  });

  it("puts every value between black and white, the ends on them", () => {
    const value = fc.double({ min: -1e6, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(value, value, (a, b) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        fc.pre(high - low > 1e-3);
        const window = automaticWindow(low, high, IDENTITY);
        expect(voiGrey(window, low)).toBeCloseTo(0, 6);
        expect(voiGrey(window, high)).toBeCloseTo(1, 6);
      }),
    );
  });
});

describe("the window to go on from when a person drags", () => {
  it("is that of a window, and the input range of a table", () => {
    const lut = { firstMapped: 100, entries: new Uint16Array(50), bits: 8 };
    expect(windowOfVoi({ kind: "lut", lut, explanation: "" })).toMatchObject({
      windowCenter: 125,
      windowWidth: 50,
      function: "LINEAR",
    });
  });
});
