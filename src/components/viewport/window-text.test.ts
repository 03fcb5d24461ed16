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
  ])("%d is %s", (value, words) => {
    expect(valueText(value)).toBe(words);
  });

  it("has width and centre, and a table is called one", () => {
    expect(windowValues(window())).toBe("W 1500  L −600");
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

  it("is named by its preset, by the image, or by how it came to be", () => {
    expect(windowName({ kind: "default" }, window({ explanation: "Lung" }))).toBe("lung");
    const shouted = window({ explanation: "SOFT_TISSUE" });
    expect(windowName({ kind: "default" }, shouted)).toBe("soft tissue");
    expect(windowName({ kind: "default" }, window({ explanation: "HARD" }))).toBe("HARD");
    expect(windowName({ kind: "automatic" }, window())).toBe("automatic");
    expect(windowName({ kind: "manual", window: window() }, window({ explanation: "X" }))).toBe("");
    const sigmoid = window({ function: "SIGMOID" });
    expect(windowName({ kind: "default" }, sigmoid)).toBe("sigmoid");
  });
});
