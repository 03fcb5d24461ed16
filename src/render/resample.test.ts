import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fitView, type ViewTransform } from "#core/geometry/view-transform.ts";
import { Resampler } from "./resample.ts";
import type { ResampleSource } from "./resample-source.ts";
import { LEAST_KEPT_SHARE, type Sampling, samplingOf } from "./sampling.ts";

const COLUMNS = 9;
const ROWS = 7;
const PADDING = -1000;

const anyView: fc.Arbitrary<ViewTransform> = fc
  .record({
    zoom: fc.double({ min: 0.2, max: 6, noNaN: true }),
    panX: fc.double({ min: -9, max: 9, noNaN: true }),
    panY: fc.double({ min: -9, max: 9, noNaN: true }),
    quarterTurns: fc.constantFrom(0, 1, 2, 3),
    flipHorizontal: fc.boolean(),
    flipVertical: fc.boolean(),
    pixelAspect: fc.constantFrom(1, 1.6, 0.7),
  })
  .map((facts) => ({
    ...fitView({ canvasWidth: 31, canvasHeight: 23, columns: COLUMNS, rows: ROWS, pixelAspect: 1 }),
    ...facts,
  }));

const anySamples = (channels: number, least: number): fc.Arbitrary<Int16Array<ArrayBuffer>> =>
  fc
    .array(fc.oneof(fc.integer({ min: least, max: 900 }), fc.constant(least)), {
      minLength: COLUMNS * ROWS * channels,
      maxLength: COLUMNS * ROWS * channels,
    })
    .map((values) => Int16Array.from(values));

/** The mean of the values over the rectangle below a canvas pixel, straight from its definition. */
function meanBelow(
  { samples, channels }: ResampleSource,
  { toImage, footprintX, footprintY }: Sampling,
  x: number,
  y: number,
  channel: number,
): number {
  const atX = toImage.a * (x + 0.5) + toImage.c * (y + 0.5) + toImage.e;
  const atY = toImage.b * (x + 0.5) + toImage.d * (y + 0.5) + toImage.f;
  let [sum, kept, total] = [0, 0, 0];
  for (let row = 0; row < ROWS; row += 1)
    for (let column = 0; column < COLUMNS; column += 1) {
      const area = overlap(column, atX, footprintX) * overlap(row, atY, footprintY);
      const value = samples[(row * COLUMNS + column) * channels + channel] ?? 0;
      total += area;
      if (value === PADDING) continue;
      kept += area;
      sum += area * value;
    }
  return kept < LEAST_KEPT_SHARE * total ? Number.NaN : sum / kept;
}

function overlap(pixel: number, centre: number, size: number): number {
  return Math.max(Math.min(pixel + 1, centre + size / 2) - Math.max(pixel, centre - size / 2), 0);
}

function expectMeans(source: ResampleSource, view: ViewTransform): void {
  const sampling = samplingOf(view);
  const resampler = new Resampler(sampling, source.channels);
  const values = resampler.room();
  // The second of two pictures shows nothing of the first.
  resampler.resample({ ...source, samples: source.samples.map(() => PADDING) }, values);
  resampler.resample(source, values);
  let at = 0;
  for (let y = 0; y < sampling.height; y += 1)
    for (let x = 0; x < sampling.width; x += 1)
      for (let channel = 0; channel < source.channels; channel += 1, at += 1) {
        const expected = meanBelow(source, sampling, x, y, channel);
        if (Number.isNaN(expected)) expect(values[at]).toBeNaN();
        else expect(Math.abs((values[at] ?? Number.NaN) - expected)).toBeLessThan(0.02);
      }
}

describe("resampling", () => {
  it("gives the mean of the values below each canvas pixel, enlarged and reduced, turned and flipped", () => {
    fc.assert(
      fc.property(anyView, anySamples(1, -900), (view, samples) => {
        expectMeans({ samples, channels: 1, base: 0 }, view);
      }),
    );
  });

  it("keeps colours apart", () => {
    fc.assert(
      fc.property(anyView, anySamples(3, 0), (view, samples) => {
        expectMeans({ samples, channels: 3, base: 0 }, view);
      }),
      { numRuns: 40 },
    );
  });

  it("leaves padding out of every mean", () => {
    const toValue = (sample: number): number => (sample === PADDING ? Number.NaN : sample);
    fc.assert(
      fc.property(anyView, anySamples(1, PADDING), (view, samples) => {
        expectMeans({ samples, channels: 1, base: 0, toValue }, view);
      }),
    );
  });
});
