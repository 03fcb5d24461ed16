import type { PixelMask } from "#core/pixels/pixel-mask.ts";
import type { PixelShares } from "./frame-planes.ts";
import { Resampler } from "./resample.ts";
import type { Sampling } from "./sampling.ts";

/** What a mask does to the canvas pixels of a view: it is the same for all frames that share the mask. */
export interface MaskCover {
  /** 1 for the pixels of the frame that are not masked, 0 for others. */
  readonly openPixels: PixelShares;
  /** Which part of the averaged pixels of the image is not masked; `Float32Array` of the covered rectangle. */
  readonly open: Float32Array<ArrayBuffer>;
  /** Which part of a canvas pixel shows the mask. */
  readonly masked: Float32Array<ArrayBuffer>;
  /** Red, green, blue of the mask, 0 to 255, times that part. */
  readonly colors: Float32Array<ArrayBuffer>;
}

/** The cover of a mask in a view. */
export function maskCover(mask: PixelMask, sampling: Sampling): MaskCover {
  const openPixels = mask.entries.map((entry) => (entry === 0 ? 1 : 0));
  const sharp = maskSampling(sampling);
  return {
    openPixels,
    open: averages(openPixels, sampling, 1),
    masked: averages(
      openPixels.map((share) => 1 - share),
      sharp,
      1,
    ),
    colors: averages(colorPlane(mask), sharp, 3),
  };
}

/** Pixels of a mask are squares: along an axis on which they are not reduced, a canvas pixel shows the one below it. */
function maskSampling(sampling: Sampling): Sampling {
  const size = (footprint: number): number => (footprint > 1 ? footprint : 0);
  return {
    ...sampling,
    footprintX: size(sampling.footprintX),
    footprintY: size(sampling.footprintY),
  };
}

function averages(
  samples: Uint8Array<ArrayBuffer>,
  sampling: Sampling,
  channels: 1 | 3,
): Float32Array<ArrayBuffer> {
  const resampler = new Resampler(sampling, channels);
  const values = resampler.room();
  resampler.resample({ samples, channels, base: 0 }, values);
  return values;
}

function colorPlane({ entries, colors }: PixelMask): Uint8Array<ArrayBuffer> {
  const plane = new Uint8Array(entries.length * 3);
  entries.forEach((entry, at) => {
    if (entry === 0) return;
    for (let channel = 0; channel < 3; channel += 1)
      plane[at * 3 + channel] = colors[(entry - 1) * 3 + channel] ?? 0;
  });
  return plane;
}
