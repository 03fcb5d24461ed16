import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  atOneToOne,
  canvasToImage,
  effectiveInterpolation,
  fitView,
  flippedOnScreen,
  imageToCanvas,
  mapPoint,
  panned,
  resized,
  turned,
  type ViewTransform,
  zoomedAt,
} from "./view-transform.ts";

const SIZES = { canvasWidth: 800, canvasHeight: 600, columns: 512, rows: 256, pixelAspect: 1 };

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
  it("fits the turned image into the canvas, with the true shape of its pixels", () => {
    expect(fitView(SIZES).zoom).toBeCloseTo(800 / 512);
    expect(fitView({ ...SIZES, pixelAspect: 4 }).zoom).toBeCloseTo(600 / 1024);
    const onItsSide = resized(turned(fitView(SIZES), 1), 400, 800);
    expect(onItsSide.zoom).toBeCloseTo(400 / 256);
  });

  it("puts image corners where they belong after a clockwise quarter turn", () => {
    const view = turned({ ...fitView(SIZES), zoom: 1 }, 1);
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

  it("keeps what is below the pointer there while it is zoomed", () => {
    fc.assert(
      fc.property(anyView, fc.double({ min: 0.2, max: 5, noNaN: true }), (view, factor) => {
        const anchor = { x: 130, y: 470 };
        // Views at whole zooms are set on the device's grid, which moves them by less than a pixel.
        const before = mapPoint(canvasToImage(view), anchor);
        const after = mapPoint(imageToCanvas(zoomedAt(view, factor, anchor)), before);
        expect(Math.abs(after.x - anchor.x)).toBeLessThan(6);
        expect(Math.abs(after.y - anchor.y)).toBeLessThan(6);
      }),
    );
  });

  it("mirrors on the screen whatever its turn", () => {
    fc.assert(
      fc.property(anyView, (view) => {
        const point = mapPoint(imageToCanvas(view), { x: 100, y: 30 });
        const across = mapPoint(imageToCanvas(flippedOnScreen(view, "horizontal")), {
          x: 100,
          y: 30,
        });
        const down = mapPoint(imageToCanvas(flippedOnScreen(view, "vertical")), { x: 100, y: 30 });
        expect(across.x).toBeCloseTo(800 - point.x, 3);
        expect(across.y).toBeCloseTo(point.y, 3);
        expect(down.x).toBeCloseTo(point.x, 3);
        expect(down.y).toBeCloseTo(600 - point.y, 3);
      }),
    );
  });

  it("is the same after four quarter turns", () => {
    fc.assert(
      fc.property(anyView, (view) => {
        const again = turned(turned(view, 3), 1);
        expect(imageToCanvas(again).e).toBeCloseTo(imageToCanvas(view).e, 6);
        expect(again.quarterTurns).toBe(view.quarterTurns);
      }),
    );
  });

  it("lies on the grid of the device at 1:1, so that pixels stay sharp", () => {
    const view = panned(atOneToOne(fitView({ ...SIZES, canvasWidth: 801 })), 0.3, 0.4);
    const { a, e, f } = imageToCanvas(view);
    expect([a, Number.isInteger(e), Number.isInteger(f)]).toEqual([1, true, true]);
  });

  it("stays fitted when the canvas changes, and stays put when it was moved", () => {
    expect(resized(fitView(SIZES), 400, 300).zoom).toBeCloseTo(400 / 512);
    expect(resized(panned(fitView(SIZES), 10, 0), 400, 300).zoom).toBeCloseTo(800 / 512);
  });

  it("shows single pixels as squares from a high zoom on", () => {
    expect(effectiveInterpolation({ ...fitView(SIZES), zoom: 31 })).toBe("smooth");
    expect(effectiveInterpolation({ ...fitView(SIZES), zoom: 32 })).toBe("nearest");
  });
});
