import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  canvasToImage,
  effectiveInterpolation,
  fitView,
  fitZoom,
  imageToCanvas,
  mapPoint,
  type ViewTransform,
} from "./view-transform.ts";

const SIZES = { canvasWidth: 800, canvasHeight: 600, columns: 512, rows: 256, pixelAspect: 1 };

const TWO_TO_ONE = { canvasWidth: 800, canvasHeight: 400, columns: 200, rows: 100, pixelAspect: 1 };

const anyView: fc.Arbitrary<ViewTransform> = fc
  .record({
    zoom: fc.double({ min: 0.05, max: 20, noNaN: true }),
    panX: fc.integer({ min: -300, max: 300 }),
    panY: fc.integer({ min: -300, max: 300 }),
    quarterTurns: fc.constantFrom(0, 1, 2, 3),
    flipHorizontal: fc.boolean(),
    flipVertical: fc.boolean(),
    pixelAspect: fc.double({ min: 0.5, max: 2, noNaN: true }),
  })
  .map((facts) => ({ ...fitView(SIZES), ...facts }));

describe("a view", () => {
  it.each([
    { name: "fills the canvas", sizes: TWO_TO_ONE, turns: 0 as const, zoom: 4 },
    { name: "turned, is as wide as it was high", sizes: TWO_TO_ONE, turns: 1 as const, zoom: 2 },
    {
      name: "counts the height of tall pixels",
      sizes: { ...TWO_TO_ONE, pixelAspect: 2 },
      turns: 0 as const,
      zoom: 2,
    },
    {
      name: "is 1 without a canvas",
      sizes: { ...TWO_TO_ONE, canvasWidth: 0 },
      turns: 0 as const,
      zoom: 1,
    },
  ])("that is fitted $name", ({ sizes, turns, zoom }) => {
    expect(fitZoom({ quarterTurns: turns, ...sizes })).toBe(zoom);
  });

  it("puts image corners where they belong after a clockwise quarter turn", () => {
    const view: ViewTransform = { ...fitView(SIZES), zoom: 1, quarterTurns: 1 };
    // The top left corner of the image is at the top right of the canvas then.
    expect(mapPoint(imageToCanvas(view), { x: 0, y: 0 })).toEqual({ x: 400 + 128, y: 300 - 256 });
  });

  it("maps from image to canvas and back", () => {
    fc.assert(
      fc.property(anyView, fc.integer({ max: 512 }), fc.integer({ max: 256 }), (view, x, y) => {
        const back = mapPoint(canvasToImage(view), mapPoint(imageToCanvas(view), { x, y }));
        const scale = Math.max(Math.abs(x), Math.abs(y), 1);
        expect(Math.abs(back.x - x) / scale).toBeLessThan(1e-6);
        expect(Math.abs(back.y - y) / scale).toBeLessThan(1e-6);
      }),
    );
  });

  it("flips the image about its centre before it turns it", () => {
    const view: ViewTransform = {
      ...fitView(SIZES),
      zoom: 1,
      flipHorizontal: true,
      quarterTurns: 1,
    };
    // The top right corner of the image is where the top left one would be without the flip.
    const corner = mapPoint(imageToCanvas(view), { x: 512, y: 0 });
    expect(corner).toEqual({ x: 400 + 128, y: 300 - 256 });
  });

  it("lies on the grid of the device at 1:1, so that pixels stay sharp", () => {
    const odd = { ...SIZES, canvasWidth: 801 };
    const view = { ...fitView(odd), zoom: 1, panX: 0.3, panY: 0.4 };
    const { a, e, f } = imageToCanvas(view);
    expect([a, Number.isInteger(e), Number.isInteger(f)]).toEqual([1, true, true]);
  });

  it("shows single pixels as squares from a high zoom on", () => {
    expect(effectiveInterpolation({ ...fitView(SIZES), zoom: 31 })).toBe("smooth");
    expect(effectiveInterpolation({ ...fitView(SIZES), zoom: 32 })).toBe("nearest");
  });
});
