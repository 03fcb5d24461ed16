import type { Samples } from "./decoded-frame.ts";
import type { PixelPadding } from "./image-pixel.ts";

/** The smallest and largest of the samples, in stored values. */
export interface SampleRange {
  readonly minimum: number;
  readonly maximum: number;
}

/** Range of the samples; padding, NaN and infinities are left out. 0 and 0 where nothing is left. */
export function sampleRange(samples: Samples, padding?: PixelPadding): SampleRange {
  const isFloat = samples instanceof Float32Array || samples instanceof Float64Array;
  const range =
    padding === undefined && !isFloat ? wholeRange(samples) : pickedRange(samples, padding);
  return range.minimum <= range.maximum ? range : { minimum: 0, maximum: 0 };
}

// Loops count, as iterators over typed arrays take six times as long.
function wholeRange(samples: Samples): SampleRange {
  let minimum = Number.POSITIVE_INFINITY;
  let maximum = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < samples.length; at += 1) {
    const value = samples[at] ?? 0;
    if (value < minimum) minimum = value;
    if (value > maximum) maximum = value;
  }
  return { minimum, maximum };
}

function pickedRange(samples: Samples, padding: PixelPadding | undefined): SampleRange {
  const first = padding?.first ?? Number.POSITIVE_INFINITY;
  const last = padding?.last ?? Number.NEGATIVE_INFINITY;
  let minimum = Number.POSITIVE_INFINITY;
  let maximum = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < samples.length; at += 1) {
    const value = samples[at] ?? 0;
    // The difference is NaN for NaN and the infinities.
    if ((value >= first && value <= last) || value - value !== 0) continue;
    if (value < minimum) minimum = value;
    if (value > maximum) maximum = value;
  }
  return { minimum, maximum };
}
