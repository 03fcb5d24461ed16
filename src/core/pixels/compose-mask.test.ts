import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildDataSet, type MadeDataSet } from "../dicom/data-set-builder.ts";
import { composeMask, type MaskParts, OVERLAY_COLOR } from "./compose-mask.ts";
import { readDisplayShutter } from "./display-shutter.ts";
import { readOverlayPlanes } from "./overlay-planes.ts";

/** A mask as rows of text: a point for what is visible, the number of the colour for what is covered. */
function drawn(
  rows: number,
  columns: number,
  parts: Partial<MaskParts>,
  pixelAspect = 1,
): string[] {
  const mask = composeMask({ rows, columns, pixelAspect }, { overlays: [], ...parts });
  const entries = [...(mask?.entries ?? new Uint8Array(rows * columns))];
  return Array.from({ length: rows }, (_, row) =>
    entries
      .slice(row * columns, (row + 1) * columns)
      .map((entry) => (entry === 0 ? "." : String(entry)))
      .join(""),
  );
}

const shutterOf = (values: MadeDataSet) => readDisplayShutter(buildDataSet(values));

const RECTANGLE: MadeDataSet = {
  ShutterShape: "RECTANGULAR",
  ShutterLeftVerticalEdge: 2,
  ShutterRightVerticalEdge: 4,
  ShutterUpperHorizontalEdge: 3,
  ShutterLowerHorizontalEdge: 3,
};

/** An overlay plane of rows of text. */
function planeOf(group: string, picture: readonly string[], values: MadeDataSet = {}): MadeDataSet {
  const text = picture.join("");
  const bytes = new Uint8Array(Math.ceil(text.length / 16) * 2);
  for (const [at, pixel] of [...text].entries())
    if (pixel === "#") bytes[at >> 3] = (bytes[at >> 3] ?? 0) | (1 << (at & 7));
  return {
    [`${group}0010`]: picture.length,
    [`${group}0011`]: picture[0]?.length ?? 0,
    [`${group}3000`]: bytes,
    ...values,
  };
}

const planesOf = (...made: readonly MadeDataSet[]) =>
  readOverlayPlanes(buildDataSet(Object.assign({}, ...made)), 0);

const overlaysOf = (...made: readonly MadeDataSet[]) => ({
  overlays: planesOf(...made).map((plane) => ({ plane })),
});

describe("a display shutter", () => {
  it("of a rectangle leaves its edges and what is between them, rows and columns from 1", () => {
    expect(drawn(4, 5, { shutter: shutterOf(RECTANGLE) })).toEqual([
      "11111",
      "11111",
      "1...1",
      "11111",
    ]);
  });

  it("of a rectangle round the whole image covers nothing", () => {
    const values = {
      ...RECTANGLE,
      ShutterLeftVerticalEdge: 1,
      ShutterRightVerticalEdge: 5,
      ShutterUpperHorizontalEdge: 1,
      ShutterLowerHorizontalEdge: 4,
    };
    const shutter = shutterOf(values);
    expect(
      composeMask({ rows: 4, columns: 5, pixelAspect: 1 }, { overlays: [], shutter }),
    ).toBeUndefined();
  });

  it("of a circle has its centre as row and column, and leaves what is at most a radius away", () => {
    const values = {
      ShutterShape: "CIRCULAR",
      CenterOfCircularShutter: [3, 4],
      RadiusOfCircularShutter: 2,
    };
    expect(drawn(5, 7, { shutter: shutterOf(values) })).toEqual([
      "111.111",
      "11...11",
      "1.....1",
      "11...11",
      "111.111",
    ]);
    // Where rows are twice as far apart as columns, two columns are one row.
    expect(drawn(5, 7, { shutter: shutterOf(values) }, 2)).toEqual([
      "1111111",
      "111.111",
      "1.....1",
      "111.111",
      "1111111",
    ]);
  });

  it("of a polygon joins the last vertex to the first, edges visible", () => {
    const values = { ShutterShape: "POLYGONAL", VerticesOfThePolygonalShutter: [1, 3, 4, 1, 4, 5] };
    // Row 2 crosses at 2.33 and 3.67, row 3 at 1.67 and 4.33.
    expect(drawn(5, 6, { shutter: shutterOf(values) })).toEqual([
      "11.111",
      "11.111",
      "1...11",
      ".....1",
      "111111",
    ]);
  });

  it("of a polygon with a bay leaves the bay covered", () => {
    const vertices = [1, 1, 1, 7, 5, 7, 3, 4, 5, 1];
    const values = { ShutterShape: "POLYGONAL", VerticesOfThePolygonalShutter: vertices };
    expect(drawn(5, 7, { shutter: shutterOf(values) })).toEqual([
      ".......",
      ".......",
      ".......",
      "..111..",
      ".11111.",
    ]);
  });

  it("of several shapes leaves what all of them leave", () => {
    const values = {
      ...RECTANGLE,
      ShutterShape: ["RECTANGULAR", "CIRCULAR"],
      ShutterUpperHorizontalEdge: 1,
      ShutterLowerHorizontalEdge: 5,
      CenterOfCircularShutter: [3, 2],
      RadiusOfCircularShutter: 1,
    };
    expect(drawn(5, 5, { shutter: shutterOf(values) })).toEqual([
      "11111",
      "1.111",
      "1..11",
      "1.111",
      "11111",
    ]);
  });

  it("of a bitmap covers the pixels whose bit is 1, and its plane is no overlay", () => {
    const shutter = shutterOf({ ShutterShape: "BITMAP", ShutterOverlayGroup: 0x6002 });
    const parts = overlaysOf(planeOf("6000", ["..", ".#"]), planeOf("6002", ["#.", ".."]));
    expect(drawn(2, 2, { ...parts, shutter })).toEqual(["1.", ".2"]);
  });

  it("is as grey as its P-value of 16 bits says, else black; CIELab wins where there are colours", () => {
    const coloured = (values: MadeDataSet) => shutterOf({ ...RECTANGLE, ...values })?.color;
    expect(coloured({})).toEqual([0, 0, 0]);
    expect(coloured({ ShutterPresentationValue: 0x8000 })).toEqual([128, 128, 128]);
    expect(coloured({ ShutterPresentationValue: 0xffff })).toEqual([255, 255, 255]);
    const lab = { ShutterPresentationColorCIELabValue: [0xffff, 0x8080, 0x8080] };
    expect(coloured({ ShutterPresentationValue: 0, ...lab })).toEqual([255, 255, 255]);
  });

  it("that makes no sense covers nothing, and is named", () => {
    const senseless: readonly MadeDataSet[] = [
      { ShutterShape: "TRIANGULAR" },
      { ...RECTANGLE, ShutterLeftVerticalEdge: undefined },
      { ...RECTANGLE, ShutterLeftVerticalEdge: 5 },
      { ShutterShape: "CIRCULAR", CenterOfCircularShutter: [1], RadiusOfCircularShutter: 3 },
      { ShutterShape: "CIRCULAR", CenterOfCircularShutter: [1, 1], RadiusOfCircularShutter: 0 },
      { ShutterShape: "POLYGONAL", VerticesOfThePolygonalShutter: [1, 1, 2, 2] },
      { ShutterShape: "BITMAP" },
    ];
    for (const values of senseless) {
      const shutter = shutterOf(values);
      expect(shutter?.unreadable).toHaveLength(1);
      expect(drawn(2, 2, { shutter })).toEqual(["..", ".."]);
    }
  });

  it("of shapes far outside takes no time and covers all or nothing", () => {
    const far = 2_000_000_000;
    const wide = {
      ShutterShape: ["RECTANGULAR", "CIRCULAR", "POLYGONAL"],
      ShutterLeftVerticalEdge: -far,
      ShutterRightVerticalEdge: far,
      ShutterUpperHorizontalEdge: -far,
      ShutterLowerHorizontalEdge: far,
      CenterOfCircularShutter: [0, 0],
      RadiusOfCircularShutter: far,
      VerticesOfThePolygonalShutter: [-far, -far, -far, far, far, far, far, -far],
    };
    expect(drawn(2, 3, { shutter: shutterOf(wide) })).toEqual(["...", "..."]);
    const away = {
      ...wide,
      ShutterShape: "POLYGONAL",
      VerticesOfThePolygonalShutter: [9, 9, 9, far, far, 9],
    };
    expect(drawn(2, 3, { shutter: shutterOf(away) })).toEqual(["111", "111"]);
  });

  it("of any polygon of one piece leaves what the winding of its corners encloses", () => {
    const corner = fc.tuple(fc.integer({ min: -2, max: 9 }), fc.integer({ min: -2, max: 9 }));
    fc.assert(
      fc.property(fc.tuple(corner, corner, corner), (corners) => {
        const [[r1, c1], [r2, c2], [r3, c3]] = corners;
        const shutter = shutterOf({
          ShutterShape: "POLYGONAL",
          VerticesOfThePolygonalShutter: corners.flat(),
        });
        const expected = Array.from({ length: 8 }, (_, row) =>
          Array.from({ length: 8 }, (_, column) => {
            const [r, c] = [row + 1, column + 1];
            const sides = [
              (r2 - r1) * (c - c1) - (c2 - c1) * (r - r1),
              (r3 - r2) * (c - c2) - (c3 - c2) * (r - r2),
              (r1 - r3) * (c - c3) - (c1 - c3) * (r - r3),
            ];
            const isIn = sides.every((side) => side >= 0) || sides.every((side) => side <= 0);
            const isNear =
              r >= Math.min(r1, r2, r3) &&
              r <= Math.max(r1, r2, r3) &&
              c >= Math.min(c1, c2, c3) &&
              c <= Math.max(c1, c2, c3);
            return isIn && isNear ? "." : "1";
          }).join(""),
        );
        expect(drawn(8, 8, { shutter })).toEqual(expected);
      }),
    );
  });
});

describe("overlay planes in a mask", () => {
  it("lie where their origin says: row and column of the image under their first pixel", () => {
    const parts = overlaysOf(planeOf("6000", ["##", "#."], { "60000050": [2, 3] }));
    expect(drawn(4, 5, parts)).toEqual([".....", "..11.", "..1..", "....."]);
  });

  it("are cut off where they leave the image, on each side", () => {
    const picture = ["###", "#.#", "###"];
    expect(drawn(2, 2, overlaysOf(planeOf("6000", picture, { "60000050": [0, 0] })))).toEqual([
      ".1",
      "11",
    ]);
    expect(drawn(2, 2, overlaysOf(planeOf("6000", picture, { "60000050": [2, 2] })))).toEqual([
      "..",
      ".1",
    ]);
    expect(drawn(2, 2, overlaysOf(planeOf("6000", picture, { "60000050": [-9, 7] })))).toEqual([
      "..",
      "..",
    ]);
  });

  it("of a region of interest are drawn as its outline", () => {
    const picture = ["#####", "#####", "#####", "#####"];
    const parts = overlaysOf(planeOf("6000", picture, { "60000040": "R" }));
    expect(drawn(4, 5, parts)).toEqual(["11111", "1...1", "1...1", "11111"]);
  });

  it("lie over the shutter, in colours of their own", () => {
    const plane = planeOf("6000", ["...", "#.#"]);
    const shutter = shutterOf({
      ...RECTANGLE,
      ShutterUpperHorizontalEdge: 1,
      ShutterLowerHorizontalEdge: 2,
    });
    const parts = { ...overlaysOf(plane), shutter };
    expect(drawn(2, 3, parts)).toEqual(["1..", "2.2"]);
    const mask = composeMask({ rows: 2, columns: 3, pixelAspect: 1 }, parts);
    expect([...(mask?.colors ?? [])]).toEqual([0, 0, 0, ...OVERLAY_COLOR]);
  });

  it("have a colour that is told from white and from black", () => {
    const [red, green, blue] = OVERLAY_COLOR.map((part) => ((part / 255 + 0.055) / 1.055) ** 2.4);
    const luminance = 0.2126 * (red ?? 0) + 0.7152 * (green ?? 0) + 0.0722 * (blue ?? 0);
    expect(1.05 / (luminance + 0.05)).toBeGreaterThan(3.5);
    expect((luminance + 0.05) / 0.05).toBeGreaterThan(3.5);
  });
});
