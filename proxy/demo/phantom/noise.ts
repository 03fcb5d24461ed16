import { nearlyGaussian, seededRandom } from "./random.ts";

/** A smooth random function of space: mean 0, about -1 to 1, features about one lattice unit wide. */
export type Noise3 = (x: number, y: number, z: number) => number;

const SIZE = 32;
const MASK = SIZE - 1;

/** Value noise on a lattice of 32³ that repeats; the lattice unit is 1. */
export function latticeNoise(seed: number): Noise3 {
  const random = seededRandom(seed);
  const values = Float32Array.from({ length: SIZE ** 3 }, () => random() * 2 - 1);
  const at = (x: number, y: number, z: number) =>
    values[((z & MASK) * SIZE + (y & MASK)) * SIZE + (x & MASK)] ?? 0;
  return (x, y, z) => {
    const x0 = Math.floor(x);
    const y0 = Math.floor(y);
    const z0 = Math.floor(z);
    const u = fade(x - x0);
    const v = fade(y - y0);
    const w = fade(z - z0);
    const near = lerp(
      lerp(at(x0, y0, z0), at(x0 + 1, y0, z0), u),
      lerp(at(x0, y0 + 1, z0), at(x0 + 1, y0 + 1, z0), u),
      v,
    );
    const far = lerp(
      lerp(at(x0, y0, z0 + 1), at(x0 + 1, y0, z0 + 1), u),
      lerp(at(x0, y0 + 1, z0 + 1), at(x0 + 1, y0 + 1, z0 + 1), u),
      v,
    );
    return lerp(near, far, w);
  };
}

/**
 * Noise of a scanner: `size` x `size` samples (a power of two), row-major, that repeat at the borders, mean 0 and deviation 1.
 * `sigmaX` and `sigmaY` say how far neighbours resemble one another, in samples; `sharpness` from 0 to 1 takes
 * the coarse part away, which leaves the grain of a reconstruction filter.
 */
export function noiseTile(
  seed: number,
  size: number,
  sigmaX: number,
  sigmaY: number,
  sharpness: number,
): Float32Array {
  const random = seededRandom(seed);
  const white = Float32Array.from({ length: size * size }, () => nearlyGaussian(random));
  const fine = blurPeriodic(white, size, sigmaX, sigmaY);
  const coarse = blurPeriodic(fine, size, sigmaX * 2.5 + 0.8, sigmaY * 2.5 + 0.8);
  const tile = fine.map((value, at) => value - sharpness * (coarse[at] ?? 0));
  let power = 0;
  for (const value of tile) power += value * value;
  const gain = 1 / Math.sqrt(power / tile.length);
  return tile.map((value) => value * gain);
}

/** A square image blurred as if it repeated at its borders; `size` is a power of two. */
function blurPeriodic(
  image: Float32Array,
  size: number,
  sigmaX: number,
  sigmaY: number,
): Float32Array {
  const half = convolvePeriodic(image, size, sigmaX, 1, size);
  return convolvePeriodic(half, size, sigmaY, size, 1);
}

/** Convolves lines whose samples are `step` apart and which are `stride` apart from one another. */
function convolvePeriodic(
  image: Float32Array,
  size: number,
  sigma: number,
  step: number,
  stride: number,
): Float32Array {
  const kernel = gaussianKernel(sigma);
  const first = kernel[0]?.[0] ?? 0;
  const weights = Float64Array.from(kernel, ([, weight]) => weight);
  const result = new Float32Array(image.length);
  for (let line = 0; line < size; line++) {
    for (let at = 0; at < size; at++) {
      let sum = 0;
      for (let tap = 0; tap < weights.length; tap++) {
        const other = (at + tap + first) & (size - 1);
        sum += (weights[tap] ?? 0) * (image[line * stride + other * step] ?? 0);
      }
      result[line * stride + at * step] = sum;
    }
  }
  return result;
}

/** Offsets and weights of a Gaussian, weights of sum 1; a sigma near 0 leaves the centre alone. */
export function gaussianKernel(sigma: number): readonly (readonly [number, number])[] {
  if (sigma < 0.15) return [[0, 1]];
  const reach = Math.ceil(sigma * 2.6);
  const weights = Array.from({ length: 2 * reach + 1 }, (_, at) =>
    Math.exp(-((at - reach) ** 2) / (2 * sigma * sigma)),
  );
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight, at) => [at - reach, weight / sum]);
}

function fade(t: number): number {
  return t * t * (3 - 2 * t);
}

function lerp(a: number, b: number, t: number): number {
  return a + (b - a) * t;
}
