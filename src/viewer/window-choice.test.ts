import { describe, expect, it } from "vitest";
import type { DisplayAttributes } from "#core/pixels/display-pipeline.ts";
import type { VoiWindow } from "#core/pixels/voi-lut.ts";
import { chosenVoi, draggedWindow, windowDragStep, windowOptions } from "./window-choice.ts";

const window = (windowCenter: number, windowWidth: number, rest = {}): VoiWindow => ({
  kind: "window",
  windowCenter,
  windowWidth,
  function: "LINEAR",
  explanation: "",
  ...rest,
});

const attributes = (rest: Partial<DisplayAttributes> = {}): DisplayAttributes => ({
  modality: { kind: "identity" },
  vois: [window(50, 100, { explanation: "FIRST" }), window(70, 20)],
  presentationLutShape: "IDENTITY",
  ...rest,
});

const RANGE = { minimum: 0, maximum: 1000 };

describe("the choice of a window", () => {
  it("is each frame's own first one by default, else from its smallest to its largest value", () => {
    expect(chosenVoi({ kind: "default" }, attributes(), RANGE)).toMatchObject({ windowCenter: 50 });
    expect(chosenVoi({ kind: "default" }, attributes({ vois: [] }), RANGE)).toMatchObject({
      windowCenter: 500,
      windowWidth: 1000,
    });
  });

  it("falls back to the first one where a frame offers fewer", () => {
    const choice = { kind: "offered", index: 5 } as const;
    expect(chosenVoi(choice, attributes(), RANGE)).toMatchObject({ windowCenter: 50 });
  });

  it("offers presets of CT for Hounsfield units only", () => {
    const names = (unit?: string): readonly string[] =>
      windowOptions("CT", attributes(unit === undefined ? {} : { unit }), RANGE)
        .filter(({ digit }) => digit !== undefined)
        .map(({ voi, digit }) => `${digit} ${voi.explanation}`);
    expect(names("HU")).toContain("2 Lung");
    expect(names()).toEqual(["1 FIRST", "2 "]);
  });
});

describe("dragging the window", () => {
  it("widens to the right and darkens downwards", () => {
    expect(draggedWindow(window(40, 400), 2, 10, 5)).toMatchObject({
      windowWidth: 420,
      windowCenter: 50,
    });
  });

  it("never makes a LINEAR window narrower than 1", () => {
    expect(draggedWindow(window(40, 400), 2, -1000, 0).windowWidth).toBe(1);
  });

  it("keeps the function of the window, whose width stays above 0", () => {
    const dragged = draggedWindow(window(0.5, 1, { function: "SIGMOID" }), 0.005, -1000, 0);
    expect(dragged.function).toBe("SIGMOID");
    expect(dragged.windowWidth).toBeGreaterThan(0);
    expect(dragged.windowWidth).toBeLessThan(0.01);
  });

  it.each([
    ["as wide as the window itself", 400, 2],
    ["a fiftieth of the data for a narrow window", 1, 0.1],
    ["the double of the data for an absurdly wide one", 65_535, 10],
  ])("moves in 200 pixels by %s", (_name, windowWidth, step) => {
    expect(windowDragStep(window(0, windowWidth), attributes(), RANGE)).toBeCloseTo(step, 9);
  });
});
