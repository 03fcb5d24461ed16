import fc from "fast-check";
import type { ColourTransform } from "#core/pixels/colour-transform.ts";
import type { DecodedFrame, SampleMeaning, Samples } from "#core/pixels/decoded-frame.ts";
import type { DisplayPipeline } from "#core/pixels/display-pipeline.ts";
import type { LookupTable } from "#core/pixels/lookup-table.ts";
import type { ModalityLut } from "#core/pixels/modality-lut.ts";
import type { Palette } from "#core/pixels/palette.ts";
import type { PixelMask } from "#core/pixels/pixel-mask.ts";
import type { VoiLut } from "#core/pixels/voi-lut.ts";
import { frameOf } from "./test-pictures.ts";

/** A small frame and how it is displayed. */
export interface AnyPicture {
  readonly frame: DecodedFrame;
  readonly display: DisplayPipeline;
}

/** A kind of samples: what they mean, the smallest and the largest of them, and their array. */
interface Kind {
  readonly meaning: SampleMeaning;
  readonly low: number;
  readonly high: number;
  readonly make: (values: readonly number[]) => Samples;
}

const KINDS: readonly Kind[] = [
  { meaning: "monochrome", low: 0, high: 255, make: (values) => Uint8Array.from(values) },
  { meaning: "monochrome", low: -128, high: 127, make: (values) => Int8Array.from(values) },
  { meaning: "monochrome", low: 0, high: 65_535, make: (values) => Uint16Array.from(values) },
  { meaning: "monochrome", low: -2048, high: 2047, make: (values) => Int16Array.from(values) },
  { meaning: "monochrome", low: 4e9, high: 4e9 + 999, make: (values) => Uint32Array.from(values) },
  { meaning: "monochrome", low: -2e9, high: -1e9, make: (values) => Int32Array.from(values) },
  { meaning: "monochrome", low: -99, high: 99, make: (values) => Float32Array.from(values, third) },
  { meaning: "monochrome", low: -99, high: 99, make: (values) => Float64Array.from(values, third) },
  { meaning: "palette", low: 0, high: 255, make: (values) => Uint8Array.from(values) },
  { meaning: "palette", low: -200, high: 200, make: (values) => Int16Array.from(values) },
  { meaning: "rgb", low: 0, high: 255, make: (values) => Uint8Array.from(values) },
  { meaning: "rgb", low: 0, high: 65_535, make: (values) => Uint16Array.from(values) },
];

/** Frames of every kind, each with any pipeline that they can have. */
export const anyPicture: fc.Arbitrary<AnyPicture> = fc
  .record({
    kind: fc.constantFrom(...KINDS),
    rows: fc.integer({ min: 1, max: 12 }),
    columns: fc.integer({ min: 1, max: 12 }),
  })
  .chain(({ kind, rows, columns }) =>
    fc.record({ frame: anyFrame(kind, rows, columns), display: anyDisplay(kind, rows, columns) }),
  );

function anyFrame(kind: Kind, rows: number, columns: number): fc.Arbitrary<DecodedFrame> {
  const { meaning, low, high, make } = kind;
  const count = rows * columns * (meaning === "rgb" ? 3 : 1);
  return numbers(low, high, count).map((values) => frameOf(make(values), columns, { meaning }));
}

function anyDisplay(kind: Kind, rows: number, columns: number): fc.Arbitrary<DisplayPipeline> {
  const { low, high } = kind;
  return fc
    .record(
      {
        modality: anyModality(kind),
        voi: anyVoi(low, high),
        inverted: fc.boolean(),
        padding: fc.integer({ min: low, max: high }).map((first) => ({ first, last: first + 9 })),
        palette: anyPalette(low),
        presentationLut: gentleTable(0),
        supplementalPalette: anyPalette(low),
        pseudoColor: gentlePalette,
        colourTransform: anyCube,
        mask: anyMask(rows, columns),
      },
      { requiredKeys: ["modality", "voi", "inverted"] },
    )
    .map(({ supplementalPalette, ...others }) =>
      // A palette is for whole numbers.
      supplementalPalette === undefined || !isInteger(kind)
        ? others
        : { ...others, supplementalPalette },
    );
}

function isInteger({ make }: Kind): boolean {
  const samples = make([]);
  return !(samples instanceof Float32Array || samples instanceof Float64Array);
}

function anyModality(kind: Kind): fc.Arbitrary<ModalityLut> {
  const identity = fc.constant({ kind: "identity" as const });
  const rescale = fc.record({
    kind: fc.constant("rescale" as const),
    slope: fc.constantFrom(1, 2, 0.5, -1, -0.25),
    intercept: fc.integer({ min: -50, max: 50 }),
  });
  const table = gentleTable(kind.low).map((lut) => ({ kind: "lut" as const, lut }));
  return isInteger(kind) ? fc.oneof(identity, rescale, table) : fc.oneof(identity, rescale);
}

function anyVoi(low: number, high: number): fc.Arbitrary<VoiLut> {
  const anyWindow = fc.record({
    kind: fc.constant("window" as const),
    windowCenter: fc.integer({ min: low, max: high }),
    windowWidth: fc.integer({ min: 1, max: high - low }),
    function: fc.constantFrom("LINEAR", "LINEAR_EXACT", "SIGMOID"),
    explanation: fc.constant(""),
  });
  const table = gentleTable(low).map((lut) => ({ kind: "lut" as const, lut, explanation: "" }));
  return fc.oneof(anyWindow, table);
}

/** Tables that rise by less than a level of the screen from entry to entry: one entry apart is one level apart. */
function gentleTable(firstMapped: number): fc.Arbitrary<LookupTable> {
  return fc.integer({ min: 300, max: 3000 }).map((count) => ({
    firstMapped,
    bits: 16,
    entries: Uint16Array.from({ length: count }, (_, index) => (65_535 * index) / (count - 1)),
  }));
}

const gentlePalette: fc.Arbitrary<Palette> = fc.integer({ min: 300, max: 999 }).map((count) => ({
  firstMapped: 3,
  colors: Uint8Array.from({ length: count * 3 }, (_, at) => {
    const level = (255 * Math.floor(at / 3)) / (count - 1);
    return at % 3 === 1 ? 255 - level : level;
  }),
}));

function anyPalette(low: number): fc.Arbitrary<Palette> {
  return fc
    .record({ skipped: fc.integer({ min: -9, max: 99 }), count: fc.integer({ min: 1, max: 40 }) })
    .chain(({ skipped, count }) =>
      anyColors(count).map((colors) => ({ firstMapped: low + skipped, colors })),
    );
}

function anyMask(rows: number, columns: number): fc.Arbitrary<PixelMask> {
  return fc.integer({ min: 1, max: 4 }).chain((count) =>
    fc.record({
      rows: fc.constant(rows),
      columns: fc.constant(columns),
      entries: numbers(0, count, rows * columns).map((entries) => Uint8Array.from(entries)),
      colors: anyColors(count),
    }),
  );
}

/** A cube of few points, gentle enough that what is a level apart stays about that. */
const anyCube: fc.Arbitrary<ColourTransform> = fc
  .record({ points: fc.integer({ min: 2, max: 7 }), order: fc.constantFrom(0, 1, 2) })
  .map(({ points, order }) => ({
    points,
    colors: Uint8Array.from({ length: points ** 3 * 3 }, (_, at) => {
      const place = Math.floor(at / 3 / points ** ((at + order) % 3)) % points;
      return 20 + (200 * place) / (points - 1);
    }),
  }));

function anyColors(count: number): fc.Arbitrary<Uint8Array<ArrayBuffer>> {
  return numbers(0, 255, count * 3).map((colors) => Uint8Array.from(colors));
}

function numbers(low: number, high: number, count: number): fc.Arbitrary<number[]> {
  return fc.array(fc.integer({ min: low, max: high }), { minLength: count, maxLength: count });
}

function third(value: number): number {
  return value / 3;
}
