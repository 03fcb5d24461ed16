import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DicomError } from "#core/dicom/dicom-error.ts";
import type { ImagePixel } from "#core/pixels/image-pixel.ts";
import { imagePixel } from "#core/pixels/test-image-pixel.ts";
import { nodeCodecs } from "../proxy/decode/node-codecs.ts";
import { CodecLoader } from "./codec-loader.ts";
import { decodeFrame } from "./decode-frame.ts";
import type { CodecResult } from "./frame-decoder.ts";
import { readJpegHeader } from "./jpeg-header.ts";
import { JpegLosslessDecoder } from "./jpeg-lossless.ts";
import { kernelsOf } from "./kernel-module.ts";
import { encodeLosslessJpeg, type LosslessJpegOptions } from "./testing/lossless-jpeg-encoder.ts";

const decoder = new JpegLosslessDecoder(nodeCodecs);
const square = { rows: 9, columns: 13 };

/** Samples with all that a precision has: slopes, noise and both ends. */
function samplesOf({ rows, columns, precision, components = 1 }: LosslessJpegOptions): number[] {
  const top = 2 ** precision - 1;
  return Array.from({ length: rows * columns * components }, (_, at) => {
    const noise = (Math.imul(at + 1, 2_654_435_761) >>> 7) & 0xffff;
    const isEdge = at % 11 === 3;
    return isEdge ? (at % 2) * top : ((at >> 2) + (noise % 5)) & top;
  });
}

function factsOf(options: LosslessJpegOptions, facts: Partial<ImagePixel> = {}): ImagePixel {
  const { rows, columns, precision, components = 1 } = options;
  return imagePixel({
    rows,
    columns,
    samplesPerPixel: components === 3 ? 3 : 1,
    photometricInterpretation: components === 3 ? "RGB" : "MONOCHROME2",
    bitsAllocated: precision > 8 ? 16 : 8,
    bitsStored: precision,
    highBit: precision - 1,
    ...facts,
  });
}

async function decode(encoded: Uint8Array<ArrayBuffer>, facts: ImagePixel): Promise<CodecResult> {
  return await decoder.decode(encoded, readJpegHeader(encoded), facts);
}

async function roundTrip(options: LosslessJpegOptions): Promise<readonly number[]> {
  const encoded = encodeLosslessJpeg(samplesOf(options), options);
  return [...(await decode(encoded, factsOf(options))).samples];
}

/** What becomes of a stream: `ok`, or the code of the DicomError; anything else is thrown on. */
async function outcomeOf(encoded: Uint8Array<ArrayBuffer>, facts: ImagePixel): Promise<string> {
  try {
    await decode(encoded, facts);
    return "ok";
  } catch (error) {
    // A kernel that traps is a defect, though the runtime survives it.
    if (error instanceof DicomError && error.cause === undefined) return error.code;
    throw error;
  }
}

const selections = [1, 2, 3, 4, 5, 6, 7];
const precisions = [2, 3, 7, 8, 9, 12, 15, 16];

describe("JpegLosslessDecoder", () => {
  it.each(selections)(
    "undoes the prediction of selection value %i at every precision",
    async (selection) => {
      for (const precision of precisions) {
        const options = { ...square, precision, selection };
        expect(await roundTrip(options), `${precision} bits`).toEqual(samplesOf(options));
      }
    },
  );

  it.each(selections)(
    "starts anew after restart markers with selection value %i",
    async (selection) => {
      for (const components of [1, 3]) {
        const options = { ...square, precision: 12, selection, components, restartRows: 2 };
        expect(await roundTrip(options), `${components} components`).toEqual(samplesOf(options));
      }
    },
  );

  it.each(selections)(
    "shifts samples up by the point transform with selection value %i",
    async (selection) => {
      for (const [precision, pointTransform] of [
        [16, 4],
        [12, 1],
        [8, 3],
      ] as const) {
        const options = { ...square, precision, selection, pointTransform };
        const kept = samplesOf(options).map((value) => (value >> pointTransform) << pointTransform);
        expect(await roundTrip(options), `${precision} bits`).toEqual(kept);
      }
    },
  );

  it.each(["interleaved", "scans"] as const)("decodes three components, %s", async (order) => {
    for (const precision of [8, 16])
      for (const selection of selections) {
        const options = { ...square, precision, selection, components: 3, order };
        expect(await roundTrip(options), `selection value ${selection}`).toEqual(
          samplesOf(options),
        );
      }
  });

  it("counts restart markers from 0 to 7 and again, in each scan", async () => {
    const options = { rows: 40, columns: 5, precision: 16, components: 3, restartRows: 2 };
    expect(await roundTrip({ ...options, order: "scans" })).toEqual(samplesOf(options));
  });

  it("passes over a restart marker behind the last interval", async () => {
    const options = { ...square, precision: 12, restartRows: 2 };
    const encoded = encodeLosslessJpeg(samplesOf(options), options);
    const trailing = new Uint8Array([...encoded.slice(0, -2), 0xff, 0xd3, 0xff, 0xd9]);
    expect([...(await decode(trailing, factsOf(options))).samples]).toEqual(samplesOf(options));
  });

  it("reads codes of up to 16 bits, and differences of 16 bits", async () => {
    const options = { ...square, precision: 16, codes: "long" } as const;
    const samples = samplesOf(options).map((_, at) => (at % 2 === 0 ? 0 : 32_768));
    const { samples: decoded } = await decode(
      encodeLosslessJpeg(samples, options),
      factsOf(options),
    );
    expect([...decoded]).toEqual(samples);
  });

  it("reads fill bytes before markers", async () => {
    const options = { ...square, precision: 12, fillBytes: 3 };
    expect(await roundTrip(options)).toEqual(samplesOf(options));
  });

  it("reads the number of lines from a DNL segment", async () => {
    const options = { ...square, precision: 12, lines: "dnl" } as const;
    expect(await roundTrip(options)).toEqual(samplesOf(options));
  });

  it("gives back any samples that were encoded", async () => {
    const image = fc.record({
      rows: fc.integer({ min: 1, max: 12 }),
      columns: fc.integer({ min: 1, max: 40 }),
      precision: fc.integer({ min: 2, max: 16 }),
      selection: fc.integer({ min: 1, max: 7 }),
      components: fc.constantFrom(1, 3),
      restartRows: fc.integer({ min: 0, max: 3 }),
      order: fc.constantFrom("interleaved" as const, "scans" as const),
      seed: fc.integer(),
    });
    await fc.assert(
      fc.asyncProperty(image, async ({ seed, ...options }) => {
        const count = options.rows * options.columns * options.components;
        const top = 2 ** options.precision - 1;
        const samples = Array.from(
          { length: count },
          (_, at) => (Math.imul(at + seed, 0x9e37_79b1) >>> 9) & top,
        );
        const encoded = encodeLosslessJpeg(samples, options);
        expect([...(await decode(encoded, factsOf(options))).samples]).toEqual(samples);
      }),
      { numRuns: 150 },
    );
  });
});

describe("the meaning of lossless samples", () => {
  const options = { rows: 1, columns: 4, precision: 16 };
  const words = [0x0fff, 0xf800, 0x0800, 0x07ff];

  it("is two's complement where the header says signed", async () => {
    const facts = factsOf(options, { pixelRepresentation: 1 });
    const { samples, range, isSigned } = await decode(encodeLosslessJpeg(words, options), facts);
    expect([...samples]).toEqual([0x0fff, -2048, 0x0800, 0x07ff]);
    expect([range, isSigned]).toEqual([{ minimum: -2048, maximum: 0x0fff }, true]);
  });

  it("is that of native words where these were encoded whole", async () => {
    const facts = factsOf(options, { pixelRepresentation: 1, bitsStored: 12, highBit: 11 });
    const result = await decode(encodeLosslessJpeg(words, options), facts);
    expect([...result.samples]).toEqual([-1, -2048, -2048, 2047]);
    expect([result.bitsStored, result.deviations]).toEqual([12, []]);
  });

  it("follows High Bit, and tells of bits that belong to nothing", async () => {
    const facts = factsOf(options, { bitsStored: 12, highBit: 15 });
    const result = await decode(encodeLosslessJpeg(words, options), facts);
    expect([...result.samples]).toEqual([0x00ff, 0xf80, 0x080, 0x07f]);
    expect(result.deviations).toMatchObject([{ code: "bits-beyond-stored" }]);
  });

  it("leaves the overlays in unused bits to whom they belong", async () => {
    const facts = factsOf(options, { bitsStored: 12, highBit: 11, embeddedOverlayBits: [12] });
    const result = await decode(encodeLosslessJpeg([0x1001, 2, 0x1003, 4], options), facts);
    expect([...result.samples]).toEqual([1, 2, 3, 4]);
    expect(result.embeddedOverlays).toEqual([{ bit: 12, data: Uint8Array.of(0b0101) }]);
    expect(result.deviations).toEqual([]);
  });

  it("has the depth of the codestream where that is less than the header's", async () => {
    const less = { ...options, precision: 12 };
    const facts = factsOf(less, { pixelRepresentation: 1, bitsStored: 16, highBit: 15 });
    const result = await decode(encodeLosslessJpeg([0xfff, 0x800, 0, 1], less), facts);
    expect([...result.samples]).toEqual([-1, -2048, 0, 1]);
    expect(result.bitsStored).toBe(12);
    expect(result.deviations).toMatchObject([{ code: "bits-stored-mismatch" }]);
  });

  it("has the sign of the header's depth where the words hold zeros above it", async () => {
    const more = { ...options, precision: 12 };
    const facts = factsOf(more, { pixelRepresentation: 1, bitsStored: 10, highBit: 9 });
    const result = await decode(encodeLosslessJpeg([0x3ff, 0x200, 0, 1], more), facts);
    expect([...result.samples]).toEqual([-1, -512, 0, 1]);
  });

  it("is not taken from samples of more bits than stated, unless the header confirms them", async () => {
    const stated = { ...options, precision: 12 };
    const encoded = encodeLosslessJpeg([0xfff0, 0x1000, 0, 1], stated);
    expect(await outcomeOf(encoded, factsOf(stated))).toBe("codec-failure");
    const facts = factsOf(stated, { bitsStored: 16, highBit: 15 });
    expect([...(await decode(encoded, facts)).samples]).toEqual([0xfff0, 0x1000, 0, 1]);
  });

  it.each([
    ["RGB", [76, 85, 255]],
    ["YBR_FULL", [254, 0, 0]],
  ] as const)("is %s where the header declares it", async (photometricInterpretation, expected) => {
    const colour = { rows: 1, columns: 1, precision: 8, components: 3 };
    const frame = await decodeFrame(
      {
        encoded: encodeLosslessJpeg([76, 85, 255], colour),
        imagePixel: factsOf(colour, { photometricInterpretation }),
        transferSyntaxUid: "1.2.840.10008.1.2.4.57",
      },
      new CodecLoader(nodeCodecs),
    );
    expect([...frame.samples]).toEqual(expected);
    expect(frame.fidelity).toBe("exact");
  });

  it("is exact without a point transform only", async () => {
    expect((await decode(encodeLosslessJpeg(words, options), factsOf(options))).fidelity).toBe(
      "exact",
    );
    const shifted = encodeLosslessJpeg(words, { ...options, pointTransform: 2 });
    const result = await decode(shifted, factsOf(options));
    expect(result.fidelity).toBe("lossy");
    expect(result.deviations).toMatchObject([{ code: "point-transform" }]);
  });
});

describe("a lossless JPEG that is damaged or lies", () => {
  const options = { rows: 24, columns: 31, precision: 12, restartRows: 4, selection: 4 };
  const facts = factsOf(options);
  const encoded = encodeLosslessJpeg(samplesOf(options), options);
  const placeOf = (marker: number) =>
    encoded.findIndex((byte, at) => byte === 0xff && encoded[at + 1] === marker);
  const changed = (at: number, value: number) => {
    const copy = encoded.slice();
    copy[at] = value;
    return copy;
  };

  it("is refused wherever it is cut, but for its end marker", async () => {
    for (let length = 0; length < encoded.length - 2; length += 1) {
      const outcome = outcomeOf(encoded.slice(0, length), facts);
      const code = await outcome.catch((error: unknown) => String(error));
      expect(["truncated", "codec-failure"], `${length} bytes`).toContain(code);
    }
  });

  it("is shown without its end marker when all samples are there, and says so", async () => {
    const result = await decode(encoded.slice(0, -2), facts);
    expect([...result.samples]).toEqual(samplesOf(options));
    expect(result.deviations).toMatchObject([{ code: "no-end-marker" }]);
  });

  it.each([
    [
      "a selection value of 0, which is for hierarchical coding",
      () => changed(placeOf(0xda) + 7, 0),
    ],
    ["a selection value of 8", () => changed(placeOf(0xda) + 7, 8)],
    ["a table that is not there", () => changed(placeOf(0xda) + 6, 0x20)],
    ["a component that is not there", () => changed(placeOf(0xda) + 5, 9)],
    ["a restart interval that ends within a row", () => changed(placeOf(0xdd) + 5, 7)],
    ["restart markers out of turn", () => changed(placeOf(0xd1) + 1, 0xd3)],
    ["more codes than bits allow", () => changed(placeOf(0xc4) + 5, 3)],
    ["a point transform that leaves no bits", () => changed(placeOf(0xda) + 9, 12)],
    ["arithmetic coding conditions", () => changed(placeOf(0xdd) + 1, 0xcc)],
  ])("is refused for %s", async (_name, stream) => {
    expect(["codec-failure", "unsupported-transfer-syntax"]).toContain(
      await outcomeOf(stream(), facts),
    );
  });

  it("is refused when it has more rows than its header says", async () => {
    const fewer = changed(placeOf(0xc3) + 6, 20);
    const header = { ...facts, rows: 20 };
    expect(await outcomeOf(fewer, header)).not.toBe("ok");
    const one = encodeLosslessJpeg(samplesOf(options), { ...options, restartRows: 0 });
    one[one.findIndex((byte, at) => byte === 0xff && one[at + 1] === 0xc3) + 6] = 20;
    expect(await outcomeOf(one, header)).toBe("codec-failure");
  });

  it("may have padding of 00 and FF before its end marker", async () => {
    const padded = [...encoded.slice(0, -2), 0, 0, 0xff, 0xd9];
    expect(await outcomeOf(new Uint8Array(padded), facts)).toBe("ok");
  });

  it("is refused for subsampled components", async () => {
    const colour = { ...square, precision: 8, components: 3 };
    const stream = encodeLosslessJpeg(samplesOf(colour), colour);
    stream[stream.findIndex((byte, at) => byte === 0xff && stream[at + 1] === 0xc3) + 11] = 0x21;
    expect(await outcomeOf(stream, factsOf(colour))).toBe("codec-failure");
  });

  it("is refused for a component that no scan brings", async () => {
    const colour = { ...square, precision: 8, components: 3, order: "scans" } as const;
    const stream = encodeLosslessJpeg(samplesOf(colour), colour);
    const scans = [...stream].flatMap((byte, at) =>
      byte === 0xff && stream[at + 1] === 0xda ? [at] : [],
    );
    const cut = new Uint8Array([...stream.slice(0, scans[2]), 0xff, 0xd9]);
    expect(await outcomeOf(cut, factsOf(colour))).toBe("truncated");
  });

  it("takes no memory for dimensions that its bytes cannot fill", async () => {
    const huge = encoded.slice();
    huge.set([0x3a, 0x98, 0x3a, 0x98], placeOf(0xc3) + 5);
    expect(await outcomeOf(huge, { ...facts, rows: 15_000, columns: 15_000 })).toMatch(
      /truncated|limit-exceeded/,
    );
    const kernels = await kernelsOf(nodeCodecs).prepare();
    expect(kernels.HEAPU8.length).toBeLessThan(16 * 1024 * 1024);
  });

  it("gives samples or a DicomError, whatever is changed in it", async () => {
    let seed = 12_345;
    const random = (below: number) => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
      return (seed >>> 8) % below;
    };
    const outcomes = new Map<string, number>();
    for (let round = 0; round < 1500; round += 1) {
      const mutated = encoded.slice();
      for (let change = random(6); change >= 0; change -= 1)
        mutated[random(mutated.length)] = random(256);
      const started = performance.now();
      const outcome = await outcomeOf(mutated, facts);
      expect(performance.now() - started).toBeLessThan(1000);
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    }
    expect([...outcomes.keys()].sort()).toEqual(
      expect.arrayContaining(["codec-failure", "ok", "truncated"]),
    );
  });

  it("leaves memory as large as it was over 2,000 frames and 500 failures", async () => {
    const kernels = kernelsOf(nodeCodecs);
    await decode(encoded, facts);
    const before = (await kernels.prepare()).HEAPU8.length;
    for (let round = 0; round < 2000; round += 1) await decode(encoded, facts);
    for (let round = 0; round < 500; round += 1) await outcomeOf(encoded.slice(0, 300), facts);
    await decode(encoded, facts);
    expect((await kernels.prepare()).HEAPU8.length).toBe(before);
  });
});
