import type { Picture } from "./encode-png.ts";

/** A rectangle of a picture, in pixels. */
export interface Region {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The part of a picture inside a region, which is clipped to the picture. */
export function cropPicture(picture: Picture, region: Region): Picture {
  const { samplesPerPixel: spp } = picture;
  const x = clamp(Math.floor(region.x), 0, picture.width - 1);
  const y = clamp(Math.floor(region.y), 0, picture.height - 1);
  const width = clamp(Math.round(region.width), 1, picture.width - x);
  const height = clamp(Math.round(region.height), 1, picture.height - y);
  const samples = new Uint8Array(width * height * spp);
  for (let row = 0; row < height; row += 1) {
    const from = ((y + row) * picture.width + x) * spp;
    samples.set(picture.samples.subarray(from, from + width * spp), row * width * spp);
  }
  return { width, height, samplesPerPixel: spp, samples };
}

/** The picture at another size: the mean of what falls into a pixel where it gets smaller, linear between pixels else. */
export function scalePicture(picture: Picture, width: number, height: number): Picture {
  const { samplesPerPixel: spp } = picture;
  const across = weights(picture.width, width);
  const down = weights(picture.height, height);
  const wide = new Float32Array(width * picture.height * spp);
  for (let row = 0; row < picture.height; row += 1) {
    blend(
      across,
      spp,
      (from, sample) => picture.samples[(row * picture.width + from) * spp + sample] ?? 0,
      (to, sample, value) => {
        wide[(row * width + to) * spp + sample] = value;
      },
    );
  }
  const samples = new Uint8Array(width * height * spp);
  for (let column = 0; column < width; column += 1) {
    blend(
      down,
      spp,
      (from, sample) => wide[(from * width + column) * spp + sample] ?? 0,
      (to, sample, value) => {
        samples[(to * width + column) * spp + sample] = Math.floor(value + 0.5);
      },
    );
  }
  return { width, height, samplesPerPixel: spp, samples };
}

/** What one pixel of the target is made of: a run of pixels of the origin with their shares, which sum up to 1. */
interface PixelWeights {
  readonly first: number;
  readonly shares: readonly number[];
}

function weights(from: number, to: number): readonly PixelWeights[] {
  const step = from / to;
  return Array.from({ length: to }, (_, index) =>
    step >= 1
      ? meanOf(index * step, Math.min((index + 1) * step, from), from)
      : between((index + 0.5) * step - 0.5, from),
  );
}

function meanOf(start: number, end: number, count: number): PixelWeights {
  const first = Math.min(Math.floor(start), count - 1);
  const last = Math.min(Math.ceil(end), count);
  const shares = Array.from(
    { length: Math.max(last - first, 1) },
    (_, index) =>
      Math.max(Math.min(first + index + 1, end) - Math.max(first + index, start), 0) /
      (end - start),
  );
  return { first, shares };
}

function between(position: number, count: number): PixelWeights {
  const at = clamp(position, 0, count - 1);
  const first = Math.min(Math.floor(at), Math.max(count - 2, 0));
  const share = at - first;
  return { first, shares: count === 1 ? [1] : [1 - share, share] };
}

function blend(
  targets: readonly PixelWeights[],
  samplesPerPixel: number,
  read: (from: number, sample: number) => number,
  write: (to: number, sample: number, value: number) => void,
): void {
  for (const [to, { first, shares }] of targets.entries()) {
    for (let sample = 0; sample < samplesPerPixel; sample += 1) {
      let value = 0;
      for (const [index, share] of shares.entries()) value += share * read(first + index, sample);
      write(to, sample, value);
    }
  }
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}
