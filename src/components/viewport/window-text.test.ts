import { describe, expect, it } from "vitest";
import type { VoiWindow } from "#core/pixels/voi-lut.ts";
import { valueText, windowName, windowOptionText, windowValues } from "./window-text.ts";

const window = (rest: Partial<VoiWindow> = {}): VoiWindow => ({
  kind: "window",
  windowCenter: -600,
  windowWidth: 1500,
  function: "LINEAR",
  explanation: "",
  ...rest,
});

describe("the window in words", () => {
  it.each([
    [400, "400"],
    [-600, "−600"],
    [0.000_123_4, "0.000123"],
    [12.000_000_1, "12"],
    [127.5, "127.5"],
    [1.5e-7, "1.5·10⁻⁷"],
    [-3e22, "−3·10²²"],
  ])("%d is %s", (value, words) => {
    expect(valueText(value)).toBe(words);
  });

  it("has width and centre, and a table is called one", () => {
    expect(windowValues(window())).toBe("W 1500  L −600");
    expect(windowValues(window(), "HU")).toBe("W 1500  L −600");
    expect(windowValues(window(), "BQML")).toBe("W 1500  L −600 Bq/ml");
    const lut = { firstMapped: 0, entries: new Uint16Array(2), bits: 8 };
    expect(windowValues({ kind: "lut", lut, explanation: "" })).toBe("VOI LUT");
    expect(windowValues({ kind: "lut", lut, explanation: "NORMAL" })).toBe("LUT: NORMAL");
    expect(windowName({ kind: "default" }, { kind: "lut", lut, explanation: "NORMAL" })).toBe("");
    const offered = { kind: "offered", index: 1 } as const;
    expect(windowOptionText(offered, { kind: "lut", lut, explanation: "HARD" })).toBe("HARD");
    expect(windowOptionText(offered, { kind: "lut", lut, explanation: "" })).toBe(
      "Window 2 of the image",
    );
  });

  it.each([
    [50.052, 0.1, "W 0.1  L 50.052"],
    [40.3, 1e-4, "W 0.0001  L 40.3"],
    [3.5e-6, 7e-6, "W 0.000007  L 0.0000035"],
    [1.25e-7, 2.5e-7, "W 2.5·10⁻⁷  L 1.25·10⁻⁷"],
    [0.000_04, 400, "W 400  L 0"],
  ])("says a centre of %d as exactly as a window %d wide needs it", (centre, width, words) => {
    expect(windowValues(window({ windowCenter: centre, windowWidth: width }))).toBe(words);
  });

  it("is named by its preset, by the image, or by how it came to be", () => {
    expect(windowName({ kind: "default" }, window({ explanation: "Lung" }))).toBe("lung");
    const shouted = window({ explanation: "SOFT_TISSUE" });
    expect(windowName({ kind: "default" }, shouted)).toBe("soft tissue");
    expect(windowName({ kind: "default" }, window({ explanation: "HARD" }))).toBe("HARD");
    expect(windowName({ kind: "automatic" }, window())).toBe("automatic for this image");
    const whole = window({ function: "LINEAR_EXACT" });
    expect(windowName({ kind: "default" }, whole)).toBe("automatic");
    expect(windowName({ kind: "manual", window: window() }, window({ explanation: "X" }))).toBe("");
    const sigmoid = window({ function: "SIGMOID" });
    expect(windowName({ kind: "default" }, sigmoid)).toBe("sigmoid");
  });
});
