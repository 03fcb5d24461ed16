import { noiseTile } from "../phantom/noise.ts";
import { seededRandom } from "../phantom/random.ts";
import { blur, type Raster } from "../phantom/raster.ts";
import { clamp } from "../phantom/solids.ts";
import type { PolarGrid } from "./chest-plane.ts";

/** A reconstruction filter: how sharp it is and how much of the noise it lets through. */
export interface Kernel {
  /** Blur of the anatomy, pixels, then how much of the fine detail is added back. */
  readonly blurPixels: number;
  readonly sharpening: number;
  /** Deviation of the noise in the middle of the body, Hounsfield units. */
  readonly noiseHu: number;
  readonly noise: NoiseTiles;
}

interface NoiseTiles {
  readonly grain: () => Float32Array;
  readonly streaks: () => Float32Array;
}

const TILE = 256;

export const SOFT_KERNEL: Kernel = {
  blurPixels: 0.62,
  sharpening: 0,
  noiseHu: 11,
  noise: { grain: once(() => noiseTile(71, TILE, 0.85, 0.85, 0.6)), streaks: once(streakTile) },
};

export const LUNG_KERNEL: Kernel = {
  blurPixels: 0,
  sharpening: 0.75,
  noiseHu: 34,
  noise: { grain: once(() => noiseTile(72, TILE, 0.4, 0.4, 0.9)), streaks: once(streakTile) },
};

function streakTile(): Float32Array {
  return noiseTile(73, TILE, 9, 0.7, 0.3);
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/** The painted plane as a scanner shows it: sharpness and noise of the kernel; Hounsfield units, rounded. */
export function reconstruct(
  raster: Raster,
  polar: PolarGrid,
  kernel: Kernel,
  z: number,
  seed: number,
): Int16Array {
  const sharp = filtered(raster, kernel);
  const random = seededRandom(seed);
  const shift = Math.floor(random() * TILE * TILE);
  const grain = kernel.noise.grain();
  const streaks = kernel.noise.streaks();
  const streakGain = 0.25 + 0.9 * clamp((z - 66) / 30, 0, 1);
  const gain = kernel.noiseHu * (1 + 0.45 * clamp((z - 70) / 30, 0, 1));
  const result = new Int16Array(sharp.length);
  const { columns } = raster;
  for (let at = 0; at < sharp.length; at++) {
    const value = sharp[at] ?? 0;
    const row = (at / columns) | 0;
    const column = at - row * columns;
    const tileAt =
      (((row & (TILE - 1)) * TILE + (column & (TILE - 1))) ^ shift) & (TILE * TILE - 1);
    const depth = clamp((205 - (polar.radii[at] ?? 0)) / 120, 0, 1);
    const noise = (grain[tileAt] ?? 0) + (streaks[tileAt] ?? 0) * streakGain;
    const strength = gain * mediumGain(value) * (0.45 + 0.55 * depth);
    result[at] = Math.round(clamp(value + noise * strength, -1024, 3071));
  }
  return result;
}

/** Air and lung let more photons through, and so show less noise. */
function mediumGain(value: number): number {
  if (value < -950) return 0.4;
  return value < -500 ? 0.75 : 1;
}

function filtered({ samples, columns }: Raster, { blurPixels, sharpening }: Kernel): Float32Array {
  if (sharpening === 0) return blur(samples, columns, blurPixels);
  const smooth = blur(samples, columns, 1);
  for (let at = 0; at < smooth.length; at++) {
    const value = samples[at] ?? 0;
    smooth[at] = value + sharpening * (value - (smooth[at] ?? 0));
  }
  return smooth;
}
