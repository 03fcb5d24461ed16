import { gaussianKernel } from "./noise.ts";

/**
 * A plane of samples that solids are painted on: row-major `Float32Array`, pixel centres at
 * `originX + column * spacingX`, `originY + row * spacingY`, mm in patient space (x to the left, y to the back).
 */
export class Raster {
  readonly columns: number;
  readonly rows: number;
  readonly originX: number;
  readonly originY: number;
  readonly spacingX: number;
  readonly spacingY: number;
  readonly samples: Float32Array;

  constructor(grid: RasterGrid) {
    this.columns = grid.columns;
    this.rows = grid.rows;
    this.originX = grid.originX;
    this.originY = grid.originY;
    this.spacingX = grid.spacingX;
    this.spacingY = grid.spacingY;
    this.samples = new Float32Array(grid.columns * grid.rows);
  }

  /**
   * Paints what lies where `distance` (mm, negative inside) is below 0, within a box in mm; edges are as soft as
   * a pixel is wide. `value` may vary in space.
   */
  paint(box: Box, distance: Distance2, value: number | Distance2): void {
    const { samples, columns, originX, originY, spacingX, spacingY } = this;
    const valueAt = typeof value === "number" ? () => value : value;
    const bounds = this.pixels(box);
    const softness = 1 / this.softnessMm;
    for (let row = bounds.firstRow; row <= bounds.lastRow; row++) {
      const y = originY + row * spacingY;
      for (let column = bounds.firstColumn; column <= bounds.lastColumn; column++) {
        const x = originX + column * spacingX;
        const cover = 0.5 - distance(x, y) * softness;
        if (cover <= 0) continue;
        const at = row * columns + column;
        const before = samples[at] ?? 0;
        samples[at] = cover >= 1 ? valueAt(x, y) : before + (valueAt(x, y) - before) * cover;
      }
    }
  }

  /** Like `paint`, by a share of at most `strength`, and never darker than before. */
  lighten(box: Box, distance: Distance2, value: number, strength: number): void {
    const { samples, columns, originX, originY, spacingX, spacingY } = this;
    const bounds = this.pixels(box);
    const softness = 1 / this.softnessMm;
    for (let row = bounds.firstRow; row <= bounds.lastRow; row++) {
      const y = originY + row * spacingY;
      for (let column = bounds.firstColumn; column <= bounds.lastColumn; column++) {
        const cover = 0.5 - distance(originX + column * spacingX, y) * softness;
        if (cover <= 0) continue;
        const at = row * columns + column;
        const before = samples[at] ?? 0;
        const after = before + (value - before) * Math.min(1, cover) * strength;
        if (after > before) samples[at] = after;
      }
    }
  }

  /** Width of an edge, mm. */
  get softnessMm(): number {
    return Math.max(this.spacingX, this.spacingY) * 1.1;
  }

  /** The pixels of a box in mm, clipped to the raster. */
  pixels(box: Box): PixelBounds {
    const margin = this.softnessMm;
    return {
      firstColumn: Math.max(0, Math.ceil((box.left - margin - this.originX) / this.spacingX)),
      lastColumn: Math.min(
        this.columns - 1,
        Math.floor((box.right + margin - this.originX) / this.spacingX),
      ),
      firstRow: Math.max(0, Math.ceil((box.top - margin - this.originY) / this.spacingY)),
      lastRow: Math.min(
        this.rows - 1,
        Math.floor((box.bottom + margin - this.originY) / this.spacingY),
      ),
    };
  }
}

/** Size and place of a raster. */
export interface RasterGrid {
  readonly columns: number;
  readonly rows: number;
  readonly originX: number;
  readonly originY: number;
  readonly spacingX: number;
  readonly spacingY: number;
}

/** A rectangle in mm; top is the smaller y. */
export interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** A function of a place in a plane, mm. */
export type Distance2 = (x: number, y: number) => number;

/** Columns and rows, both ends included. */
export interface PixelBounds {
  readonly firstColumn: number;
  readonly lastColumn: number;
  readonly firstRow: number;
  readonly lastRow: number;
}

/** The square box around a centre. */
export function boxAround(x: number, y: number, reachX: number, reachY = reachX): Box {
  return { left: x - reachX, right: x + reachX, top: y - reachY, bottom: y + reachY };
}

/** A row-major image blurred by a Gaussian of `sigma` samples; beyond its border it goes on unchanged. */
export function blur(image: Float32Array, columns: number, sigma: number): Float32Array {
  const rows = image.length / columns;
  const kernel = gaussianKernel(sigma);
  const half = convolve(image, kernel, columns, rows, 1, columns);
  return convolve(half, kernel, rows, columns, columns, 1);
}

/** Convolves `lines` lines of `length` samples, `step` apart within a line, `stride` between lines. */
function convolve(
  image: Float32Array,
  kernel: readonly (readonly [number, number])[],
  length: number,
  lines: number,
  step: number,
  stride: number,
): Float32Array {
  const result = new Float32Array(image.length);
  const weights = Float64Array.from(kernel, ([, weight]) => weight);
  const reach = (weights.length - 1) / 2;
  const padded = new Float64Array(length + 2 * reach);
  for (let line = 0; line < lines; line++) {
    const start = line * stride;
    for (let at = 0; at < length; at++) padded[at + reach] = image[start + at * step] ?? 0;
    padded.fill(padded[reach] ?? 0, 0, reach);
    padded.fill(padded[length + reach - 1] ?? 0, length + reach);
    for (let at = 0; at < length; at++) {
      let sum = 0;
      for (let tap = 0; tap < weights.length; tap++)
        sum += (weights[tap] ?? 0) * (padded[at + tap] ?? 0);
      result[start + at * step] = sum;
    }
  }
  return result;
}
