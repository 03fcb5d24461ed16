import { decode } from "fast-png";
import { describe, expect, it } from "vitest";
import { encodePng } from "./encode-png.ts";
import { cropPicture, scalePicture } from "./scale-picture.ts";

const grey = {
  width: 3,
  height: 2,
  samplesPerPixel: 1,
  samples: Uint8Array.of(0, 100, 255, 7, 8, 9),
} as const;

describe("a rendered picture", () => {
  it.each([
    ["grey", grey],
    [
      "colour",
      {
        width: 1,
        height: 2,
        samplesPerPixel: 3,
        samples: Uint8Array.of(1, 2, 3, 250, 0, 9),
      } as const,
    ],
  ])("is read back from its PNG: %s", async (_kind, picture) => {
    const png = decode(await encodePng(picture));
    expect([png.width, png.height, png.channels]).toEqual([
      picture.width,
      picture.height,
      picture.samplesPerPixel,
    ]);
    expect([...png.data]).toEqual([...picture.samples]);
  });

  it("gets smaller by the mean of what falls together, and keeps even areas as they are", () => {
    const row = {
      width: 4,
      height: 1,
      samplesPerPixel: 1,
      samples: Uint8Array.of(0, 100, 50, 50),
    } as const;
    expect([...scalePicture(row, 2, 1).samples]).toEqual([50, 50]);
    const even = {
      width: 5,
      height: 5,
      samplesPerPixel: 1,
      samples: new Uint8Array(25).fill(77),
    } as const;
    for (const side of [1, 2, 3, 7, 20]) {
      expect(new Set(scalePicture(even, side, side).samples)).toEqual(new Set([77]));
    }
  });

  it("gets larger without inventing brighter or darker pixels", () => {
    const { samples } = scalePicture(grey, 30, 20);
    expect(Math.min(...samples)).toBe(0);
    expect(Math.max(...samples)).toBe(255);
  });

  it("is cut to a region, which is clipped to it", () => {
    const cut = cropPicture(grey, { x: 1, y: 1, width: 99, height: 99 });
    expect([cut.width, cut.height, ...cut.samples]).toEqual([2, 1, 8, 9]);
  });
});
