import { describe, expect, it } from "vitest";
import { mapPoint } from "../geometry/view-transform.ts";
import {
  areaOf,
  displayToImage,
  imageToScreen,
  type PresentedPlace,
  posed,
  shownSize,
} from "./presentation-area.ts";
import type { SpatialTransformation } from "./presentation-state.ts";

const SIZE = { mode: "SCALE TO FIT" } as const;

function transformation(
  quarterTurns: SpatialTransformation["quarterTurns"],
  isFlipped: boolean,
): SpatialTransformation {
  return { quarterTurns, isFlipped };
}

describe("the displayed area", () => {
  it("holds both corner pixels, which are counted from 1", () => {
    // Pixel 11 lies between 10 and 11 of image space, pixel 30 between 29 and 30.
    const area = { topLeft: [11, 21], bottomRight: [30, 40], size: SIZE } as const;
    expect(areaOf({ ...area, pixelAspect: 1 })).toEqual({
      left: 10,
      top: 20,
      right: 30,
      bottom: 40,
    });
  });

  it("is the same when its corners are those of the turned image, and may reach beyond the image", () => {
    const turned = { topLeft: [30, 40], bottomRight: [-3, 0], size: SIZE } as const;
    expect(areaOf({ ...turned, pixelAspect: 1 })).toEqual({
      left: -4,
      top: -1,
      right: 30,
      bottom: 40,
    });
  });
});

describe("the spatial transformation", () => {
  const area = { left: 0, top: 0, right: 40, bottom: 20 };

  /** Where the middle of the first row's end and the last row's begin come to lie, from the middle of the screen. */
  const corners = (quarterTurns: 0 | 1 | 2 | 3, isFlipped: boolean) => {
    const place = { area, transformation: transformation(quarterTurns, isFlipped), pixelAspect: 1 };
    const map = imageToScreen(place);
    const from = (x: number, y: number) => {
      const { x: across, y: down } = mapPoint(map, { x: x - 20, y: y - 10 });
      return [across || 0, down || 0];
    };
    return { topRight: from(40, 0), bottomLeft: from(0, 20) };
  };

  it("turns clockwise: at 90 degrees the end of the first row is at the bottom right", () => {
    expect(corners(0, false)).toEqual({ topRight: [20, -10], bottomLeft: [-20, 10] });
    expect(corners(1, false)).toEqual({ topRight: [10, 20], bottomLeft: [-10, -20] });
    expect(corners(2, false)).toEqual({ topRight: [-20, 10], bottomLeft: [20, -10] });
    expect(corners(3, false)).toEqual({ topRight: [-10, -20], bottomLeft: [10, 20] });
  });

  it("flips from left to right after the turn, so that only the horizontal place changes", () => {
    expect(corners(0, true)).toEqual({ topRight: [-20, -10], bottomLeft: [20, 10] });
    expect(corners(1, true)).toEqual({ topRight: [-10, 20], bottomLeft: [10, -20] });
    expect(corners(2, true)).toEqual({ topRight: [20, 10], bottomLeft: [-20, -10] });
    expect(corners(3, true)).toEqual({ topRight: [10, -20], bottomLeft: [-10, 20] });
  });

  it("is a flip of the rows for a view, which flips first, when the image lies on its side", () => {
    expect(posed(transformation(2, true))).toMatchObject({
      flipHorizontal: true,
      flipVertical: false,
    });
    expect(posed(transformation(1, true))).toMatchObject({
      flipHorizontal: false,
      flipVertical: true,
    });
  });
});

describe("DISPLAY units", () => {
  const area = { left: 100, top: 200, right: 300, bottom: 240 };
  const at = (place: PresentedPlace, x: number, y: number) =>
    mapPoint(displayToImage(place), { x, y });

  it("are fractions of the displayed area, from its upper left corner on the screen", () => {
    const upright = { area, transformation: transformation(0, false), pixelAspect: 1 };
    expect(at(upright, 0, 0)).toEqual({ x: 100, y: 200 });
    expect(at(upright, 1, 1)).toEqual({ x: 300, y: 240 });
    expect(at(upright, 0.25, 0.5)).toEqual({ x: 150, y: 220 });
  });

  it("begin where the turn has brought the upper left corner: at 90 degrees the lower left one of the image", () => {
    const turned = { area, transformation: transformation(1, false), pixelAspect: 1 };
    expect(shownSize(turned)).toEqual([40, 200]);
    expect(at(turned, 0, 0)).toEqual({ x: 100, y: 240 });
    // Across the screen goes up in the image, down the screen goes to the right.
    expect(at(turned, 1, 0)).toEqual({ x: 100, y: 200 });
    expect(at(turned, 0, 1)).toEqual({ x: 300, y: 240 });
  });

  it("begin at the right edge of a flipped image, and know pixels that are not square", () => {
    const flipped = { area, transformation: transformation(0, true), pixelAspect: 2 };
    expect(shownSize(flipped)).toEqual([200, 80]);
    expect(at(flipped, 0, 0)).toEqual({ x: 300, y: 200 });
    expect(at(flipped, 0.5, 1)).toEqual({ x: 200, y: 240 });
  });
});
