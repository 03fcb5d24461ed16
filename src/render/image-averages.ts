import type { FramePlanes } from "./frame-planes.ts";
import type { PlaneAverager } from "./plane-averager.ts";
import { LEAST_KEPT_SHARE } from "./sampling.ts";

type Numbers = Float32Array<ArrayBuffer>;

/** The image in each canvas pixel of a view, masked pixels and padding left out. */
export interface ImageAverages {
  /** Means of the grey pixels; where `colorShare` is absent, NaN where there is only padding. */
  readonly greys?: Numbers;
  /** Means of the coloured pixels, red, green, blue. */
  readonly colors?: Numbers;
  /** Of images with pixels of both kinds: which part is coloured, 0 to 1; NaN where there is only padding. */
  readonly colorShare?: Numbers;
}

/** Shares below this are what single precision leaves of nothing. */
const NOTHING = 1e-5;

/**
 * The averages of planes; good until the averager is used again.
 * @param open which part of each canvas pixel no mask covers, if there is one
 */
export function imageAverages(
  { grey, color }: FramePlanes,
  averager: PlaneAverager,
  open: Numbers | undefined,
): ImageAverages {
  const greys = grey && averager.average("grey", grey.values, 1);
  const greyShare = grey?.shares && averager.average("grey share", grey.shares, 1);
  const colors = color && averager.average("color", color.values, 3);
  const colorShare = color?.shares && averager.average("color share", color.shares, 1);
  if (greys === undefined) {
    if (colors === undefined) return {};
    divide(colors, colorShare ?? open, 3);
    return { colors };
  }
  divide(greys, greyShare ?? open, 1);
  if (colors === undefined) {
    if (greyShare !== undefined) leaveOut(greys, greyShare, open);
    return { greys };
  }
  divide(colors, colorShare ?? open, 3);
  return { greys, colors, colorShare: partOf(colorShare, greyShare, open) };
}

/** Makes sums means. */
function divide(sums: Numbers, shares: Numbers | undefined, channels: 1 | 3): void {
  if (shares === undefined) return;
  for (let at = 0, sum = 0; at < shares.length; at += 1) {
    const share = shares[at] ?? 0;
    const factor = share < NOTHING ? 0 : 1 / share;
    for (let channel = 0; channel < channels; channel += 1, sum += 1)
      sums[sum] = (sums[sum] ?? 0) * factor;
  }
}

/** Sets NaN where padding makes up half of the image or more. */
function leaveOut(means: Numbers, kept: Numbers, open: Numbers | undefined): void {
  for (let at = 0; at < means.length; at += 1) {
    const share = kept[at] ?? 0;
    if (share < NOTHING || share < LEAST_KEPT_SHARE * (open?.[at] ?? 1)) means[at] = Number.NaN;
  }
}

function partOf(
  color: Numbers | undefined,
  grey: Numbers | undefined,
  open: Numbers | undefined,
): Numbers {
  const parts = new Float32Array(color?.length ?? 0);
  for (let at = 0; at < parts.length; at += 1) parts[at] = color?.[at] ?? 0;
  const kept = parts.map((part, at) => part + (grey?.[at] ?? 0));
  for (let at = 0; at < parts.length; at += 1) parts[at] = (parts[at] ?? 0) / (kept[at] ?? 0);
  leaveOut(parts, kept, open);
  return parts;
}
