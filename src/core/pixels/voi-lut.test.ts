import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type DataElement, DataSet } from "../dicom/data-set.ts";
import {
  readVoiLuts,
  type VoiLut,
  type VoiWindow,
  voiGrey,
  type WindowFunction,
} from "./voi-lut.ts";

const windowOf = (name: WindowFunction, windowCenter: number, windowWidth: number): VoiWindow => ({
  kind: "window",
  windowCenter,
  windowWidth,
  function: name,
  explanation: "",
});

const numbers = (tag: number, ...values: number[]): DataElement => ({
  tag,
  vr: "DS",
  value: { kind: "numbers", numbers: values },
});

const strings = (tag: number, ...values: string[]): DataElement => ({
  tag,
  vr: "LO",
  value: { kind: "strings", strings: values },
});

describe("window functions", () => {
  // PS3.3 C.11.2.1.2.1: 0 for x <= c - 0.5 - (w-1)/2, 1 for x > c - 0.5 + (w-1)/2.
  it.each([
    ["LINEAR", 2048, 4096, 0, 0],
    ["LINEAR", 2048, 4096, 1, 1 / 4095],
    ["LINEAR", 2048, 4096, 2047.5, 0.5],
    ["LINEAR", 2048, 4096, 4094, 4094 / 4095],
    ["LINEAR", 2048, 4096, 4095, 1],
    ["LINEAR", 2048, 4096, 5000, 1],
    ["LINEAR", 2048, 1, 2047, 0],
    ["LINEAR", 2048, 1, 2047.5, 0],
    ["LINEAR", 2048, 1, 2048, 1],
    ["LINEAR", 0, 100, -50, 0],
    ["LINEAR", 0, 100, 49, 1],
    ["LINEAR", 0, 100, -0.5, 0.5],
    ["LINEAR", 0, 2, -1, 0],
    ["LINEAR", 0, 2, 0, 1],
    ["LINEAR_EXACT", 2048, 4096, 0, 0],
    ["LINEAR_EXACT", 2048, 4096, 2048, 0.5],
    ["LINEAR_EXACT", 2048, 4096, 4096, 1],
    ["LINEAR_EXACT", 2048, 1, 2047.5, 0],
    ["LINEAR_EXACT", 2048, 1, 2047.75, 0.25],
    ["LINEAR_EXACT", 2048, 1, 2048.5, 1],
    ["LINEAR_EXACT", 0, 0.01, 0.0025, 0.75],
    ["LINEAR", 0, 0.01, 0.0025, 0.75],
    ["SIGMOID", 2048, 4096, 2048, 0.5],
    ["SIGMOID", 2048, 4096, 4096, 1 / (1 + Math.exp(-2))],
    ["SIGMOID", 2048, 4096, 0, 1 / (1 + Math.exp(2))],
  ] as const)("%s, centre %d, width %d: %d gives %d", (name, center, width, value, grey) => {
    expect(voiGrey(windowOf(name, center, width), value)).toBeCloseTo(grey, 12);
  });

  it("never fall, and stay between black and white", () => {
    const anyWindow = fc.record({
      name: fc.constantFrom<WindowFunction>("LINEAR", "LINEAR_EXACT", "SIGMOID"),
      center: fc.double({ min: -1e5, max: 1e5, noNaN: true }),
      width: fc.double({ min: 1e-3, max: 1e5, noNaN: true }),
    });
    const value = fc.double({ min: -2e5, max: 2e5, noNaN: true });
    fc.assert(
      fc.property(anyWindow, value, value, ({ name, center, width }, a, b) => {
        const window = windowOf(name, center, width);
        const [low, high] = [voiGrey(window, Math.min(a, b)), voiGrey(window, Math.max(a, b))];
        return low >= 0 && high <= 1 && low <= high;
      }),
    );
  });
});

describe("VOI LUT tables", () => {
  it("give the first entry below and the last entry above their range", () => {
    const voi: VoiLut = {
      kind: "lut",
      explanation: "",
      lut: { firstMapped: -2, bits: 8, entries: Uint16Array.of(10, 20, 255) },
    };
    const greys = [-5, -2, -1, 0, 9].map((value) => voiGrey(voi, value) * 255);
    expect(greys).toEqual([10, 10, 20, 255, 255]);
  });
});

describe("the VOI LUTs of a frame", () => {
  it("are its windows in order, with function and explanations", () => {
    const dataSet = new DataSet([
      numbers(0x00281050, 40, -600),
      numbers(0x00281051, 400, 1500),
      strings(0x00281055, "SOFT", "LUNG"),
      strings(0x00281056, "SIGMOID"),
    ]);
    expect(readVoiLuts(dataSet, true)).toEqual([
      { ...windowOf("SIGMOID", 40, 400), explanation: "SOFT" },
      { ...windowOf("SIGMOID", -600, 1500), explanation: "LUNG" },
    ]);
  });

  it("pair centres and widths by their place, be one of them empty or no number", () => {
    const dataSet = new DataSet([
      { ...strings(0x00281050, "", "-600", "40"), vr: "DS" },
      { ...strings(0x00281051, "400", "1500", "wide"), vr: "DS" },
      strings(0x00281055, "SOFT", "LUNG", "BONE"),
    ]);
    expect(readVoiLuts(dataSet, true)).toEqual([
      { ...windowOf("LINEAR", -600, 1500), explanation: "LUNG" },
    ]);
  });

  it("leave out windows without a width and tables without entries", () => {
    const empty = new DataSet([numbers(0x00283002, 0, 0, 16), strings(0x00283003, "EMPTY")]);
    const dataSet = new DataSet([
      numbers(0x00281050, 40, 50),
      numbers(0x00281051, 0),
      { tag: 0x00283010, vr: "SQ", value: { kind: "items", items: [empty] } },
    ]);
    expect(readVoiLuts(dataSet, false)).toEqual([]);
  });

  it("put a table before windows, with a signed first value where values can be negative", () => {
    const item = new DataSet([numbers(0x00283002, 2, 65_535, 12), numbers(0x00283006, 0, 4095)]);
    const dataSet = new DataSet([
      numbers(0x00281050, 40),
      numbers(0x00281051, 400),
      { tag: 0x00283010, vr: "SQ", value: { kind: "items", items: [item] } },
    ]);
    const [first, second] = readVoiLuts(dataSet, true);
    expect(first?.kind === "lut" && first.lut.firstMapped).toBe(-1);
    expect(second?.kind).toBe("window");
  });

  it("take tables of 8 bits two entries to a word, or one where there are words for all", () => {
    const table = (words: readonly number[]) => {
      const item = new DataSet([
        numbers(0x00283002, 4, 0, 8),
        { tag: 0x00283006, vr: "OW", value: { kind: "numbers", numbers: words } },
      ]);
      const [voi] = readVoiLuts(
        new DataSet([{ tag: 0x00283010, vr: "SQ", value: { kind: "items", items: [item] } }]),
        false,
      );
      return voi?.kind === "lut" ? [...voi.lut.entries] : undefined;
    };
    expect(table([0x4000, 0xff80])).toEqual([0, 64, 128, 255]);
    expect(table([0, 64, 128, 255])).toEqual([0, 64, 128, 255]);
  });
});
