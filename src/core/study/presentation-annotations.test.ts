import { describe, expect, it } from "vitest";
import { buildDataSet, type MadeDataSet } from "../dicom/data-set-builder.ts";
import { readAnnotation } from "./presentation-annotations.ts";
import type { PresentedPlace } from "./presentation-area.ts";

const PLACE: PresentedPlace = {
  area: { left: 0, top: 0, right: 200, bottom: 100 },
  transformation: { quarterTurns: 0, isFlipped: false },
  pixelAspect: 1,
};

function drawn(item: MadeDataSet, place: PresentedPlace = PLACE) {
  return readAnnotation(buildDataSet(item), place);
}

function object(type: string, data: readonly number[], more: MadeDataSet = {}) {
  return {
    GraphicObjectSequence: [
      {
        GraphicAnnotationUnits: "PIXEL",
        GraphicDimensions: 2,
        NumberOfGraphicPoints: data.length / 2,
        GraphicData: data,
        GraphicType: type,
        GraphicFilled: "N",
        ...more,
      },
    ],
  };
}

describe("graphic objects", () => {
  it("in PIXEL units are image space: 0\\0 is the corner of the first pixel", () => {
    expect(drawn(object("POINT", [0, 0])).graphics).toMatchObject([
      { kind: "point", point: { x: 0, y: 0 } },
    ]);
    expect(drawn(object("POLYLINE", [1.5, 2, 10, 20.5])).graphics).toMatchObject([
      {
        kind: "path",
        isClosed: false,
        points: [
          { x: 1.5, y: 2 },
          { x: 10, y: 20.5 },
        ],
      },
    ]);
  });

  it("in DISPLAY units are fractions of the displayed area", () => {
    const line = object("POLYLINE", [0, 0, 0.5, 1], { GraphicAnnotationUnits: "DISPLAY" });
    expect(drawn(line).graphics).toMatchObject([
      {
        points: [
          { x: 0, y: 0 },
          { x: 100, y: 100 },
        ],
      },
    ]);
  });

  it("are filled only when they are closed and say so", () => {
    const square = [0, 0, 4, 0, 4, 4, 0, 4, 0, 0];
    const filled = { GraphicFilled: "Y" };
    expect(drawn(object("POLYLINE", square, filled)).graphics).toMatchObject([
      { isClosed: true, fill: { opacity: 1 } },
    ]);
    expect(drawn(object("POLYLINE", square)).graphics).toMatchObject([{ fill: undefined }]);
    const open = square.slice(0, 8);
    expect(drawn(object("POLYLINE", open, filled)).graphics).toMatchObject([{ fill: undefined }]);
  });

  it("of type CIRCLE have a centre and a point on the circumference", () => {
    // From (50, 40) to (53, 44): a radius of 5.
    expect(drawn(object("CIRCLE", [50, 40, 53, 44])).graphics).toMatchObject([
      { kind: "ellipse", center: { x: 50, y: 40 }, axisA: { x: 5, y: 0 }, axisB: { x: 0, y: 5 } },
    ]);
  });

  it("of type CIRCLE are round on the screen where pixels are not square", () => {
    // Pixels twice as high as wide: 4 columns across and 3/2 rows down are 4 and 3 wide; the radius is 5 columns.
    const place = { ...PLACE, pixelAspect: 2 };
    expect(drawn(object("CIRCLE", [50, 40, 54, 41.5]), place).graphics).toMatchObject([
      { axisA: { x: 5, y: 0 }, axisB: { x: 0, y: 2.5 } },
    ]);
  });

  it("of type ELLIPSE have the ends of the major axis, then those of the minor one", () => {
    expect(drawn(object("ELLIPSE", [10, 50, 50, 50, 30, 40, 30, 60])).graphics).toMatchObject([
      { center: { x: 30, y: 50 }, axisA: { x: 20, y: 0 }, axisB: { x: 0, y: 10 } },
    ]);
  });

  it("of type INTERPOLATED pass through all their points and bend between them", () => {
    const [curve] = drawn(object("INTERPOLATED", [0, 0, 10, 10, 20, 0])).graphics;
    const points = curve?.kind === "path" ? curve.points : [];
    for (const point of [
      { x: 0, y: 0 },
      { x: 10, y: 10 },
      { x: 20, y: 0 },
    ])
      expect(points).toContainEqual(point);
    // Half way of the first piece by Catmull and Rom: (-0 + 9*0 + 9*10 - 0) / 16.
    expect(points).toContainEqual({ x: 4.375, y: 5.625 });
  });

  it("have the colour and line of their style", () => {
    const style = {
      LineStyleSequence: [
        {
          PatternOnColorCIELabValue: [0xffff, 0x8080, 0x8080],
          PatternOnOpacity: 0.5,
          LineThickness: 3,
          LineDashingStyle: "DASHED",
        },
      ],
    };
    expect(drawn(object("POINT", [1, 1], style)).graphics).toMatchObject([
      { line: { color: [255, 255, 255], opacity: 0.5, widthPx: 3, isDashed: true } },
    ]);
  });

  it("that cannot be drawn are said", () => {
    expect(drawn(object("SPIRAL", [1, 1])).limits).toEqual(["unknown-graphics"]);
    expect(drawn(object("CIRCLE", [1, 1])).limits).toEqual(["unknown-graphics"]);
    const units = { GraphicAnnotationUnits: "INCH" };
    expect(drawn(object("POINT", [1, 1], units))).toEqual({
      graphics: [],
      limits: ["unknown-graphics"],
    });
  });

  it("beyond a bound are not drawn, and that is said", () => {
    const many = new Float32Array(500_000);
    const bytes = new Uint8Array(many.buffer);
    const item = object("POLYLINE", [0, 0]);
    const huge = {
      GraphicObjectSequence: [{ ...item.GraphicObjectSequence[0], GraphicData: bytes }],
    };
    expect(drawn(huge)).toEqual({ graphics: [], limits: ["too-many-graphics"] });
  });
});

describe("compound graphics", () => {
  const compound = (type: string, more: MadeDataSet = {}) => ({
    CompoundGraphicSequence: [
      {
        CompoundGraphicInstanceID: 7,
        CompoundGraphicUnits: "PIXEL",
        CompoundGraphicType: type,
        GraphicData: [10, 10, 30, 20],
        ...more,
      },
    ],
  });

  it("are drawn by the plain graphics that stand for them", () => {
    const item = {
      ...compound("ARROW"),
      ...object("POLYLINE", [0, 0, 1, 1], { CompoundGraphicInstanceID: 7 }),
    };
    const { graphics, limits } = drawn(item);
    expect(graphics).toHaveLength(1);
    expect(limits).toEqual([]);
  });

  it("are drawn themselves where nothing stands for them and their points say all", () => {
    expect(drawn(compound("RECTANGLE")).graphics).toMatchObject([
      {
        isClosed: true,
        points: [
          { x: 10, y: 10 },
          { x: 30, y: 10 },
          { x: 30, y: 20 },
          { x: 10, y: 20 },
          { x: 10, y: 10 },
        ],
      },
    ]);
    expect(drawn(compound("ELLIPSE")).graphics).toMatchObject([
      { center: { x: 20, y: 15 }, axisA: { x: 10, y: 0 }, axisB: { x: 0, y: 5 } },
    ]);
  });

  it("without a number are drawn beside plain graphics that have none either", () => {
    const item = {
      ...compound("RECTANGLE", { CompoundGraphicInstanceID: undefined }),
      ...object("POLYLINE", [0, 0, 1, 1]),
    };
    expect(drawn(item).graphics).toHaveLength(2);
  });

  it("are said where they cannot be drawn", () => {
    expect(drawn(compound("CROSSHAIR")).limits).toEqual(["compound-graphics"]);
    expect(drawn(compound("RECTANGLE", { RotationAngle: 30 })).limits).toEqual([
      "compound-graphics",
    ]);
  });
});

describe("text objects", () => {
  const text = (more: MadeDataSet) => ({
    TextObjectSequence: [{ UnformattedTextValue: "First\r\nSecond\r\n", ...more }],
  });

  it("have lines, a box in one unit and an anchor in another", () => {
    const item = text({
      BoundingBoxAnnotationUnits: "DISPLAY",
      BoundingBoxTopLeftHandCorner: [0.5, 0.5],
      BoundingBoxBottomRightHandCorner: [1, 0.75],
      BoundingBoxTextHorizontalJustification: "RIGHT",
      AnchorPointAnnotationUnits: "PIXEL",
      AnchorPoint: [12, 34],
      AnchorPointVisibility: "Y",
    });
    expect(drawn(item).graphics).toMatchObject([
      {
        kind: "text",
        lines: ["First", "Second"],
        box: { topLeft: { x: 100, y: 50 }, bottomRight: { x: 200, y: 75 } },
        anchor: { point: { x: 12, y: 34 }, isVisible: true },
        look: { horizontal: "right" },
      },
    ]);
  });

  it("may have an anchor alone, which is visible only when that is said", () => {
    const item = text({ AnchorPointAnnotationUnits: "PIXEL", AnchorPoint: [12, 34] });
    expect(drawn(item).graphics).toMatchObject([
      { box: undefined, anchor: { point: { x: 12, y: 34 }, isVisible: false } },
    ]);
  });

  it("that stand nowhere are said", () => {
    expect(drawn(text({})).limits).toEqual(["unknown-graphics"]);
  });

  it("take no font name that could be anything else", () => {
    const styled = (name: string) =>
      drawn(text({ AnchorPoint: [1, 1], TextStyleSequence: [{ CSSFontName: name, Bold: "Y" }] }))
        .graphics;
    expect(styled("Arial, sans-serif")).toMatchObject([
      { look: { fontFamily: "Arial, sans-serif", isBold: true } },
    ]);
    expect(styled("x;background:url(//a)")).toMatchObject([{ look: { fontFamily: undefined } }]);
  });
});
