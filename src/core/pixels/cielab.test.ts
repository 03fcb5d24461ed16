import { describe, expect, it } from "vitest";
import { screenColorOfCieLab } from "./cielab.ts";

describe("a CIELab value of DICOM", () => {
  it("is white, mid grey and black along the lightness axis", () => {
    expect(screenColorOfCieLab([0xffff, 0x8080, 0x8080])).toEqual([255, 255, 255]);
    expect(screenColorOfCieLab([0, 0x8080, 0x8080])).toEqual([0, 0, 0]);
    // L* = 53.585 is the sRGB grey 128: Y = ((53.585 + 16) / 116)^3 = 0.2159.
    const words = Math.round((53.585 / 100) * 65_535);
    expect(screenColorOfCieLab([words, 0x8080, 0x8080])).toEqual([128, 128, 128]);
  });

  it("is pure sRGB red for L* 54.29, a* 80.81, b* 69.89, the values of red under D50", () => {
    const words = [(54.29 / 100) * 65_535, (80.81 + 128) * 257, (69.89 + 128) * 257];
    const [red = 0, green = 0, blue = 0] = screenColorOfCieLab(words.map(Math.round)) ?? [];
    expect(red).toBeGreaterThanOrEqual(254);
    expect(green).toBeLessThanOrEqual(2);
    expect(blue).toBeLessThanOrEqual(2);
  });

  it("is no colour when a value is missing", () => {
    expect(screenColorOfCieLab([1, 2])).toBeUndefined();
  });
});
