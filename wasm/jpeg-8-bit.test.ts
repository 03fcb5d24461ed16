import { describe, expect, it } from "vitest";
import { DicomError } from "#core/dicom/dicom-error.ts";
import { imagePixel } from "#core/pixels/test-image-pixel.ts";
import { nodeCodecs } from "../proxy/decode/node-codecs.ts";
import { JpegDctDecoder } from "./jpeg-dct.ts";
import { readJpegHeader } from "./jpeg-header.ts";
import { kernelsOf } from "./kernel-module.ts";
import {
  type DctComponent,
  type DctJpegOptions,
  encodeDctJpeg,
} from "./testing/dct-jpeg-encoder.ts";
import { inverseDct } from "./testing/reference-inverse-dct.ts";

const decoder = new JpegDctDecoder(nodeCodecs);
const size = { rows: 21, columns: 37, precision: 8 } as const;
const processes = ["sequential", "progressive"] as const;

/** A picture of 8 bits with slopes, texture and an edge. */
function picture(row: number, column: number): number {
  const slope = 20 + row * 2 + column * 3;
  const texture = 30 * Math.sin(row * 1.3) * Math.cos(column * 0.9);
  return Math.round(Math.min(255, Math.max(0, slope + texture + (column > 20 ? 60 : 0))));
}

const gray: DctComponent = { horizontal: 1, vertical: 1, sample: picture };
const flat = (value: number, horizontal = 1, vertical = 1): DctComponent => ({
  horizontal,
  vertical,
  sample: () => value,
});

function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) / 2 ** 24;
  };
}

function factsOf(options: DctJpegOptions, photometricInterpretation?: "RGB") {
  const isColour = options.components.length === 3;
  return imagePixel({
    rows: options.rows,
    columns: options.columns,
    samplesPerPixel: isColour ? 3 : 1,
    photometricInterpretation:
      photometricInterpretation ?? (isColour ? "YBR_FULL_422" : "MONOCHROME2"),
  });
}

async function decode(encoded: Uint8Array<ArrayBuffer>, facts: ReturnType<typeof factsOf>) {
  return await decoder.decode(encoded, readJpegHeader(encoded), facts);
}

async function samplesOf(
  options: DctJpegOptions,
  photometricInterpretation?: "RGB",
): Promise<readonly number[]> {
  const facts = factsOf(options, photometricInterpretation);
  return [...(await decode(encodeDctJpeg(options), facts)).samples];
}

async function outcomeOf(
  encoded: Uint8Array<ArrayBuffer>,
  facts: ReturnType<typeof factsOf>,
): Promise<string> {
  try {
    await decode(encoded, facts);
    return "ok";
  } catch (error) {
    if (error instanceof DicomError && error.cause === undefined) return error.code;
    throw error;
  }
}

/** An image of 5 x 4 blocks of these coefficients, zigzag, and what the reference makes of it. */
function blocksOf(coefficient: (k: number) => number, step: number) {
  const [across, down] = [5, 4];
  const blocks = Array.from({ length: across * down }, () =>
    Array.from({ length: 64 }, (_, k) => coefficient(k)),
  );
  const samples = blocks.map((block) => inverseDct(block.map((value) => value * step)));
  const component = {
    ...gray,
    coefficients: (row: number, column: number) => blocks[row * across + column] ?? [],
  };
  const expected = Array.from({ length: across * down * 64 }, (_, at) => {
    const [row, column] = [Math.floor(at / (across * 8)), at % (across * 8)];
    const block = samples[(row >> 3) * across + (column >> 3)];
    return block?.[(row & 7) * 8 + (column & 7)];
  });
  const options = { rows: down * 8, columns: across * 8, precision: 8, step } as const;
  return { options: { ...options, components: [component] }, expected };
}

describe.each(processes)("JpegDctDecoder of 8 bits, %s", (process) => {
  it.each<[string, number, (k: number, random: () => number) => number]>([
    ["nothing but a mean", 3, (k, random) => (k === 0 ? Math.round(random() * 600 - 300) : 0)],
    ["a few low frequencies", 2, (k, random) => (k < 10 ? Math.round(random() * 200 - 100) : 0)],
    ["single frequencies", 1, (_k, random) => (random() < 0.05 ? 300 : 0)],
    ["all frequencies", 1, (_k, random) => Math.round(random() * 200 - 100)],
    [
      "coarse steps",
      255,
      (k, random) => (random() < 9 / (k + 9) ? Math.round(random() * 6 - 3) : 0),
    ],
    ["sums that overrun 16 bits", 17, (_k, random) => Math.round(random() * 2000 - 1000)],
    ["products that overrun 16 bits", 300, (k, random) => (k < 3 ? Math.round(random() * 900) : 0)],
    // 255 x 257 = 2^16 - 1
    ["products that 16 bits take for small ones", 257, (k) => (k === 1 ? 255 : 0)],
    ["steps of 16 bits", 40_000, (k, random) => (k < 5 ? Math.round(random() * 2 - 1) : 0)],
  ])("makes of blocks with %s what the reference makes", async (_name, step, coefficient) => {
    const random = randomNumbers(7);
    const { options, expected } = blocksOf((k) => coefficient(k, random), step);
    expect(await samplesOf({ ...options, process })).toEqual(expected);
  });

  it("gives back a picture of odd size within what rounding leaves, whatever the restart interval", async () => {
    const options = { ...size, components: [gray], process };
    const samples = await samplesOf(options);
    const off = samples.map((value, at) => Math.abs(value - picture(Math.floor(at / 37), at % 37)));
    expect(samples).toHaveLength(21 * 37);
    expect(Math.max(...off)).toBeLessThanOrEqual(2);
    for (const restartInterval of [1, 3, 4, 100])
      expect(await samplesOf({ ...options, restartInterval })).toEqual(samples);
  });

  it.each([
    ["4:4:4", 1, 1],
    ["4:2:2", 2, 1],
    ["4:2:0", 2, 2],
    ["4:4:0", 1, 2],
    ["4:1:1", 4, 1],
    ["4:1:0", 4, 2],
  ])("decodes colour of %s to RGB", async (_name, horizontal, vertical) => {
    const components = [flat(128, horizontal, vertical), flat(78), flat(178)];
    const samples = await samplesOf({ ...size, components, process, restartInterval: 2 });
    // R = Y + 1.402 (Cr - 128), G = Y - 0.34414 (Cb - 128) - 0.71414 (Cr - 128), B = Y + 1.772 (Cb - 128)
    expect(samples).toHaveLength(21 * 37 * 3);
    expect(new Set(samples)).toEqual(new Set([198, 110, 39]));
  });
});

describe("JpegDctDecoder of 8 bits", () => {
  it("turns every YCbCr into the RGB of the reference library", async () => {
    // A flat block has one colour: coefficient 8 x (value - 128) gives the value.
    const side = 16;
    const of = (value: (block: number) => number): DctComponent => ({
      ...gray,
      coefficients: (row, column) =>
        Array.from({ length: 64 }, (_, k) =>
          k === 0 ? 8 * (value(row * side + column) - 128) : 0,
        ),
    });
    for (const y of [0, 77, 128, 255]) {
      const components = [of(() => y), of((block) => block), of((block) => (block * 37) & 255)];
      const options = { rows: side * 8, columns: side * 8, precision: 8, components } as const;
      const samples = await samplesOf(options);
      const colours = Array.from({ length: side * side }, (_, block) => {
        const at = (Math.floor(block / side) * 8 * side * 8 + (block % side) * 8) * 3;
        return samples.slice(at, at + 3);
      });
      expect(colours).toEqual(colours.map((_, block) => rgbOf(y, block, (block * 37) & 255)));
    }
  });

  it.each([
    // (3 x 100 + 102 + 2) >> 2 and (3 x 102 + 100 + 1) >> 2
    ["4:2:2", 2, 1, [100, 101, 101, 102]],
    // (12 x 100 + 4 x 102 + 7) >> 4 and (12 x 102 + 4 x 100 + 8) >> 4
    ["4:2:0", 2, 2, [100, 100, 102, 102]],
    ["4:1:1, which is not filtered", 4, 1, [100, 100, 100, 100, 102, 102]],
  ])(
    "rounds halves down and up in turn at the edges of %s",
    async (_name, across, down, expected) => {
      const edge = { ...gray, sample: (_row: number, column: number) => (column < 8 ? 100 : 102) };
      const components = [flat(10, across, down), flat(10), edge];
      const options = { rows: 16, columns: 16 * across, precision: 8, components } as const;
      const third = (await samplesOf(options, "RGB")).filter((_, at) => at % 3 === 2);
      const start = across === 4 ? 28 : 14;
      expect(third.slice(start, start + expected.length)).toEqual(expected);
    },
  );

  it("fills in rows between those of 4:4:0", async () => {
    const edge = { ...gray, sample: (row: number) => (row < 4 ? 100 : 102) };
    const components = [flat(10, 1, 2), flat(10), edge];
    const options = { rows: 16, columns: 8, precision: 8, components } as const;
    const samples = await samplesOf(options, "RGB");
    const third = Array.from({ length: 16 }, (_, row) => samples[row * 24 + 2]);
    // (3 x 100 + 102 + 2) >> 2 below the row, (3 x 102 + 100 + 1) >> 2 above it
    expect(third.slice(5, 11)).toEqual([100, 100, 101, 101, 102, 102]);
  });

  it("decodes components in scans of their own", async () => {
    const components = [{ ...gray, horizontal: 2, vertical: 2 }, flat(128), gray];
    const options = { ...size, components };
    expect(await samplesOf({ ...options, order: "scans" })).toEqual(await samplesOf(options));
  });

  it("tells the range, and that it is lossy", async () => {
    const options = { ...size, components: [flat(100)] };
    const result = await decode(encodeDctJpeg(options), factsOf(options));
    expect(result).toMatchObject({ fidelity: "lossy", range: { minimum: 100, maximum: 100 } });
  });
});

describe.each(processes)("an 8-bit JPEG, %s, that is damaged", (process) => {
  const components = [{ ...gray, horizontal: 2, vertical: 2 }, gray, gray];
  const options = { ...size, components, restartInterval: 2, process };
  const facts = factsOf(options);
  const encoded = encodeDctJpeg(options);

  it("is refused wherever it is cut, but for its end marker", async () => {
    for (let length = 0; length < encoded.length - 2; length += 7)
      for (const end of [[], [0xff, 0xd9]]) {
        const cut = new Uint8Array([...encoded.slice(0, length), ...end]);
        const code = await outcomeOf(cut, facts);
        expect(["truncated", "codec-failure"], `${length} bytes`).toContain(code);
      }
  });

  it("is shown with a remark for a few bytes behind its samples, and refused for many", async () => {
    const good = await decode(encoded, facts);
    const withStray = (count: number) =>
      new Uint8Array([...encoded.slice(0, -2), ...new Uint8Array(count).fill(0x5a), 0xff, 0xd9]);
    const stray = await decode(withStray(3), facts);
    expect(stray.samples).toEqual(good.samples);
    expect(stray.deviations.map(({ code }) => code)).toEqual(["stray-bytes"]);
    expect(good.deviations).toEqual([]);
    expect(await outcomeOf(withStray(64), facts)).toBe("codec-failure");
  });

  it("gives samples or a DicomError, whatever is changed in it, and memory stays as large as it was", async () => {
    const kernels = kernelsOf(nodeCodecs);
    const good = await decode(encoded, facts);
    const random = randomNumbers(99);
    for (let round = 0; round < 1000; round += 1) {
      const mutated = encoded.slice();
      for (let change = random() * 6; change >= 0; change -= 1)
        mutated[Math.floor(random() * mutated.length)] = Math.floor(random() * 256);
      const started = performance.now();
      expect(["ok", "codec-failure", "truncated", "unsupported-transfer-syntax"]).toContain(
        await outcomeOf(mutated, facts),
      );
      expect(performance.now() - started).toBeLessThan(1000);
    }
    await decode(encoded, facts);
    const before = (await kernels.prepare()).HEAPU8.length;
    for (let round = 0; round < 300; round += 1) await decode(encoded, facts);
    for (let round = 0; round < 300; round += 1) await outcomeOf(encoded.slice(0, 900), facts);
    expect((await decode(encoded, facts)).samples).toEqual(good.samples);
    expect((await kernels.prepare()).HEAPU8.length).toBe(before);
  });
});

/** The whole numbers of the reference library for the formulas of T.871 section 7. */
function rgbOf(y: number, cb: number, cr: number): readonly number[] {
  const fixed = (factor: number) => Math.round(factor * 65_536);
  const limit = (value: number) => Math.min(255, Math.max(0, value));
  const [blue, red] = [cb - 128, cr - 128];
  return [
    limit(y + ((fixed(1.402) * red + 32_768) >> 16)),
    limit(y + ((-fixed(0.34414) * blue - fixed(0.71414) * red + 32_768) >> 16)),
    limit(y + ((fixed(1.772) * blue + 32_768) >> 16)),
  ];
}
