import { describe, expect, it } from "vitest";
import type { Samples } from "./decoded-frame.ts";
import { sampleRange } from "./sample-range.ts";

const arrays: readonly (readonly [string, Samples, minimum: number, maximum: number])[] = [
  ["8 bits", Uint8Array.of(7, 0, 255, 9), 0, 255],
  ["8 bits, signed", Int8Array.of(7, -128, 127, 9), -128, 127],
  ["16 bits", Uint16Array.of(7, 0, 65_535, 9), 0, 65_535],
  ["16 bits, signed", Int16Array.of(7, -32_768, 32_767, 9), -32_768, 32_767],
  ["32 bits", Uint32Array.of(7, 0, 2 ** 32 - 1, 9), 0, 2 ** 32 - 1],
  ["32 bits, signed", Int32Array.of(7, -(2 ** 31), 2 ** 31 - 1, 9), -(2 ** 31), 2 ** 31 - 1],
  [
    "floating point",
    Float32Array.of(7, -1.5, Number.NaN, 1.5, 9, Number.POSITIVE_INFINITY),
    -1.5,
    9,
  ],
  ["double precision", Float64Array.of(7, -0.1, Number.NEGATIVE_INFINITY, 9), -0.1, 9],
];

describe("sampleRange", () => {
  it.each(arrays)("finds the least and the largest of %s", (_name, samples, minimum, maximum) => {
    expect(sampleRange(samples)).toEqual({ minimum, maximum });
  });

  it.each(arrays)("leaves padding out of %s", (_name, samples, minimum, maximum) => {
    expect(sampleRange(samples, { first: minimum, last: minimum })).toEqual({
      minimum: samples.includes(1.5) ? 1.5 : 7,
      maximum,
    });
    const above = sampleRange(samples, { first: 8, last: maximum });
    expect(above).toEqual({ minimum, maximum: 7 });
  });

  it.each(arrays)("gives 0 and 0 where %s are all padding", (_name, samples, first, last) => {
    expect(sampleRange(samples, { first, last })).toEqual({ minimum: 0, maximum: 0 });
  });

  it("does not take padding that the samples cannot have for a value of theirs", () => {
    const padding = { first: -32_768, last: -32_768 };
    expect(sampleRange(Uint16Array.of(32_768, 5), padding)).toEqual({
      minimum: 5,
      maximum: 32_768,
    });
    expect(sampleRange(Uint8Array.of(0, 5), { first: 256, last: 256 })).toEqual({
      minimum: 0,
      maximum: 5,
    });
  });
});
