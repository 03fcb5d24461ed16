import { beforeAll, describe, expect, it } from "vitest";
import { fitView } from "#core/geometry/view-transform.ts";
import { renderPixels } from "#core/pixels/render-pixels.ts";
import { createFrameRenderer } from "./create-frame-renderer.ts";
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

const CASES: readonly Case[] = [
  monochrome("8-bit unsigned", fill(new Uint8Array(PIXELS), COLUMNS, 0, 255)),
  monochrome("8-bit signed", fill(new Int8Array(PIXELS), COLUMNS, -128, 127)),
  monochrome("16-bit unsigned", fill(new Uint16Array(PIXELS), COLUMNS, 0, 65535)),
  monochrome(
    "16-bit signed with rescale and a window",
    fill(new Int16Array(PIXELS), COLUMNS, -1000, 3000),
    {
      modality: { kind: "rescale", slope: 1, intercept: -24 },
      voi: window(40, 400),
    },
  ),
  monochrome("MONOCHROME1", fill(new Uint16Array(PIXELS), COLUMNS, 0, 4095), { inverted: true }),
  monochrome("a small slope", fill(new Uint16Array(PIXELS), COLUMNS, 0, 40000), {
    modality: { kind: "rescale", slope: 0.0001, intercept: 0 },
    voi: window(2, 0.5),
  }),
  monochrome("a negative slope", fill(new Int16Array(PIXELS), COLUMNS, -900, 900), {
    modality: { kind: "rescale", slope: -2, intercept: 7 },
    voi: window(0, 1000),
  }),
  monochrome("SIGMOID", fill(new Int16Array(PIXELS), COLUMNS, -900, 900), {
    voi: {
      kind: "window",
      windowCenter: 10,
      windowWidth: 500,
      function: "SIGMOID",
      explanation: "",
    },
  }),
  monochrome("padding", fill(new Int16Array(PIXELS), COLUMNS, -900, 900), {
    padding: { first: -900, last: -700 },
    inverted: true,
  }),
  monochrome("a modality LUT and a VOI LUT", fill(new Uint8Array(PIXELS), COLUMNS, 0, 255), {
    modality: {
      kind: "lut",
      lut: {
        firstMapped: 10,
        bits: 12,
        entries: Uint16Array.from({ length: 200 }, (_, i) => (i * i) / 10),
      },
    },
    voi: {
      kind: "lut",
      explanation: "",
      lut: {
        firstMapped: 100,
        bits: 10,
        entries: Uint16Array.from({ length: 3000 }, (_, i) => i / 3),
      },
    },
  }),
  monochrome(
    "32-bit unsigned beyond single precision",
    fill(new Uint32Array(PIXELS), COLUMNS, 4_000_000_000, 4_000_000_400),
  ),
  monochrome("32-bit signed", fill(new Int32Array(PIXELS), COLUMNS, -2_000_000_000, 2_000_000_000)),
  monochrome("floats", fill(new Float32Array(PIXELS), COLUMNS, -3, 90)),
  {
    name: "a palette",
    frame: frameOf(fill(new Uint8Array(PIXELS), COLUMNS, 0, 255), COLUMNS, { meaning: "palette" }),
    display: {
      modality: IDENTITY,
      voi: window(128, 256),
      inverted: false,
      palette: {
        firstMapped: 5,
        colors: Uint8Array.from({ length: 240 * 3 }, (_, index) => (index * 37) % 256),
      },
    },
  },
  {
    name: "RGB",
    frame: frameOf(fill(new Uint8Array(PIXELS * 3), COLUMNS * 3, 0, 255), COLUMNS, {
      meaning: "rgb",
    }),
    display: { modality: IDENTITY, voi: window(128, 256), inverted: false },
  },
];

describe("the two renderers", () => {
  const graphics = new SharedGraphics({ acceptsSlow: true });
  const tiled = new SharedGraphics({ acceptsSlow: true, maxTextureSize: 16 });
  beforeAll(() => Promise.all([graphics.ready, tiled.ready]));

  for (const [viewName, viewOf] of Object.entries(VIEWS)) {
    it(`agree within one grey level, ${viewName}`, () => {
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

  it("show the very pixels of renderPixels at 1:1", () => {
    for (const test of CASES) {
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

  it("show no seams between the tiles of an image beyond the largest texture", () => {
    for (const test of CASES) {
      const { rows, columns } = test.frame;
      for (const viewOf of Object.values(VIEWS)) {
        const view = viewOf({ ...UNSET, rows, columns });
        const whole = draw("webgl2", graphics, test, view);
        expect(largestDifference(draw("webgl2", tiled, test, view), whole), test.name).toBe(0);
      }
    }
  });

  it("go on in software while the graphics context is lost, and come back", async () => {
    const test = CASES[3];
    if (test === undefined) throw new Error("no case");
    const own = new SharedGraphics({ acceptsSlow: true });
    await own.ready;
    const canvas = document.createElement("canvas");
    const renderer = createFrameRenderer(canvas, { graphics: own });
    const view = fitView({ ...UNSET, rows: test.frame.rows, columns: test.frame.columns });
    renderer.draw(test.frame, test.display, view);
    const before = read(canvas);
    const loss = own.context?.getExtension("WEBGL_lose_context");
    const restored = new Promise<void>((resolve) => {
      renderer.onRestored = resolve;
    });

    loss?.loseContext();
    expect([renderer.kind, renderer.isLost]).toEqual(["canvas2d", true]);
    renderer.draw(test.frame, test.display, view);
    expect(largestDifference(read(canvas), before)).toBeLessThanOrEqual(1);

    await new Promise((resolve) => setTimeout(resolve, 50));
    loss?.restoreContext();
    await restored;
    expect([renderer.kind, renderer.isLost]).toEqual(["webgl2", false]);
    renderer.draw(test.frame, test.display, view);
    expect(largestDifference(read(canvas), before)).toBe(0);
  });

  it("draw in software until the code for graphics is there, and say when it is", async () => {
    const test = CASES[3];
    if (test === undefined) throw new Error("no case");
    const own = new SharedGraphics({ acceptsSlow: true });
    const canvas = document.createElement("canvas");
    const renderer = createFrameRenderer(canvas, { graphics: own });
    const restored = new Promise<void>((resolve) => {
      renderer.onRestored = resolve;
    });
    const view = fitView({ ...UNSET, rows: test.frame.rows, columns: test.frame.columns });
    expect([renderer.kind, renderer.isLost]).toEqual(["canvas2d", true]);
    renderer.draw(test.frame, test.display, view);
    const software = read(canvas);
    await restored;
    expect([renderer.kind, renderer.isLost]).toEqual(["webgl2", false]);
    renderer.draw(test.frame, test.display, view);
    expect(largestDifference(read(canvas), software)).toBeLessThanOrEqual(1);
  });

  it("draw levels of sRGB, which nothing converts", () => {
    const test = CASES[0];
    if (test === undefined) throw new Error("no case");
    const canvas = document.createElement("canvas");
    const view = fitView({ ...UNSET, rows: test.frame.rows, columns: test.frame.columns });
    createFrameRenderer(canvas, { graphics }).draw(test.frame, test.display, view);
    expect(canvas.getContext("2d")?.getContextAttributes()).toMatchObject({ colorSpace: "srgb" });
    expect(graphics.context?.drawingBufferColorSpace).toBe("srgb");
  });

  it("hold no more textures than their budget, and draw all the same", async () => {
    const small = new SharedGraphics({ acceptsSlow: true, budgetBytes: 3 * PIXELS });
    await small.ready;
    const frames = Array.from({ length: 5 }, (_, index) =>
      monochrome("frame", fill(new Uint8Array(PIXELS), COLUMNS, index, 255 - index)),
    );
    for (const test of [...frames, ...frames]) {
      const view = fitView({ ...UNSET, rows: test.frame.rows, columns: test.frame.columns });
      const software = draw("canvas2d", small, test, view);
      expect(largestDifference(draw("webgl2", small, test, view), software)).toBeLessThanOrEqual(1);
      expect(small.textureBytes).toBeLessThanOrEqual(3 * PIXELS);
    }
  });

  it("average fine stripes to an even grey where they are reduced", () => {
    const samples = Uint8Array.from({ length: 400 * 400 }, (_, index) =>
      index % 4 === 0 ? 200 : 0,
    );
    const test: Case = {
      name: "stripes",
      frame: frameOf(samples, 400),
      display: { modality: IDENTITY, voi: window(100.5, 201), inverted: false },
    };
    const sizes = { rows: 400, columns: 400, canvasWidth: 100, canvasHeight: 100, pixelAspect: 1 };
    for (const kind of ["webgl2", "canvas2d"] as const) {
      const greys = draw(kind, graphics, test, fitView(sizes)).filter(
        (_, index) => index % 4 === 0,
      );
      expect(new Set(greys)).toEqual(new Set([64]));
    }
  });

  it("leave nothing of the last image behind when cleared or when the image is smaller", () => {
    const test = CASES[0];
    if (test === undefined) throw new Error("no case");
    const canvas = document.createElement("canvas");
    const renderer = createFrameRenderer(canvas, { prefer: "webgl2", graphics });
    const sizes = { ...UNSET, rows: test.frame.rows, columns: test.frame.columns };
    const isBlack = (): boolean =>
      read(canvas).every((value, index) => index % 4 === 3 || value === 0);
    renderer.draw(test.frame, test.display, fitView(sizes));
    renderer.draw(test.frame, test.display, { ...fitView(sizes), panX: 1000 });
    expect(isBlack()).toBe(true);
    renderer.draw(test.frame, test.display, fitView(sizes));
    expect(isBlack()).toBe(false);
    renderer.clear();
    expect(isBlack()).toBe(true);
  });
});
