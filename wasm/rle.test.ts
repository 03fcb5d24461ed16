import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DicomError } from "#core/dicom/dicom-error.ts";
import { encodeRle } from "../proxy/decode/encoders/rle-encoder.ts";
import { decodeRle } from "./rle.ts";
import { imagePixel } from "./test-image-pixel.ts";

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

function codeOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    return error instanceof DicomError ? error.code : String(error);
  }
  return "no error";
}

describe("decodeRle", () => {
  it("reads literal runs, replicate runs and the no-op of PS3.5 G.3.2", () => {
    expect([...decodeRle(frameOf([1, 10, 20, 128, 255, 30]), gray)]).toEqual([10, 20, 30, 30]);
  });

  it("puts the segment of the most significant byte last, as little endian has it", () => {
    const wide = imagePixel({
      rows: 1,
      columns: 2,
      bitsAllocated: 16,
      bitsStored: 16,
      highBit: 15,
    });
    expect([...decodeRle(frameOf([1, 0x12, 0x34], [1, 0x56, 0x78]), wide)]).toEqual([
      0x56, 0x12, 0x78, 0x34,
    ]);
  });

  it("reads segments that stand in another order than they are listed", () => {
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
    expect([...decodeRle(frame, rgb)]).toEqual([3, 2, 1, 3, 2, 1]);
  });

  it("does not read on in the next segment where one ends early", () => {
    const wide = imagePixel({
      rows: 1,
      columns: 2,
      bitsAllocated: 16,
      bitsStored: 16,
      highBit: 15,
    });
    expect(codeOf(() => decodeRle(frameOf([0, 1], [1, 2, 3]), wide))).toBe("truncated");
  });

  it("ignores what follows in a segment once its plane is full", () => {
    expect([...decodeRle(frameOf([129, 7, 0, 0]), gray)]).toEqual([7, 7, 7, 7]);
  });

  it("reads packed bits as bytes of eight pixels", () => {
    const bits = imagePixel({ rows: 3, columns: 3, bitsAllocated: 1, bitsStored: 1, highBit: 0 });
    expect([...decodeRle(frameOf([1, 0xff, 0x01]), bits)]).toEqual([0xff, 0x01]);
  });

  it.each([
    ["no bytes", new Uint8Array(0), "truncated"],
    ["a cut header", frameOf([3, 1, 2, 3, 4]).slice(0, 40), "truncated"],
    ["a literal run that is cut", frameOf([3, 1, 2]), "truncated"],
    ["a replicate run without its value", frameOf([253]), "truncated"],
    ["a segment that ends early", frameOf([1, 1, 2]), "truncated"],
    ["more segments than the header asks for", frameOf([3, 1, 2, 3, 4], [0]), "codec-failure"],
  ])("refuses %s", (_name, frame, code) => {
    expect(codeOf(() => decodeRle(frame, gray))).toBe(code);
  });

  it.each([
    [0, "codec-failure"],
    [4_000_000_000, "truncated"],
  ])("refuses a segment at byte %i", (offset, code) => {
    const frame = frameOf([3, 1, 2, 3, 4]);
    new DataView(frame.buffer).setUint32(4, offset, true);
    expect(codeOf(() => decodeRle(frame, gray))).toBe(code);
  });

  it("gives back what was encoded, whatever it is", () => {
    const samples = fc
      .tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 300 }))
      .chain(([rows, columns]) =>
        fc.tuple(
          fc.constant({ rows, columns, samplesPerPixel: 1 as const }),
          fc.uint16Array({ minLength: rows * columns, maxLength: rows * columns, max: 700 }),
        ),
      );
    fc.assert(
      fc.property(samples, ([matrix, values]) => {
        const decoded = decodeRle(
          encodeRle(values, matrix),
          imagePixel({ ...matrix, bitsAllocated: 16, bitsStored: 16, highBit: 15 }),
        );
        expect(new Uint16Array(decoded.buffer)).toEqual(values);
      }),
      { numRuns: 60 },
    );
  });

  it("answers any bytes with samples or a DicomError", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(["no error", "truncated", "codec-failure"]).toContain(
          codeOf(() => decodeRle(frameOf([...bytes]), gray)),
        );
      }),
    );
  });
});
