import { describe, expect, it } from "vitest";
import type { DecodedFrame, Samples } from "#core/pixels/decoded-frame.ts";
import { decodedFrameBytes } from "./decoded-frame-bytes.ts";

function frameOf(samples: Samples): DecodedFrame {
  return {
    rows: 1,
    columns: samples.length,
    meaning: "monochrome",
    samples,
    bitsStored: 12,
    isSigned: false,
    minimum: 0,
    maximum: 0,
    decoder: "test",
    fidelity: "exact",
    deviations: [],
  };
}

describe("decodedFrameBytes", () => {
  it.each<[string, Samples, number, readonly number[]]>([
    ["16 bits as they are", new Uint16Array([0x1234, 5]), 16, [0x34, 0x12, 5, 0]],
    [
      "samples of one byte in 16 bits, sign and all",
      new Int8Array([-2, 3]),
      16,
      [0xfe, 0xff, 3, 0],
    ],
    ["single bits", new Uint8Array([1, 0, 0, 0, 0, 0, 0, 0, 1]), 1, [1, 1]],
    [
      "cells of 12 bits",
      new Uint16Array([0x123, 0x456, 0xabc]),
      12,
      [0x23, 0x61, 0x45, 0xbc, 0x0a],
    ],
    ["signed cells of 12 bits", new Int16Array([-1, -2048]), 12, [0xff, 0x0f, 0x80]],
    ["cells of three bytes", new Int32Array([-2, 0x010203]), 24, [0xfe, 0xff, 0xff, 3, 2, 1]],
    ["16 bits in 32", new Uint16Array([7]), 32, [7, 0, 0, 0]],
  ])("writes %s", (_name, samples, bitsAllocated, bytes) => {
    expect([...decodedFrameBytes(frameOf(samples), bitsAllocated)]).toEqual(bytes);
  });
});
