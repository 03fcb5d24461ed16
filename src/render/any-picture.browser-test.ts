import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { fitView, type ViewTransform } from "#core/geometry/view-transform.ts";
import { renderPixels } from "#core/pixels/render-pixels.ts";
import { readyToDraw } from "./extras-code.ts";
import { type AnyPicture, anyPicture } from "./fake/any-picture.ts";
import { draw, largestDifference } from "./fake/test-pictures.ts";
import { SharedGraphics } from "./shared-graphics.ts";

/** The same pictures in every run, so that a failure is one of the code. */
const RUNS = { seed: 20_261_121, numRuns: 100 };

const anyPose = fc.record({
  zoom: fc.constantFrom(0.3, 0.45, 0.7, 1, 2, 3.3, 7, 40),
  panX: fc.integer({ min: -5, max: 5 }),
  panY: fc.integer({ min: -5, max: 5 }),
  quarterTurns: fc.constantFrom(0, 1, 2, 3),
  flipHorizontal: fc.boolean(),
  flipVertical: fc.boolean(),
  pixelAspect: fc.constantFrom(1, 1.6, 0.7),
  interpolation: fc.constantFrom("smooth", "nearest"),
});

function viewOf({ frame }: AnyPicture, pose: Partial<ViewTransform> = {}): ViewTransform {
  const { rows, columns } = frame;
  const size = pose.zoom === undefined ? { canvasWidth: columns, canvasHeight: rows } : CANVAS;
  return { ...fitView({ rows, columns, pixelAspect: 1, ...size }), ...pose };
}

const CANVAS = { canvasWidth: 23, canvasHeight: 19 };

describe("any picture", () => {
  const graphics = new SharedGraphics({ acceptsSlow: true });
  beforeAll(() =>
    Promise.all([graphics.ready, readyToDraw({ mask: { rows: 0, columns: 0, ...EMPTY } })]),
  );

  it("is drawn at 1:1 as renderPixels renders it, by both renderers", () => {
    fc.assert(
      fc.property(anyPicture, (picture) => {
        const expected = renderPixels(picture.frame, picture.display);
        const test = { name: "", ...picture };
        for (const kind of ["webgl2", "canvas2d"] as const) {
          const drawn = draw(kind, graphics, test, viewOf(picture));
          expect(largestDifference(drawn, expected), kind).toBeLessThanOrEqual(1);
        }
      }),
      RUNS,
    );
  });

  it("is drawn alike by both renderers in any view", () => {
    fc.assert(
      fc.property(anyPicture, anyPose, (picture, pose) => {
        const test = { name: "", ...picture };
        const view = viewOf(picture, pose);
        const drawn = draw("webgl2", graphics, test, view);
        const software = draw("canvas2d", graphics, test, view);
        expect(largestDifference(drawn, software)).toBeLessThanOrEqual(1);
      }),
      RUNS,
    );
  });
});

const EMPTY = { entries: new Uint8Array(), colors: new Uint8Array() };
