import type { Samples } from "./decoded-frame.ts";
import type { PixelPadding } from "./image-pixel.ts";

/** The smallest and largest of the samples, in stored values. */
export interface SampleRange {
  readonly minimum: number;
  readonly maximum: number;
}

/** Range of the samples; padding and NaN are left out. 0 and 0 where nothing is left. */
export function sampleRange(samples: Samples, padding?: PixelPadding): SampleRange {
  const range = padding === undefined ? wholeRange(samples) : unpaddedRange(samples, padding);
  return range.minimum <= range.maximum ? range : { minimum: 0, maximum: 0 };
}

function wholeRange(samples: Samples): SampleRange {
  let minimum = Number.POSITIVE_INFINITY;
  let maximum = Number.NEGATIVE_INFINITY;
  for (const value of samples) {
    if (value < minimum) minimum = value;
    if (value > maximum) maximum = value;
  }
  return { minimum, maximum };
}

function unpaddedRange(samples: Samples, { first, last }: PixelPadding): SampleRange {
  let minimum = Number.POSITIVE_INFINITY;
  let maximum = Number.NEGATIVE_INFINITY;
  for (const value of samples) {
    if (value >= first && value <= last) continue;
    if (value < minimum) minimum = value;
    if (value > maximum) maximum = value;
  }
  return { minimum, maximum };
}
