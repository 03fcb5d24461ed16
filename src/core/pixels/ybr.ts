import type { Samples } from "./decoded-frame.ts";
import type { ImagePixel } from "./image-pixel.ts";

/** Arrays of unsigned colour samples. */
export type ColourSamples =
  | Uint8Array<ArrayBuffer>
  | Uint16Array<ArrayBuffer>
  | Uint32Array<ArrayBuffer>;

/** Whether the samples are of a type that colour can have. */
export function isColourSamples(samples: Samples): samples is ColourSamples {
  return (
    samples instanceof Uint8Array ||
    samples instanceof Uint16Array ||
    samples instanceof Uint32Array
  );
}

/** Turns interleaved samples of the header's YBR into RGB, in place. RGB stays as it is. */
export function ybrToRgb(
  samples: ColourSamples,
  { photometricInterpretation }: Pick<ImagePixel, "photometricInterpretation">,
  bitsStored: number,
): void {
  switch (photometricInterpretation) {
    case "YBR_FULL":
    case "YBR_FULL_422":
      ybrFullToRgb(samples, bitsStored);
      return;
    case "YBR_PARTIAL_422":
    case "YBR_PARTIAL_420":
      ybrPartialToRgb(samples, bitsStored);
      return;
    default:
      return;
  }
}

/**
 * Turns interleaved YBR_FULL samples into RGB, in place (PS3.3 C.7.6.3.1.2). The inverse of
 * `Y = .2990 R + .5870 G + .1140 B` and its chroma, with `c` = 2^(bitsStored-1):
 *
 *     R = Y + 1.402 (Cr - c)
 *     G = Y - (0.114 x 1.772 (Cb - c) + 0.299 x 1.402 (Cr - c)) / 0.587
 *     B = Y + 1.772 (Cb - c)
 *
 * in exact arithmetic, rounded to the nearest and held within 0 to 2^bitsStored - 1.
 */
function ybrFullToRgb(samples: ColourSamples, bitsStored: number): void {
  const centre = 2 ** (bitsStored - 1);
  const top = 2 ** bitsStored - 1;
  for (let at = 0; at + 2 < samples.length; at += 3) {
    const y = samples[at] ?? 0;
    const cb = (samples[at + 1] ?? 0) - centre;
    const cr = (samples[at + 2] ?? 0) - centre;
    samples[at] = clamp(Math.floor((1000 * y + 1402 * cr + 500) / 1000), top);
    samples[at + 1] = clamp(
      Math.floor((587_000 * y - 202_008 * cb - 419_198 * cr + 293_500) / 587_000),
      top,
    );
    samples[at + 2] = clamp(Math.floor((1000 * y + 1772 * cb + 500) / 1000), top);
  }
}

/**
 * Turns interleaved YBR_PARTIAL samples into RGB, in place (PS3.3-2016 C.7.6.3.1.2, retired; ITU-R BT.601): as
 * YBR_FULL, but black is 16 and white 235 of 255, and chroma reaches from 16 to 240. With `s` = 2^(bitsStored-8),
 * Y' = 255 (Y - 16 s) / 219 and C' = 255 (C - 128 s) / 224.
 */
function ybrPartialToRgb(samples: ColourSamples, bitsStored: number): void {
  const scale = 2 ** (bitsStored - 8);
  const top = 2 ** bitsStored - 1;
  for (let at = 0; at + 2 < samples.length; at += 3) {
    const y = (255 * ((samples[at] ?? 0) - 16 * scale)) / 219;
    const cb = (255 * ((samples[at + 1] ?? 0) - 128 * scale)) / 224;
    const cr = (255 * ((samples[at + 2] ?? 0) - 128 * scale)) / 224;
    samples[at] = clamp(Math.floor(y + 1.402 * cr + 0.5), top);
    samples[at + 1] = clamp(Math.floor(y - (0.202008 * cb + 0.419198 * cr) / 0.587 + 0.5), top);
    samples[at + 2] = clamp(Math.floor(y + 1.772 * cb + 0.5), top);
  }
}

/**
 * Samples of two pixels with one chroma (`Y1 Y2 Cb Cr` for each two pixels of a row, PS3.3 C.7.6.3.1.2) as
 * interleaved ones: both pixels take the chroma of the first, where it was sampled.
 */
export function expandYbr422<T extends ColourSamples>(packed: T, full: T): T {
  for (let from = 0, to = 0; to < full.length; from += 4, to += 6) {
    const cb = packed[from + 2] ?? 0;
    const cr = packed[from + 3] ?? 0;
    full[to] = packed[from] ?? 0;
    full[to + 1] = cb;
    full[to + 2] = cr;
    if (to + 3 >= full.length) break;
    full[to + 3] = packed[from + 1] ?? 0;
    full[to + 4] = cb;
    full[to + 5] = cr;
  }
  return full;
}

function clamp(value: number, top: number): number {
  return value < 0 ? 0 : Math.min(value, top);
}
