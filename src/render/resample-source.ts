import type { Samples } from "#core/pixels/decoded-frame.ts";

/** Samples of an image to average: row-major, `channels` per pixel, interleaved. */
export interface ResampleSource {
  readonly samples: Samples;
  readonly channels: 1 | 3;
  /** Taken off every sample. */
  readonly base: number;
  /** The value of a sample, NaN for one that takes no part; absent when samples are values themselves. */
  readonly toValue?: ((sample: number) => number) | undefined;
}
