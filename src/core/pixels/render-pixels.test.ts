import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { automaticWindow } from "./automatic-window.ts";
import type { DecodedFrame, Samples } from "./decoded-frame.ts";
import type { DisplayPipeline } from "./display-pipeline.ts";
import { renderPixels, storedValueLevel } from "./render-pixels.ts";

function frameOf(samples: Samples, facts: Partial<DecodedFrame> = {}): DecodedFrame {
  return {
    rows: 1,
    columns: samples.length,
    meaning: "monochrome",
    samples,
    bitsStored: samples.BYTES_PER_ELEMENT * 8,
    isSigned: false,
    minimum: Math.min(...samples),
    maximum: Math.max(...samples),
    decoder: "test",
    fidelity: "exact",
    deviations: [],
    ...facts,
  };
}

const PLAIN: DisplayPipeline = {
  modality: { kind: "identity" },
  voi: { kind: "window", windowCenter: 128, windowWidth: 256, function: "LINEAR", explanation: "" },
  inverted: false,
};

const reds = (rgba: Uint8ClampedArray): number[] => [...rgba].filter((_, index) => index % 4 === 0);

describe("a rendered frame", () => {
  it("is opaque, and each pixel has its grey three times", () => {
    expect([...renderPixels(frameOf(Uint8Array.of(0, 200)), PLAIN)]).toEqual([
      0, 0, 0, 255, 200, 200, 200, 255,
    ]);
  });

  it("is inverted after the window (MONOCHROME1)", () => {
    const rgba = renderPixels(frameOf(Uint8Array.of(0, 55, 255)), { ...PLAIN, inverted: true });
    expect(reds(rgba)).toEqual([255, 200, 0]);
  });

  it("has the modality LUT applied before the window", () => {
    const frame = frameOf(Int16Array.of(-24, 0, 1976), { isSigned: true });
    const rgba = renderPixels(frame, {
      ...PLAIN,
      modality: { kind: "rescale", slope: 0.5, intercept: -1000 },
      voi: {
        kind: "window",
        windowCenter: -500,
        windowWidth: 1000,
        function: "LINEAR_EXACT",
        explanation: "",
      },
    });
    // -1012, -1000 and -12 in output units.
    expect(reds(rgba)).toEqual([0, 0, 252]);
  });

  it("has black padding in either polarity, whatever the window", () => {
    const frame = frameOf(Int16Array.of(-2000, 100), { isSigned: true });
    const display = { ...PLAIN, padding: { first: -2000, last: -1500 } };
    expect(reds(renderPixels(frame, display))[0]).toBe(0);
    expect(reds(renderPixels(frame, { ...display, inverted: true }))[0]).toBe(0);
  });

  it("looks indices up in a palette and clamps them to it", () => {
    const palette = { firstMapped: 10, colors: Uint8Array.of(1, 2, 3, 4, 5, 6) };
    const rgba = renderPixels(frameOf(Uint8Array.of(0, 11, 99), { meaning: "palette" }), {
      ...PLAIN,
      palette,
    });
    expect([...rgba]).toEqual([1, 2, 3, 255, 4, 5, 6, 255, 4, 5, 6, 255]);
  });

  it("brings colour of more than 8 bits to 8", () => {
    const samples = Uint16Array.of(0, 32_768, 65_535);
    const rgba = renderPixels(frameOf(samples, { meaning: "rgb", columns: 1 }), PLAIN);
    expect([...rgba]).toEqual([0, 128, 255, 255]);
  });

  it("by its table equals the pipeline value by value, for all kinds of samples", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -2048, max: 2047 }), { minLength: 1 }),
        fc.integer({ min: -3000, max: 3000 }),
        fc.integer({ min: 1, max: 5000 }),
        fc.boolean(),
        (values, windowCenter, windowWidth, inverted) => {
          const display: DisplayPipeline = {
            modality: { kind: "rescale", slope: 1.5, intercept: -3 },
            voi: { kind: "window", windowCenter, windowWidth, function: "LINEAR", explanation: "" },
            inverted,
            padding: { first: 5, last: 9 },
          };
          const expected = values.map((value) => storedValueLevel(display, value));
          const facts = { isSigned: true, bitsStored: 12 };
          const narrow = renderPixels(frameOf(Int16Array.from(values), facts), display);
          const wide = renderPixels(frameOf(Int32Array.from(values), { isSigned: true }), display);
          expect(reds(narrow)).toEqual(expected);
          expect(reds(wide)).toEqual(expected);
        },
      ),
    );
  });

  it("spreads smallest to largest over black to white where no window is given", () => {
    const frame = frameOf(Float32Array.of(-0.5, 0, 0.5));
    const voi = automaticWindow(frame.minimum, frame.maximum, PLAIN.modality);
    expect(reds(renderPixels(frame, { ...PLAIN, voi }))).toEqual([0, 128, 255]);
  });
});
