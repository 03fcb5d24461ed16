import { beforeAll, describe, expect, it } from "vitest";
import { fitView } from "#core/geometry/view-transform.ts";
import type { ColourTransform } from "#core/pixels/colour-transform.ts";
import type { DisplayExtras } from "#core/pixels/display-pipeline.ts";
import type { LookupTable } from "#core/pixels/lookup-table.ts";
import type { Palette } from "#core/pixels/palette.ts";
import type { PixelMask } from "#core/pixels/pixel-mask.ts";
import { renderPixels } from "#core/pixels/render-pixels.ts";
import { createFrameRenderer } from "./create-frame-renderer.ts";
import { ExtrasCode, readyToDraw } from "./extras-code.ts";
import {
  type Case,
  COLUMNS,
  draw,
  fill,
  frameOf,
  IDENTITY,
  largestDifference,
  monochrome,
  PIXELS,
  read,
  UNSET,
  VIEWS,
  window,
} from "./fake/test-pictures.ts";
import { SharedGraphics } from "./shared-graphics.ts";

const ROWS = PIXELS / COLUMNS;
const SIZE = { rows: ROWS, columns: COLUMNS };

const isBlack = (pixels: Uint8ClampedArray): boolean =>
  pixels.every((value, index) => index % 4 === 3 || value === 0);

/** A shutter around a circle, and lines and letters' edges of an overlay in two colours. */
const MASK: PixelMask = {
  rows: ROWS,
  columns: COLUMNS,
  entries: Uint8Array.from({ length: PIXELS }, (_, index) => {
    const [x, y] = [index % COLUMNS, Math.floor(index / COLUMNS)];
    if (y === 11 || x === 30) return 2;
    if ((x * 7 + y * 3) % 23 === 0) return 3;
    return Math.hypot(x - 28, y - 22) > 21 ? 1 : 0;
  }),
  colors: Uint8Array.of(40, 40, 40, 255, 255, 255, 230, 0, 200),
};

const withColors = (count: 1 | 2): PixelMask => ({
  ...MASK,
  entries: MASK.entries.map((entry) => Math.min(entry, count)),
  colors: MASK.colors.slice(0, count * 3),
});

const PRESENTATION_LUT: LookupTable = {
  firstMapped: 0,
  bits: 12,
  entries: Uint16Array.from({ length: 4096 }, (_, index) => 4095 * (index / 4095) ** 1.8),
};

/** Colours that change gently from one to the next, so that a rounding apart is a level apart. */
const gentle = (count: number, firstMapped: number): Palette => ({
  firstMapped,
  colors: Uint8Array.from({ length: count * 3 }, (_, index) => {
    const place = Math.floor(index / 3) / (count - 1);
    return [255 * place, 255 * (1 - place), 120 + 100 * place][index % 3] ?? 0;
  }),
});

const HARSH: Palette = {
  firstMapped: 200,
  colors: Uint8Array.from({ length: 40 * 3 }, (_, index) => (index * 37) % 256),
};

const cube = (points: number): ColourTransform => ({
  points,
  colors: Uint8Array.from({ length: points ** 3 * 3 }, (_, index) => {
    const at = Math.floor(index / 3);
    const [red, green, blue] = [Math.floor(at / points ** 2), Math.floor(at / points), at].map(
      (place) => (place % points) / (points - 1),
    );
    const mixed = [
      (red ?? 0) ** 0.8,
      0.7 * (green ?? 0) + 0.3 * (red ?? 0),
      1 - (1 - (blue ?? 0)) ** 1.3,
    ];
    return 255 * (mixed[index % 3] ?? 0);
  }),
});

const grey8 = (display: DisplayExtras & { readonly inverted?: boolean }, name: string): Case =>
  monochrome(name, fill(new Uint8Array(PIXELS), COLUMNS, 0, 255), display);
const rgb = (bits: 8 | 16, display: DisplayExtras, name: string): Case => ({
  name,
  frame: frameOf(
    fill(
      bits === 8 ? new Uint8Array(PIXELS * 3) : new Uint16Array(PIXELS * 3),
      COLUMNS * 3,
      0,
      2 ** bits - 1,
    ),
    COLUMNS,
    { meaning: "rgb" },
  ),
  display: { modality: IDENTITY, voi: window(128, 256), inverted: false, ...display },
});
const palette = (display: DisplayExtras, name: string): Case => ({
  name,
  frame: frameOf(fill(new Uint8Array(PIXELS), COLUMNS, 0, 255), COLUMNS, { meaning: "palette" }),
  display: {
    modality: IDENTITY,
    voi: window(128, 256),
    inverted: false,
    palette: { ...HARSH, firstMapped: 5 },
    ...display,
  },
});

const holes = fill(new Float32Array(PIXELS), COLUMNS, -3, 90).map((value, index) =>
  index % 31 === 0 ? Number.NaN : value,
);

const CASES: readonly Case[] = [
  grey8({ mask: MASK }, "a mask"),
  grey8({ mask: withColors(1) }, "a mask of one colour"),
  grey8({ mask: withColors(2), inverted: true }, "a mask of two colours"),
  monochrome("a mask over padding", fill(new Int16Array(PIXELS), COLUMNS, -900, 900), {
    mask: MASK,
    padding: { first: -900, last: -600 },
    modality: { kind: "rescale", slope: 2, intercept: 5 },
  }),
  monochrome("a mask over 8-bit signed", fill(new Int8Array(PIXELS), COLUMNS, -128, 127), {
    mask: MASK,
  }),
  monochrome(
    "a mask over 32-bit values beyond single precision",
    fill(new Uint32Array(PIXELS), COLUMNS, 4_000_000_000, 4_000_000_400),
    { mask: MASK },
  ),
  monochrome("a mask over floats with holes", holes, {
    mask: MASK,
    voi: window(40, 90),
  }),
  monochrome("a mask over a modality LUT", fill(new Uint8Array(PIXELS), COLUMNS, 0, 255), {
    mask: MASK,
    modality: {
      kind: "lut",
      lut: {
        firstMapped: 10,
        bits: 12,
        entries: Uint16Array.from({ length: 200 }, (_, i) => (i * i) / 10),
      },
    },
    voi: window(2000, 4000),
  }),
  grey8({ presentationLut: PRESENTATION_LUT }, "a presentation LUT"),
  grey8({ presentationLut: PRESENTATION_LUT, inverted: true }, "an inverted presentation LUT"),
  grey8({ pseudoColor: gentle(256, 0) }, "pseudo colour"),
  grey8({ pseudoColor: gentle(4096, 7), inverted: true }, "inverted pseudo colour"),
  grey8({ supplementalPalette: HARSH }, "a supplemental palette"),
  monochrome(
    "a supplemental palette, padding and a mask",
    fill(new Int16Array(PIXELS), COLUMNS, -900, 900),
    { supplementalPalette: HARSH, padding: { first: -900, last: -600 }, mask: MASK },
  ),
  grey8(
    {
      supplementalPalette: HARSH,
      presentationLut: PRESENTATION_LUT,
      colourTransform: cube(17),
      mask: MASK,
    },
    "everything at once",
  ),
  rgb(8, { mask: MASK }, "a mask over RGB"),
  rgb(8, { colourTransform: cube(2) }, "the smallest cube"),
  rgb(8, { colourTransform: cube(33), mask: MASK }, "a cube and a mask over RGB"),
  rgb(16, { colourTransform: cube(9) }, "a cube over RGB of 16 bits"),
  palette({ mask: MASK }, "a mask over a palette"),
  palette({ colourTransform: cube(17) }, "a cube over a palette"),
  grey8({ mask: { ...MASK, rows: COLUMNS, columns: ROWS } }, "the mask of another image"),
];

describe("what is beyond values, window and polarity", () => {
  const graphics = new SharedGraphics({ acceptsSlow: true });
  const tiled = new SharedGraphics({ acceptsSlow: true, maxTextureSize: 16 });
  beforeAll(() => Promise.all([graphics.ready, tiled.ready, readyToDraw({ mask: MASK })]));

  for (const [viewName, viewOf] of Object.entries(VIEWS)) {
    it(`is the same in both renderers within one grey level, ${viewName}`, () => {
      for (const test of CASES) {
        const { rows, columns } = test.frame;
        const view = viewOf({ ...UNSET, rows, columns });
        const webgl = draw("webgl2", graphics, test, view);
        const software = draw("canvas2d", graphics, test, view);
        expect(largestDifference(webgl, software), test.name).toBeLessThanOrEqual(1);
        expect(new Set(webgl).size, test.name).toBeGreaterThan(2);
      }
    });
  }

  it("is that of renderPixels at 1:1, infinity included", () => {
    const infinite = holes.map((value, index) => (index % 97 === 0 ? value / 0 : value));
    const voi = window(40, 90);
    const mask = MASK;
    const odd = [
      monochrome("infinity", infinite, { voi }),
      monochrome("a mask over infinity", infinite, { voi, mask }),
      monochrome("doubles", Float64Array.from(infinite), { voi, mask }),
    ];
    for (const test of [...CASES, ...odd]) {
      const { rows, columns } = test.frame;
      const sizes = { rows, columns, canvasWidth: columns, canvasHeight: rows, pixelAspect: 1 };
      const expected = renderPixels(test.frame, test.display);
      for (const kind of ["webgl2", "canvas2d"] as const)
        expect(
          largestDifference(draw(kind, graphics, test, fitView(sizes)), expected),
          `${test.name}, ${kind}`,
        ).toBeLessThanOrEqual(1);
    }
  });

  it("leaves the canvas black until its code is there, and then is drawn", async () => {
    const [masked, plain] = [grey8({ mask: MASK }, "a mask"), grey8({}, "plain")];
    const canvas = document.createElement("canvas");
    const extras = new ExtrasCode();
    const renderer = createFrameRenderer(canvas, { prefer: "canvas2d", extras });
    const view = fitView({ ...UNSET, canvasWidth: COLUMNS, canvasHeight: ROWS, ...SIZE });
    renderer.draw(plain.frame, plain.display, view);
    expect(isBlack(read(canvas))).toBe(false);
    renderer.draw(masked.frame, masked.display, view);
    expect([isBlack(read(canvas)), renderer.isWaiting]).toEqual([true, true]);
    await new Promise<void>((resolve) => {
      renderer.onRestored = resolve;
    });
    expect(renderer.isWaiting).toBe(false);
    const expected = renderPixels(masked.frame, masked.display);
    expect(largestDifference(read(canvas), expected)).toBeLessThanOrEqual(1);
  });

  it("is not drawn late over another image that came in the meantime, nor after clearing", async () => {
    const [masked, plain] = [grey8({ mask: MASK }, "a mask"), grey8({}, "plain")];
    const view = fitView({ ...UNSET, canvasWidth: COLUMNS, canvasHeight: ROWS, ...SIZE });
    const pictures = ["image", "nothing"].map((next) => {
      const canvas = document.createElement("canvas");
      const extras = new ExtrasCode();
      const renderer = createFrameRenderer(canvas, { prefer: "canvas2d", extras });
      renderer.draw(masked.frame, masked.display, view);
      if (next === "image") renderer.draw(plain.frame, plain.display, view);
      else renderer.clear();
      return { canvas, extras };
    });
    for (const { extras } of pictures) await extras.ready();
    await Promise.resolve();
    const [image, nothing] = pictures.map(({ canvas }) => read(canvas));
    if (image === undefined || nothing === undefined) throw new Error("no pictures");
    const expected = renderPixels(plain.frame, plain.display);
    expect(largestDifference(image, expected)).toBeLessThanOrEqual(1);
    expect(isBlack(nothing)).toBe(true);
  });

  it("says by an error that its code cannot be had, and shows nothing instead", async () => {
    const test = grey8({ mask: MASK }, "a mask");
    const canvas = document.createElement("canvas");
    const extras = new ExtrasCode(() => Promise.reject(new Error("gone")));
    const renderer = createFrameRenderer(canvas, { prefer: "canvas2d", extras });
    const told = new Promise<void>((resolve) => {
      renderer.onRestored = resolve;
    });
    const view = fitView({ ...UNSET, ...SIZE });
    renderer.draw(test.frame, test.display, view);
    await told;
    expect(() => renderer.draw(test.frame, test.display, view)).toThrow("gone");
    expect(isBlack(read(canvas))).toBe(true);
  });

  it("goes on in software while the graphics context is lost, and comes back", async () => {
    const test = CASES.find(({ name }) => name === "everything at once");
    if (test === undefined) throw new Error("no case");
    const own = new SharedGraphics({ acceptsSlow: true });
    await own.ready;
    const view = fitView({ ...UNSET, ...SIZE });
    const before = draw("webgl2", own, test, view);
    const loss = own.context?.getExtension("WEBGL_lose_context");
    const restored = new Promise<void>((resolve) => {
      own.onRestored(resolve);
    });
    loss?.loseContext();
    const canvas = document.createElement("canvas");
    createFrameRenderer(canvas, { graphics: own }).draw(test.frame, test.display, view);
    expect(largestDifference(read(canvas), before)).toBeLessThanOrEqual(1);
    await new Promise((resolve) => setTimeout(resolve, 50));
    loss?.restoreContext();
    await restored;
    expect(largestDifference(draw("webgl2", own, test, view), before)).toBe(0);
  });

  it("takes one texture for a mask that frames share, within the budget", async () => {
    const frames = Array.from({ length: 4 }, (_, index) =>
      monochrome("frame", fill(new Uint8Array(PIXELS), COLUMNS, index, 255 - index), {
        mask: MASK,
      }),
    );
    const view = fitView({ ...UNSET, ...SIZE });
    const roomy = new SharedGraphics({ acceptsSlow: true });
    const small = new SharedGraphics({ acceptsSlow: true, budgetBytes: 2 * PIXELS });
    // Too small for both: the texture of the frame must not become that of its mask.
    const tiny = new SharedGraphics({ acceptsSlow: true, budgetBytes: PIXELS });
    await Promise.all([roomy.ready, small.ready, tiny.ready]);
    for (const test of [...frames, ...frames]) {
      const expected = draw("canvas2d", roomy, test, view);
      for (const graphics of [roomy, small, tiny])
        expect(largestDifference(draw("webgl2", graphics, test, view), expected)).toBeLessThan(2);
      expect(small.textureBytes).toBe(2 * PIXELS);
    }
    expect(roomy.textureBytes).toBe(5 * PIXELS);
  });

  it("shows another mask over the same image at once, and the same again over another", () => {
    const canvas = document.createElement("canvas");
    const renderer = createFrameRenderer(canvas, { prefer: "canvas2d" });
    const view = fitView({ ...UNSET, canvasWidth: COLUMNS, canvasHeight: ROWS, ...SIZE });
    const other = monochrome("other", fill(new Uint8Array(PIXELS), COLUMNS, 9, 99));
    const first = grey8({}, "first");
    const copy = { ...MASK, entries: MASK.entries.slice() };
    const recolored = { ...MASK, colors: MASK.colors.map((level) => 255 - level) };
    for (const { frame, display } of [first, other])
      for (const mask of [MASK, copy, recolored, withColors(1), MASK]) {
        renderer.draw(frame, { ...display, mask }, view);
        const expected = renderPixels(frame, { ...display, mask });
        expect(largestDifference(read(canvas), expected)).toBeLessThanOrEqual(1);
      }
  });

  it("mixes a reduced mask by its area, and leaves what it covers out of the image", () => {
    // Of each 4 pixels one is white mask over the value 255, the others are 100.
    const isMasked = (index: number): boolean => index % 2 === 0 && (index >> 3) % 2 === 0;
    const samples = Uint8Array.from({ length: 64 }, (_, index) => (isMasked(index) ? 255 : 100));
    const mask: PixelMask = {
      rows: 8,
      columns: 8,
      entries: samples.map((sample) => (sample === 255 ? 1 : 0)),
      colors: Uint8Array.of(0, 200, 40),
    };
    const test: Case = {
      name: "quarters",
      frame: frameOf(samples, 8),
      display: { modality: IDENTITY, voi: window(128, 256), inverted: false, mask },
    };
    const sizes = { rows: 8, columns: 8, canvasWidth: 4, canvasHeight: 4, pixelAspect: 1 };
    for (const kind of ["webgl2", "canvas2d"] as const) {
      const words = new Uint32Array(draw(kind, graphics, test, fitView(sizes)).slice().buffer);
      // 3/4 of 100 and 1/4 of the colour: 75, 125, 85.
      expect([...new Set(words)]).toEqual([0xff_55_7d_4b]);
    }
  });

  it("shows an enlarged mask as squares over an image that is smooth up to them", () => {
    const samples = Uint8Array.of(0, 200, 100, 100);
    const mask: PixelMask = {
      rows: 1,
      columns: 4,
      entries: Uint8Array.of(0, 1, 0, 0),
      colors: Uint8Array.of(9, 9, 9),
    };
    const test: Case = {
      name: "a row",
      frame: frameOf(samples, 4),
      display: { modality: IDENTITY, voi: window(128, 256), inverted: false, mask },
    };
    const sizes = { rows: 1, columns: 4, canvasWidth: 16, canvasHeight: 4, pixelAspect: 1 };
    for (const kind of ["webgl2", "canvas2d"] as const) {
      const reds = draw(kind, graphics, test, fitView(sizes)).filter((_, at) => at % 4 === 0);
      const row = [0, 0, 0, 0, 9, 9, 9, 9, 100, 100, 100, 100, 100, 100, 100, 100];
      expect([...reds.slice(0, 16)]).toEqual(row);
    }
  });

  it("has no seams between the tiles of an image beyond the largest texture", () => {
    for (const test of CASES)
      for (const viewOf of Object.values(VIEWS)) {
        const { rows, columns } = test.frame;
        const view = viewOf({ ...UNSET, rows, columns });
        const whole = draw("webgl2", graphics, test, view);
        expect(largestDifference(draw("webgl2", tiled, test, view), whole), test.name).toBe(0);
      }
  });
});
