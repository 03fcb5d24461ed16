import { describe, expect, it } from "vitest";
import { type DataElement, DataSet } from "../dicom/data-set.ts";
import { readPalette } from "./palette.ts";
import { expandSegments } from "./segmented-lut.ts";

const words = (tag: number, values: readonly number[]): DataElement => ({
  tag,
  vr: "OW",
  value: { kind: "bytes", bytes: new Uint8Array(Uint16Array.from(values).buffer) },
});

const descriptor = (tag: number, ...numbers: number[]): DataElement => ({
  tag,
  vr: "US",
  value: { kind: "numbers", numbers },
});

function paletteOf(bits: number, count: number, first: number, entries: readonly number[]) {
  const elements = [0x00281101, 0x00281102, 0x00281103].flatMap((tag) => [
    descriptor(tag, count, first, bits),
    words(tag + 0x100, entries),
  ]);
  return readPalette(new DataSet(elements), false);
}

describe("a palette", () => {
  it("of 16 bits is brought to the 8 bits of a screen", () => {
    expect(paletteOf(16, 3, 7, [0, 0x8080, 0xffff])).toEqual({
      firstMapped: 7,
      colors: Uint8Array.of(0, 0, 0, 128, 128, 128, 255, 255, 255),
    });
  });

  it("of 8 bits holds two entries in each word", () => {
    expect(paletteOf(8, 4, 0, [0x0201, 0x0403])?.colors).toEqual(
      Uint8Array.of(1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4),
    );
  });

  it("of 8 bits with a word for each entry is understood all the same", () => {
    expect(paletteOf(8, 2, 0, [9, 200])?.colors).toEqual(Uint8Array.of(9, 9, 9, 200, 200, 200));
  });

  it("that declares 16 bits and holds 8 is not black", () => {
    expect(paletteOf(16, 2, 0, [0, 255])?.colors).toEqual(Uint8Array.of(0, 0, 0, 255, 255, 255));
  });

  it("of 12 bits, which the standard does not know, is as bright as one of 16", () => {
    expect(paletteOf(12, 2, 0, [0, 4095])?.colors).toEqual(Uint8Array.of(0, 0, 0, 255, 255, 255));
  });

  it("with a channel missing is none", () => {
    expect(readPalette(new DataSet([descriptor(0x00281101, 2, 0, 16)]), false)).toBeUndefined();
  });
});

describe("segments", () => {
  it("are discrete, linear and indirect (PS3.3 C.7.9.2)", () => {
    // Discrete 10, 20; linear to 50 in 3; both once more from byte offset 0.
    const units = [0, 2, 10, 20, 1, 3, 50, 2, 2, 0, 0];
    expect(expandSegments(units, 100, 16)).toEqual([10, 20, 30, 40, 50, 10, 20, 30, 40, 50]);
  });

  it("stop at the declared number of entries", () => {
    expect(expandSegments([0, 1, 5, 1, 60_000, 9], 4, 16)).toHaveLength(4);
  });

  it.each([
    ["unknown", [7, 1, 1]],
    ["cut off", [0, 5, 1]],
    ["indirect within indirect", [2, 1, 0, 0]],
  ])("that are %s are refused", (_, units) => {
    expect(() => expandSegments(units, 100, 16)).toThrow("palette segment");
  });

  it("that copy empty ones over and over are refused, however many there are", () => {
    // 10,000 empty segments, and as many that copy them all.
    const empty = Array.from({ length: 10_000 }, () => [0, 0]).flat();
    const copies = Array.from({ length: 10_000 }, () => [2, 10_000, 0, 0]).flat();
    const before = performance.now();
    expect(() => expandSegments([...empty, ...copies], 65_536, 16)).toThrow("empty");
    expect(performance.now() - before).toBeLessThan(1000);
  });
});
