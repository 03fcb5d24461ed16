import { describe, expect, it } from "vitest";
import { fitView, imageToCanvas, type ViewTransform } from "#core/geometry/view-transform.ts";
import type { PresentationText, TextLook } from "#core/study/presentation-graphics.ts";
import { type TextView, textPlace } from "./text-place.ts";

const look: TextLook = {
  color: undefined,
  shadow: undefined,
  fontFamily: undefined,
  isBold: false,
  isItalic: false,
  isUnderlined: false,
  horizontal: "left",
  vertical: "top",
};

/** A canvas of 400 by 400 over an image of 100 by 100: zoom 4. */
function view(rest: Partial<ViewTransform> = {}): TextView {
  const sizes = { canvasWidth: 400, canvasHeight: 400, columns: 100, rows: 100, pixelAspect: 1 };
  const transform = { ...fitView(sizes), ...rest };
  const isSideways = transform.quarterTurns % 2 !== 0;
  return { map: imageToCanvas(transform), width: 400, height: 400, isSideways };
}

/** A box from (10, 20) to (30, 25) of the image. */
const boxed: PresentationText = {
  kind: "text",
  lines: ["Lesion"],
  box: { topLeft: { x: 10, y: 20 }, bottomRight: { x: 30, y: 25 } },
  anchor: undefined,
  look,
};

describe("the place of a text", () => {
  it("is its box on the screen", () => {
    // 4 device pixels per image pixel: (40, 80) to (120, 100).
    expect(textPlace(boxed, view())?.box).toEqual({ left: 40, top: 80, width: 80, height: 20 });
  });

  it("goes with a flip and stays readable", () => {
    // Columns 10 to 30 of 100 are 70 to 90 from the left of the mirrored image.
    const place = textPlace(boxed, view({ flipHorizontal: true }));
    expect(place?.box).toEqual({ left: 280, top: 80, width: 80, height: 20 });
  });

  it("goes with a quarter turn about its own middle, as wide as it was written", () => {
    // The middle (20, 22.5) comes to x = 100 - 22.5 = 77.5, y = 20: (310, 80) on the screen.
    const place = textPlace(boxed, view({ quarterTurns: 1 }));
    expect(place?.box).toEqual({ left: 270, top: 70, width: 80, height: 20 });
  });

  it("goes with zoom and pan", () => {
    const place = textPlace(boxed, view({ zoom: 8, panX: 10, panY: -20 }));
    // The image now begins at 200 - 400 + 10 = -190 and 200 - 400 - 20 = -220.
    expect(place?.box).toEqual({ left: -110, top: -60, width: 160, height: 40 });
  });

  it("is joined to a visible anchor outside the box by the shortest line", () => {
    const text = { ...boxed, anchor: { point: { x: 50, y: 22 }, isVisible: true } };
    expect(textPlace(text, view())?.leader).toEqual({
      from: { x: 200, y: 88 },
      to: { x: 120, y: 88 },
    });
    const hidden = { ...boxed, anchor: { point: { x: 50, y: 22 }, isVisible: false } };
    expect(textPlace(hidden, view())?.leader).toBeUndefined();
  });

  it("is beside the anchor without a box, towards the middle", () => {
    const at = (x: number, y: number) =>
      textPlace({ ...boxed, box: undefined, anchor: { point: { x, y }, isVisible: true } }, view());
    expect(at(10, 10)?.box).toMatchObject({ left: 48, top: 48 });
    const low = at(90, 90);
    expect(low?.box).toMatchObject({ left: 352, top: 352 });
    expect([low?.horizontal, low?.vertical]).toEqual(["right", "bottom"]);
  });

  it("has letters that fit the box, and can be read where the box is small", () => {
    // One line of 20 pixels with 1.25 of line height: 16; six letters of 0.55 would allow 24.
    expect(textPlace(boxed, view())?.fontPx).toBe(16);
    expect(textPlace(boxed, view({ zoom: 0.5 }))?.fontPx).toBe(12);
    expect(textPlace(boxed, view({ zoom: 40 }))?.fontPx).toBe(20);
  });

  it("is nowhere for a text without box and anchor, or with impossible ones", () => {
    expect(textPlace({ ...boxed, box: undefined }, view())).toBeUndefined();
    const box = { topLeft: { x: Number.NaN, y: 0 }, bottomRight: { x: 1, y: 1 } };
    expect(textPlace({ ...boxed, box }, view())).toBeUndefined();
  });
});
