import { describe, expect, it } from "vitest";
import type { LineLook, PresentationGraphic } from "#core/study/presentation-graphics.ts";
import { graphicShapes } from "./graphic-shapes.ts";

const line: LineLook = {
  color: undefined,
  opacity: 1,
  widthPx: 2,
  isDashed: false,
  shadow: undefined,
};

const path = (
  coordinates: readonly (readonly [number, number])[],
  rest: Partial<Extract<PresentationGraphic, { kind: "path" }>> = {},
): PresentationGraphic => ({
  kind: "path",
  points: coordinates.map(([x, y]) => ({ x, y })),
  isClosed: false,
  line,
  fill: undefined,
  ...rest,
});

describe("graphics as paths", () => {
  it("go from point to point, and back where they are closed", () => {
    const open = path([
      [0.5, 1],
      [2, 3.12345],
    ]);
    const closed = path(
      [
        [0, 0],
        [1, 0],
        [1, 1],
      ],
      { isClosed: true },
    );
    expect(graphicShapes([open], undefined)[0]?.d).toBe("M0.5 1L2 3.123");
    expect(graphicShapes([closed], undefined)[0]?.d).toBe("M0 0L1 0L1 1Z");
  });

  it("join neighbours of one look, in their order, and no others", () => {
    const a = path([
      [0, 0],
      [1, 1],
    ]);
    const red = path(
      [
        [2, 2],
        [3, 3],
      ],
      { line: { ...line, color: [255, 0, 0] } },
    );
    const shapes = graphicShapes([a, a, red, a], undefined);
    expect(shapes.map(({ d }) => d)).toEqual(["M0 0L1 1M0 0L1 1", "M2 2L3 3", "M0 0L1 1"]);
    expect(shapes.map(({ stroke }) => stroke)).toEqual([undefined, "rgb(255 0 0)", undefined]);
  });

  it("take the colour of their layer where they have none", () => {
    const shapes = graphicShapes([path([[1, 1]], { line })], [0, 128, 255]);
    expect(shapes[0]?.stroke).toBe("rgb(0 128 255)");
  });

  it("draw a point as a dot that can be seen", () => {
    const [shape] = graphicShapes([{ kind: "point", point: { x: 4, y: 5 }, line }], undefined);
    expect([shape?.d, shape?.widthPx]).toEqual(["M4 5h0", 6]);
  });

  it("draw an ellipse through the ends of both axes", () => {
    const [shape] = graphicShapes(
      [
        {
          kind: "ellipse",
          center: { x: 10, y: 20 },
          axisA: { x: 4, y: 0 },
          axisB: { x: 0, y: 2 },
          line,
          fill: undefined,
        },
      ],
      undefined,
    );
    // Handles lie 0.5523 of a half axis away: 20 + 2 * 0.5523 = 21.105, 10 + 4 * 0.5523 = 12.209.
    expect(shape?.d.startsWith("M14 20C14 21.105 12.209 22 10 22")).toBe(true);
    expect(shape?.d.endsWith("14 20Z")).toBe(true);
  });

  it("leave out what no screen can show", () => {
    const wild = path([
      [Number.NaN, 0],
      [Number.POSITIVE_INFINITY, 1],
      [1e12, 1],
    ]);
    expect(graphicShapes([wild], undefined)).toEqual([]);
  });

  it("stay one path where they are tens of thousands", () => {
    const many = Array.from({ length: 20_000 }, (_, x) =>
      path([
        [x, 0],
        [x, 1],
      ]),
    );
    expect(graphicShapes(many, undefined)).toHaveLength(1);
  });
});
