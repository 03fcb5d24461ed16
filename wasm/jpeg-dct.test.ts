import { describe, expect, it } from "vitest";
import { DicomError } from "#core/dicom/dicom-error.ts";
import { transferSyntaxOf } from "#core/dicom/transfer-syntax.ts";
import type { ImagePixel } from "#core/pixels/image-pixel.ts";
import { imagePixel } from "#core/pixels/test-image-pixel.ts";
import { nodeCodecs } from "../proxy/decode/node-codecs.ts";
import type { CodecResult } from "./frame-decoder.ts";
import { JpegDecoder } from "./jpeg.ts";
import { JpegDctDecoder } from "./jpeg-dct.ts";
import { readJpegHeader } from "./jpeg-header.ts";
import { kernelsOf } from "./kernel-module.ts";
import {
  type DctComponent,
  type DctJpegOptions,
  encodeDctJpeg,
} from "./testing/dct-jpeg-encoder.ts";

const decoder = new JpegDctDecoder(nodeCodecs);
const size = { rows: 21, columns: 37 };

/** A picture of 12 bits with slopes, texture and an edge. */
function picture(row: number, column: number): number {
  const slope = 300 + row * 40 + column * 55;
  const texture = 250 * Math.sin(row * 1.3) * Math.cos(column * 0.9);
  return Math.round(Math.min(4095, Math.max(0, slope + texture + (column > 20 ? 900 : 0))));
}

const gray: DctComponent = { horizontal: 1, vertical: 1, sample: picture };
const flat = (value: number, horizontal = 1, vertical = 1): DctComponent => ({
  horizontal,
  vertical,
  sample: () => value,
});

function factsOf(options: DctJpegOptions, facts: Partial<ImagePixel> = {}): ImagePixel {
  const isColour = options.components.length === 3;
  return imagePixel({
    rows: options.rows,
    columns: options.columns,
    samplesPerPixel: isColour ? 3 : 1,
    photometricInterpretation: isColour ? "YBR_FULL_422" : "MONOCHROME2",
    bitsAllocated: 16,
    bitsStored: 12,
    highBit: 11,
    ...facts,
  });
}

async function decode(encoded: Uint8Array<ArrayBuffer>, facts: ImagePixel): Promise<CodecResult> {
  return await decoder.decode(encoded, readJpegHeader(encoded), facts);
}

async function samplesOf(
  options: DctJpegOptions,
  facts: Partial<ImagePixel> = {},
): Promise<readonly number[]> {
  return [...(await decode(encodeDctJpeg(options), factsOf(options, facts))).samples];
}

/** What becomes of a stream: `ok`, or the code of the DicomError; a trap is thrown on. */
async function outcomeOf(encoded: Uint8Array<ArrayBuffer>, facts: ImagePixel): Promise<string> {
  try {
    await decode(encoded, facts);
    return "ok";
  } catch (error) {
    if (error instanceof DicomError && error.cause === undefined) return error.code;
    throw error;
  }
}

/** How far gray samples are from the picture at most. */
function furthest(samples: readonly number[], columns: number): number {
  return Math.max(
    ...samples.map((value, at) =>
      Math.abs(value - picture(Math.floor(at / columns), at % columns)),
    ),
  );
}

const processes = ["sequential", "progressive"] as const;

describe.each(processes)("JpegDctDecoder of 12 bits, %s", (process) => {
  it("gives back the picture within what rounding of coefficients leaves", async () => {
    const samples = await samplesOf({ ...size, components: [gray], process });
    expect(samples).toHaveLength(21 * 37);
    expect(furthest(samples, 37)).toBeLessThanOrEqual(2);
  });

  it("multiplies coefficients with steps of 16 bits", async () => {
    const samples = await samplesOf({
      rows: 8,
      columns: 8,
      components: [flat(3048)],
      step: 1000,
      process,
    });
    expect(new Set(samples)).toEqual(new Set([3048]));
  });

  it("holds samples within 0 and 4095", async () => {
    const edges = {
      ...gray,
      sample: (_row: number, column: number) => (column % 2 === 0 ? 0 : 4095),
    };
    const samples = await samplesOf({
      rows: 16,
      columns: 16,
      components: [edges],
      step: 300,
      process,
    });
    expect([Math.min(...samples), Math.max(...samples)]).toEqual([0, 4095]);
  });

  it.each([1, 3, 4, 100])(
    "starts anew after each restart interval of %i MCUs",
    async (restartInterval) => {
      const options = { ...size, components: [gray], process };
      expect(await samplesOf({ ...options, restartInterval })).toEqual(await samplesOf(options));
    },
  );

  it.each([
    ["4:4:4", 1, 1],
    ["4:2:2", 2, 1],
    ["4:2:0", 2, 2],
    ["4:4:0", 1, 2],
    ["4:1:1", 4, 1],
  ])("decodes colour of %s to RGB", async (_name, horizontal, vertical) => {
    const luma = flat(2048, horizontal, vertical);
    const components = [luma, flat(1848), flat(2348)];
    const samples = await samplesOf({ ...size, components, process, restartInterval: 2 });
    // R = Y + 1.402 (Cr - 2048), G = Y - 0.34414 (Cb - 2048) - 0.71414 (Cr - 2048), B = Y + 1.772 (Cb - 2048)
    expect(samples).toHaveLength(21 * 37 * 3);
    expect(new Set(samples)).toEqual(new Set([2469, 1903, 1694]));
  });
});

describe("JpegDctDecoder of 12 bits", () => {
  it("decodes components in scans of their own, which have no blocks beyond the image", async () => {
    const components = [{ ...gray, horizontal: 2, vertical: 2 }, flat(2048), flat(2048)];
    const options = { ...size, components };
    expect(await samplesOf({ ...options, order: "scans" })).toEqual(await samplesOf(options));
  });

  it("leaves RGB as it is where the header and the stream agree on it", async () => {
    const components = [flat(100), flat(2000), flat(4000)];
    const samples = await samplesOf({ ...size, components }, { photometricInterpretation: "RGB" });
    expect(samples.slice(0, 3)).toEqual([100, 2000, 4000]);
  });

  it("fills in chroma between its samples by thirds and quarters", async () => {
    const chroma = { ...gray, sample: (_row: number, column: number) => 2048 + column * 100 };
    const components = [flat(2048, 2, 1), flat(2048), chroma];
    const samples = await samplesOf({ rows: 8, columns: 16, components });
    const red = samples.filter((_, at) => at % 3 === 0).slice(0, 16);
    const cr = red.map((value) => Math.round((value - 2048) / 1.402));
    // Each column of chroma is two of the image: 3/4 of its own, 1/4 of the next one on that side.
    expect(cr).toEqual([
      0, 25, 75, 125, 175, 225, 275, 325, 375, 425, 475, 525, 575, 625, 675, 700,
    ]);
  });

  it.each([
    // (3 x 2048 + 2050 + 2) >> 2 and (3 x 2050 + 2048 + 1) >> 2
    ["4:2:2", 1, [2048, 2049, 2049, 2050]],
    // (12 x 2048 + 4 x 2050 + 7) >> 4 and (12 x 2050 + 4 x 2048 + 8) >> 4
    ["4:2:0", 2, [2048, 2048, 2050, 2050]],
  ])("rounds halves down and up in turn at the edges of %s", async (_name, vertical, expected) => {
    const edge = { ...gray, sample: (_row: number, column: number) => (column < 8 ? 2048 : 2050) };
    const components = [flat(100, 2, vertical), flat(100), edge];
    const options = { rows: 16, columns: 32, components };
    const samples = await samplesOf(options, { photometricInterpretation: "RGB" });
    const third = samples.filter((_, at) => at % 3 === 2);
    expect(third.slice(14, 18)).toEqual(expected);
  });

  it("reads a gray image whose sampling factors are not 1", async () => {
    const odd = { ...gray, horizontal: 2, vertical: 2 };
    expect(await samplesOf({ ...size, components: [odd] })).toEqual(
      await samplesOf({ ...size, components: [gray] }),
    );
  });

  it("tells the range, and that it is lossy", async () => {
    const encoded = encodeDctJpeg({ ...size, components: [flat(1000)] });
    const result = await decode(encoded, factsOf({ ...size, components: [gray] }));
    expect(result).toMatchObject({ fidelity: "lossy", range: { minimum: 1000, maximum: 1000 } });
  });

  it("is chosen by the frame header, whatever the transfer syntax says", async () => {
    const options = { ...size, components: [gray], frameHeader: 0xc0 };
    const baseline = transferSyntaxOf("1.2.840.10008.1.2.4.50");
    if (baseline === undefined) throw new Error("JPEG Baseline is not known");
    const jpeg = new JpegDecoder(nodeCodecs);
    const result = await jpeg.decode(encodeDctJpeg(options), factsOf(options), baseline);
    expect(furthest([...result.samples], 37)).toBeLessThanOrEqual(2);
    expect(result.deviations).toMatchObject([{ code: "other-jpeg-process" }]);
  });
});

describe("a progressive JPEG of 12 bits", () => {
  const options = { ...size, components: [gray], process: "progressive" } as const;
  const encoded = encodeDctJpeg(options);
  const lastScan = encoded.findLastIndex((byte, at) => byte === 0xff && encoded[at + 1] === 0xda);
  const repeated = (times: number) =>
    new Uint8Array([
      ...encoded.slice(0, lastScan),
      ...Array.from({ length: times }, () => [...encoded.slice(lastScan, -2)]).flat(),
      0xff,
      0xd9,
    ]);

  it.each([
    [2, "ok"],
    [200, "limit-exceeded"],
  ])("that gives its last scan %i times is: %s", async (times, expected) => {
    expect(await outcomeOf(repeated(times), factsOf(options))).toBe(expected);
  });
});

describe("a progressive JPEG of 12 bits that lacks scans", () => {
  const options = { ...size, components: [gray], process: "progressive" } as const;
  const encoded = encodeDctJpeg(options);
  const scans = [...encoded].flatMap((byte, at) =>
    byte === 0xff && encoded[at + 1] === 0xda ? [at] : [],
  );

  it.each([1, 2, 3, 4])("is refused with %i of its 5 scans and an end marker", async (count) => {
    const cut = new Uint8Array([...encoded.slice(0, scans[count]), 0xff, 0xd9]);
    expect(await outcomeOf(cut, factsOf(options))).toBe("truncated");
  });
});

describe.each(processes)("a 12-bit JPEG, %s, that is damaged or lies", (process) => {
  const options = { ...size, components: [gray], restartInterval: 4, process };
  const facts = factsOf(options);
  const encoded = encodeDctJpeg(options);
  const placeOf = (marker: number) =>
    encoded.findIndex((byte, at) => byte === 0xff && encoded[at + 1] === marker);
  const frameHeaderAt = () => placeOf(process === "sequential" ? 0xc1 : 0xc2);

  it("is refused wherever it is cut, but for its end marker", async () => {
    for (let length = 0; length < encoded.length - 2; length += 3) {
      const code = await outcomeOf(encoded.slice(0, length), facts).catch(String);
      expect(["truncated", "codec-failure"], `${length} bytes`).toContain(code);
    }
  });

  it.each([
    ["restart markers out of turn", () => placeOf(0xd1) + 1, 0xd5],
    ["Huffman tables that are not there", () => placeOf(0xda) + 6, 0x33],
    ["a quantization table that is not there", () => frameHeaderAt() + 12, 3],
  ])("is refused for %s", async (_name, place, value) => {
    const changed = encoded.slice();
    changed[place()] = value;
    expect(await outcomeOf(changed, facts)).toBe("codec-failure");
  });

  it("needs its end marker only where scans may be missing", async () => {
    const expected = process === "sequential" ? "ok" : "truncated";
    expect(await outcomeOf(encoded.slice(0, -2), facts)).toBe(expected);
  });

  it("gives samples or a DicomError, whatever is changed in it", async () => {
    let seed = 99;
    const random = (below: number) => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
      return (seed >>> 8) % below;
    };
    for (let round = 0; round < 1000; round += 1) {
      const mutated = encoded.slice();
      for (let change = random(6); change >= 0; change -= 1)
        mutated[random(mutated.length)] = random(256);
      const started = performance.now();
      expect(["ok", "codec-failure", "truncated", "unsupported-transfer-syntax"]).toContain(
        await outcomeOf(mutated, facts),
      );
      expect(performance.now() - started).toBeLessThan(1000);
    }
  });

  it("leaves memory as large as it was over 1,000 frames and 300 failures", async () => {
    const kernels = kernelsOf(nodeCodecs);
    await decode(encoded, facts);
    const before = (await kernels.prepare()).HEAPU8.length;
    for (let round = 0; round < 1000; round += 1) await decode(encoded, facts);
    for (let round = 0; round < 300; round += 1) await outcomeOf(encoded.slice(0, 900), facts);
    await decode(encoded, facts);
    expect((await kernels.prepare()).HEAPU8.length).toBe(before);
  });
});
