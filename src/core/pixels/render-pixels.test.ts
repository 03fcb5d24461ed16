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

  it("takes slopes far below one at their word, as dose and perfusion have them", () => {
    // 1000, 2000 and 3000 times 0.001 are 1, 2 and 3: black, middle and white of a window 2 wide around 2.
    const modality = { kind: "rescale", slope: 0.001, intercept: 0 } as const;
    const voi = {
      kind: "window",
      windowCenter: 2,
      windowWidth: 2,
      function: "LINEAR_EXACT",
      explanation: "",
    } as const;
    const frame = frameOf(Uint16Array.of(1000, 2000, 3000));
    expect(reds(renderPixels(frame, { ...PLAIN, modality, voi }))).toEqual([0, 128, 255]);
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

/** Red, green, blue of each pixel. */
const colours = (rgba: Uint8ClampedArray): number[][] =>
  Array.from({ length: rgba.length / 4 }, (_, pixel) => [
    ...rgba.subarray(pixel * 4, pixel * 4 + 3),
  ]);

const EXACT = {
  kind: "window",
  windowCenter: 50,
  windowWidth: 100,
  function: "LINEAR_EXACT",
  explanation: "",
} as const;

/** A cube of two points on an edge: each corner gets the colour that `colour` says for its 0 and 255. */
function cube(colour: (red: number, green: number, blue: number) => readonly number[]) {
  const ends = [0, 255];
  const colors = ends.flatMap((r) => ends.flatMap((g) => ends.flatMap((b) => colour(r, g, b))));
  return { points: 2, colors: Uint8Array.from(colors) };
}

describe("what only some frames have beyond values, window and polarity", () => {
  it("has the presentation LUT after the VOI LUT, spread over its entries, and polarity after both", () => {
    // Greys 0, 0.24, 0.26, 0.5, 1 meet entries 0, round(0.48), round(0.52), 1, 2 of 0, 255, 51 in 8 bits.
    const frame = frameOf(Uint8Array.of(0, 24, 26, 50, 100));
    const presentationLut = { firstMapped: 0, entries: Uint16Array.of(0, 255, 51), bits: 8 };
    const display = { ...PLAIN, voi: EXACT, presentationLut };
    expect(reds(renderPixels(frame, display))).toEqual([0, 0, 255, 255, 51]);
    expect(reds(renderPixels(frame, { ...display, inverted: true }))).toEqual([
      255, 255, 0, 0, 204,
    ]);
  });

  it("has P-values over the largest number that the bits of the presentation LUT hold", () => {
    const presentationLut = { firstMapped: 0, entries: Uint16Array.of(0, 1023), bits: 12 };
    const rgba = renderPixels(frameOf(Uint8Array.of(255)), { ...PLAIN, presentationLut });
    // 1023 / 4095 * 255 = 63.7
    expect(reds(rgba)).toEqual([64]);
  });

  it("colours values from the first mapped one of a supplemental palette on, and clamps above", () => {
    const supplementalPalette = { firstMapped: 200, colors: Uint8Array.of(255, 0, 0, 0, 9, 8) };
    const frame = frameOf(Uint8Array.of(199, 200, 201, 255));
    expect(colours(renderPixels(frame, { ...PLAIN, supplementalPalette }))).toEqual([
      [199, 199, 199],
      [255, 0, 0],
      [0, 9, 8],
      [0, 9, 8],
    ]);
  });

  it("keeps supplemental colours in inverted polarity, and padding black under them", () => {
    const supplementalPalette = { firstMapped: 200, colors: Uint8Array.of(255, 0, 0) };
    const padding = { first: 250, last: 255 };
    const display = { ...PLAIN, supplementalPalette, padding, inverted: true };
    expect(colours(renderPixels(frameOf(Uint8Array.of(55, 210, 251)), display))).toEqual([
      [200, 200, 200],
      [255, 0, 0],
      [0, 0, 0],
    ]);
  });

  it("looks P-values up in pseudo colours, polarity applied", () => {
    const pseudoColor = { firstMapped: 0, colors: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9) };
    const frame = frameOf(Uint8Array.of(0, 24, 26, 74, 76));
    const display = { ...PLAIN, voi: EXACT, pseudoColor };
    // Places 0, 0.48, 0.52, 1.48 and 1.52, to the nearest.
    expect(reds(renderPixels(frame, display))).toEqual([1, 1, 4, 4, 7]);
    expect(reds(renderPixels(frame, { ...display, inverted: true }))).toEqual([7, 7, 4, 4, 1]);
  });

  it("takes RGB through the colour cube, linearly in three directions", () => {
    const colourTransform = cube((r, g, b) => [b, r, g === 255 && r === 255 ? 200 : 0]);
    const samples = Uint8Array.of(0, 0, 0, 255, 255, 255, 51, 102, 153);
    const frame = frameOf(samples, { meaning: "rgb", columns: 3 });
    // The third channel is 200 at two of eight corners: 0.2 * 0.4 * 200 = 16.
    expect(colours(renderPixels(frame, { ...PLAIN, colourTransform }))).toEqual([
      [0, 0, 0],
      [255, 255, 200],
      [153, 51, 16],
    ]);
  });

  it("finds a point of the cube for what lies on it: 128 of 255 is not the middle of three", () => {
    const colors = Uint8Array.from({ length: 27 * 3 }, (_, at) =>
      at % 3 === 0 ? ([0, 100, 255][Math.floor(at / 27)] ?? 0) : 0,
    );
    const frame = frameOf(Uint8Array.of(127, 0, 0, 128, 0, 0), { meaning: "rgb", columns: 2 });
    const rgba = renderPixels(frame, { ...PLAIN, colourTransform: { points: 3, colors } });
    // 127 / 127.5 * 100 = 99.6; 100 + (128 - 127.5) / 127.5 * 155 = 100.6
    expect(reds(rgba)).toEqual([100, 101]);
  });

  it("takes palettes and pseudo colours through the cube, and greys not", () => {
    const colourTransform = cube((r, g, b) => [255 - r, g, b]);
    const palette = { firstMapped: 0, colors: Uint8Array.of(10, 20, 30) };
    const indexed = frameOf(Uint8Array.of(0), { meaning: "palette" });
    const grey = frameOf(Uint8Array.of(7));
    const display = { ...PLAIN, colourTransform };
    expect(colours(renderPixels(indexed, { ...display, palette }))).toEqual([[245, 20, 30]]);
    expect(colours(renderPixels(grey, { ...display, pseudoColor: palette }))).toEqual([
      [245, 20, 30],
    ]);
    expect(colours(renderPixels(grey, { ...display, supplementalPalette: palette }))).toEqual([
      [245, 20, 30],
    ]);
    expect(colours(renderPixels(grey, display))).toEqual([[7, 7, 7]]);
  });

  it("is covered by the mask, which window, polarity and colour cube leave alone", () => {
    const mask = {
      rows: 1,
      columns: 3,
      entries: Uint8Array.of(0, 2, 1),
      colors: Uint8Array.of(1, 2, 3, 4, 5, 6),
    };
    const display = { ...PLAIN, mask, inverted: true, colourTransform: cube(() => [0, 0, 0]) };
    expect(colours(renderPixels(frameOf(Uint8Array.of(0, 0, 0)), display))).toEqual([
      [255, 255, 255],
      [4, 5, 6],
      [1, 2, 3],
    ]);
  });

  it("leaves a mask of another size out", () => {
    const mask = { rows: 1, columns: 1, entries: Uint8Array.of(1), colors: Uint8Array.of(9, 9, 9) };
    expect(reds(renderPixels(frameOf(Uint8Array.of(0, 5)), { ...PLAIN, mask }))).toEqual([0, 5]);
  });
});
