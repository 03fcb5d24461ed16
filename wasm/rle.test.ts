import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DicomError } from "#core/dicom/dicom-error.ts";
import type { ImagePixel } from "#core/pixels/image-pixel.ts";
import { imagePixel } from "#core/pixels/test-image-pixel.ts";
import { encodeRle } from "../proxy/decode/encoders/rle-encoder.ts";
import { nodeCodecs } from "../proxy/decode/node-codecs.ts";
import { kernelsOf } from "./kernel-module.ts";
import { RleDecoder } from "./rle.ts";

const decoder = new RleDecoder(nodeCodecs);

const gray = imagePixel({ rows: 1, columns: 4 });

/** An RLE frame with the given segments one after the other. */
function frameOf(...segments: readonly (readonly number[])[]): Uint8Array<ArrayBuffer> {
  const header = new DataView(new ArrayBuffer(64));
  header.setUint32(0, segments.length, true);
  let offset = 64;
  for (const [index, segment] of segments.entries()) {
    header.setUint32(4 + 4 * index, offset, true);
    offset += segment.length;
  }
  return new Uint8Array([...new Uint8Array(header.buffer), ...segments.flat()]);
}

async function decode(
  encoded: Uint8Array<ArrayBuffer>,
  facts: ImagePixel,
): Promise<readonly number[]> {
  return [...(await decoder.decode(encoded, facts)).samples];
}

async function codeOf(encoded: Uint8Array<ArrayBuffer>, facts: ImagePixel): Promise<string> {
  try {
    await decode(encoded, facts);
  } catch (error) {
    return error instanceof DicomError ? error.code : String(error);
  }
  return "no error";
}

describe("RleDecoder", () => {
  it("reads literal runs, replicate runs and the no-op of PS3.5 G.3.2", async () => {
    expect(await decode(frameOf([1, 10, 20, 128, 255, 30]), gray)).toEqual([10, 20, 30, 30]);
  });

  it("reads the segment of the most significant byte first", async () => {
    const wide = imagePixel({
      rows: 1,
      columns: 2,
      bitsAllocated: 16,
      bitsStored: 16,
      highBit: 15,
    });
    expect(await decode(frameOf([1, 0x12, 0x34], [1, 0x56, 0x78]), wide)).toEqual([0x1256, 0x3478]);
  });

  it("refuses segments that stand in the same place", async () => {
    const frame = frameOf([255, 1], [255, 2], [255, 3]);
    frame.copyWithin(8, 4, 8);
    const rgb = imagePixel({ columns: 2, samplesPerPixel: 3, photometricInterpretation: "RGB" });
    expect(await codeOf(frame, rgb)).toBe("codec-failure");
  });

  it("reads segments that stand in another order than they are listed", async () => {
    const frame = frameOf([255, 1], [255, 2], [255, 3]);
    const header = new DataView(frame.buffer);
    header.setUint32(4, 68, true);
    header.setUint32(12, 64, true);
    const rgb = imagePixel({
      rows: 1,
      columns: 2,
      samplesPerPixel: 3,
      photometricInterpretation: "RGB",
    });
    expect(await decode(frame, rgb)).toEqual([3, 2, 1, 3, 2, 1]);
  });

  it("does not read on in the next segment where one ends early", async () => {
    const wide = imagePixel({
      rows: 1,
      columns: 2,
      bitsAllocated: 16,
      bitsStored: 16,
      highBit: 15,
    });
    expect(await codeOf(frameOf([0, 1], [1, 2, 3]), wide)).toBe("truncated");
  });

  it("ignores what follows in a segment once its plane is full", async () => {
    expect(await decode(frameOf([129, 7, 0, 0]), gray)).toEqual([7, 7, 7, 7]);
  });

  it("reads packed bits as bytes of eight pixels", async () => {
    const bits = imagePixel({ rows: 3, columns: 3, bitsAllocated: 1, bitsStored: 1, highBit: 0 });
    expect(await decode(frameOf([1, 0x7f, 0x01]), bits)).toEqual([1, 1, 1, 1, 1, 1, 1, 0, 1]);
  });

  it.each([
    ["no bytes", new Uint8Array(0), "truncated"],
    ["a cut header", frameOf([3, 1, 2, 3, 4]).slice(0, 40), "truncated"],
    ["a literal run that is cut", frameOf([3, 1, 2]), "truncated"],
    ["a replicate run without its value", frameOf([253]), "truncated"],
    ["a segment that ends early", frameOf([1, 1, 2]), "truncated"],
    ["more segments than the header asks for", frameOf([3, 1, 2, 3, 4], [0]), "codec-failure"],
  ])("refuses %s", async (_name, frame, code) => {
    expect(await codeOf(frame, gray)).toBe(code);
  });

  it.each([
    [0, "codec-failure"],
    [4_000_000_000, "truncated"],
  ])("refuses a segment at byte %i", async (offset, code) => {
    const frame = frameOf([3, 1, 2, 3, 4]);
    new DataView(frame.buffer).setUint32(4, offset, true);
    expect(await codeOf(frame, gray)).toBe(code);
  });

  it("gives back what was encoded, whatever it is", async () => {
    const samples = fc
      .tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 300 }))
      .chain(([rows, columns]) =>
        fc.tuple(
          fc.constant({ rows, columns, samplesPerPixel: 1 as const }),
          fc.uint16Array({ minLength: rows * columns, maxLength: rows * columns, max: 700 }),
        ),
      );
    await fc.assert(
      fc.asyncProperty(samples, async ([matrix, values]) => {
        const decoded = await decoder.decode(
          encodeRle(values, matrix),
          imagePixel({ ...matrix, bitsAllocated: 16, bitsStored: 16, highBit: 15 }),
        );
        expect(decoded.samples).toEqual(values);
        expect(decoded.range).toEqual({
          minimum: values.reduce((least, value) => Math.min(least, value)),
          maximum: values.reduce((most, value) => Math.max(most, value)),
        });
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    ["16 bits of each colour", Uint16Array.from([1, 256, 65_535, 770, 5, 6]), 3, 16],
    ["32 bits", Uint32Array.from([1, 70_000, 4_000_000_000]), 1, 32],
    ["32 bits of each colour", Uint32Array.from([1, 70_000, 4_000_000_000, 9, 8, 7]), 3, 32],
  ] as const)("gives back %s", async (_name, values, samplesPerPixel, bits) => {
    const matrix = { rows: 1, columns: values.length / samplesPerPixel, samplesPerPixel };
    const facts = imagePixel({
      ...matrix,
      photometricInterpretation: samplesPerPixel === 3 ? "RGB" : "MONOCHROME2",
      bitsAllocated: bits,
      bitsStored: bits,
      highBit: bits - 1,
    });
    expect(await decode(encodeRle(values, matrix), facts)).toEqual([...values]);
  });

  it("removes the bits above High Bit and extends the sign", async () => {
    const facts = imagePixel({
      rows: 1,
      columns: 4,
      bitsAllocated: 16,
      bitsStored: 12,
      highBit: 11,
      pixelRepresentation: 1,
    });
    const words = Uint16Array.from([0x0fff, 0x8001, 0x0800, 0x07ff]);
    const frame = encodeRle(words, { rows: 1, columns: 4, samplesPerPixel: 1 });
    expect(await decode(frame, facts)).toEqual([-1, 1, -2048, 2047]);
  });

  it("leaves padding out of the range, and of a palette nothing", async () => {
    const matrix = { rows: 1, columns: 20, samplesPerPixel: 1 } as const;
    const values = Int16Array.from({ length: 20 }, (_, at) => (at % 4 === 0 ? -2000 : at));
    const facts = imagePixel({
      ...matrix,
      bitsAllocated: 16,
      bitsStored: 16,
      highBit: 15,
      pixelRepresentation: 1,
      pixelPadding: { first: -2000, last: -1999 },
    });
    const frame = encodeRle(values, matrix);
    expect((await decoder.decode(frame, facts)).range).toEqual({ minimum: 1, maximum: 19 });
    const palette = { ...facts, photometricInterpretation: "PALETTE COLOR" } as const;
    expect((await decoder.decode(frame, palette)).range).toEqual({ minimum: -2000, maximum: 19 });
  });

  it("refuses hostile dimensions before it takes memory", async () => {
    const huge = imagePixel({ rows: 16_000, columns: 16_000 });
    expect(await codeOf(frameOf([129, 7, 0, 0]), huge)).toBe("truncated");
    const kernels = await kernelsOf(nodeCodecs).prepare();
    expect(kernels.HEAPU8.length).toBeLessThan(16 * 1024 * 1024);
  });

  it("answers any bytes with samples or a DicomError", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
        expect(["no error", "truncated", "codec-failure"]).toContain(
          await codeOf(frameOf([...bytes]), gray),
        );
      }),
    );
  });
});
