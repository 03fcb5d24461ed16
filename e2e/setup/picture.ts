import { decode } from "fast-png";

/** A picture as 8-bit red, green and blue, row-major. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** Three bytes per pixel. */
  readonly rgb: Uint8Array;
}

/** Reads an 8-bit PNG: grey, colour, with or without opacity. */
export function readPicture(png: Uint8Array): Picture {
  const { width, height, channels, data } = decode(png);
  const colours = channels < 3 ? 1 : 3;
  const rgb = new Uint8Array(width * height * 3);
  for (let pixel = 0; pixel < width * height; pixel += 1)
    for (let colour = 0; colour < 3; colour += 1)
      rgb[pixel * 3 + colour] = data[pixel * channels + (colour % colours)] ?? 0;
  return { width, height, rgb };
}

/** The lightest value of a picture, 0 to 255. */
export function lightest({ rgb }: Picture): number {
  return rgb.reduce((most, value) => Math.max(most, value), 0);
}

/**
 * The largest difference in any colour between a picture and a larger one in whose middle it stands; the middle may
 * be off by a pixel, as sizes may be odd.
 */
export function differenceFromMiddle(inner: Picture, outer: Picture): number {
  const left = Math.floor((outer.width - inner.width) / 2);
  const top = Math.floor((outer.height - inner.height) / 2);
  const shifts = [-1, 0, 1].flatMap((x) => [-1, 0, 1].map((y) => ({ x: left + x, y: top + y })));
  return Math.min(...shifts.map((at) => differenceAt(inner, outer, at)));
}

function differenceAt(inner: Picture, outer: Picture, at: { x: number; y: number }): number {
  let most = 0;
  for (let y = 0; y < inner.height; y += 1) {
    const outerRow = ((at.y + y) * outer.width + at.x) * 3;
    const innerRow = y * inner.width * 3;
    for (let i = 0; i < inner.width * 3; i += 1) {
      const difference = Math.abs((inner.rgb[innerRow + i] ?? 0) - (outer.rgb[outerRow + i] ?? 0));
      if (difference > most) most = difference;
    }
  }
  return most;
}
