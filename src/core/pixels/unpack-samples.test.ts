import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { DecodedFrame } from "./decoded-frame.ts";
import type { ImagePixel } from "./image-pixel.ts";
import { nativeFrameBytes } from "./native-frame.ts";
import { imagePixel as testImagePixel } from "./test-image-pixel.ts";
import { unpackSamples } from "./unpack-samples.ts";

function imagePixel(facts: Partial<ImagePixel>): ImagePixel {
  return testImagePixel({ columns: 2, ...facts });
}

const rgb: Partial<ImagePixel> = { samplesPerPixel: 3, photometricInterpretation: "RGB" };
const signed: Partial<ImagePixel> = { pixelRepresentation: 1 };
const float32: Partial<ImagePixel> = { bitsAllocated: 32, sampleKind: "float" };
const float64: Partial<ImagePixel> = { bitsAllocated: 64, sampleKind: "double" };

function unpack(
  bytes: readonly number[],
  facts: Partial<ImagePixel>,
  littleEndian = true,
): DecodedFrame {
  return unpackSamples(new Uint8Array(bytes), imagePixel(facts), { littleEndian });
}

function codeOf(action: () => unknown): unknown {
  try {
    return action();
  } catch (error) {
    return error instanceof Error && "code" in error ? error.code : error;
  }
}

describe("unpackSamples, little endian", () => {
  it.each<[string, readonly number[], Partial<ImagePixel>, readonly number[]]>([
    ["8 bits unsigned", [0, 255], {}, [0, 255]],
    ["8 bits signed", [0x80, 0x7f], signed, [-128, 127]],
    ["16 bits unsigned", [0x34, 0x12, 0xff, 0xff], { bitsAllocated: 16 }, [0x1234, 0xffff]],
    ["16 bits signed", [0, 0x80, 0xff, 0xff], { bitsAllocated: 16, ...signed }, [-32768, -1]],
    ["32 bits unsigned", [1, 0, 0, 0xff, 0, 0, 0, 0], { bitsAllocated: 32 }, [0xff000001, 0]],
    [
      "32 bits signed",
      [0xfe, 255, 255, 255, 2, 0, 0, 0],
      { bitsAllocated: 32, ...signed },
      [-2, 2],
    ],
    ["floats", [0, 0, 0x80, 0x3f, 0, 0, 0x20, 0xc0], float32, [1, -2.5]],
    ["doubles", [0, 0, 0, 0, 0, 0, 0xf0, 0x3f, 0, 0, 0, 0, 0, 0, 0, 0xc0], float64, [1, -2]],
    [
      "12 bits, two cells in three bytes",
      [0x23, 0x61, 0x45, 0xbc, 0x0a],
      { columns: 3, bitsAllocated: 12 },
      [0x123, 0x456, 0xabc],
    ],
    [
      "12 bits signed",
      [0xff, 0x0f, 0x80],
      { columns: 2, bitsAllocated: 12, ...signed },
      [-1, -2048],
    ],
    ["24 bits unsigned", [3, 2, 1, 0, 0, 0xff], { bitsAllocated: 24 }, [0x010203, 0xff0000]],
    [
      "24 bits signed",
      [0xfe, 255, 255, 0, 0, 0x80],
      { bitsAllocated: 24, ...signed },
      [-2, -8388608],
    ],
    [
      "32 bits of which 20 are stored, high",
      [0xff, 0x0f, 0, 0x10, 0, 0x10, 0, 0x80],
      { bitsAllocated: 32, bitsStored: 20, highBit: 31 },
      [0x10000, 0x80001],
    ],
    [
      "bits above Bits Stored, removed",
      [0xff, 0xff, 0x01, 0xf0],
      { bitsAllocated: 16, bitsStored: 12 },
      [0xfff, 1],
    ],
    [
      "the sign of 12 bits, extended over what stands above",
      [0x00, 0x08, 0xff, 0x07],
      { bitsAllocated: 16, bitsStored: 12, ...signed },
      [-2048, 2047],
    ],
    [
      "a High Bit that is not the last, with bits below and above",
      [0x1f, 0xf8, 0xf0, 0x07],
      { bitsAllocated: 16, bitsStored: 8, highBit: 11 },
      [0x81, 0x7f],
    ],
    [
      "a signed sample in the upper bits",
      [0x0f, 0x80, 0xff, 0x7f],
      { bitsAllocated: 16, bitsStored: 12, highBit: 15, ...signed },
      [-2048, 2047],
    ],
    ["4 bits in 8", [0xab, 0xcd], { bitsStored: 4, highBit: 3 }, [0xb, 0xd]],
    [
      "31 bits in 32",
      [255, 255, 255, 255, 0, 0, 0, 0x80],
      { bitsAllocated: 32, bitsStored: 31 },
      [0x7fffffff, 0],
    ],
    [
      "single bits, lowest first",
      [0b10, 0b1],
      { columns: 9, bitsAllocated: 1 },
      [0, 1, 0, 0, 0, 0, 0, 0, 1],
    ],
    ["an odd length with its padding byte", [1, 2, 3, 0], { columns: 3 }, [1, 2, 3]],
    ["palette indices as they are", [7, 9], { photometricInterpretation: "PALETTE COLOR" }, [7, 9]],
    ["RGB by pixel", [1, 2, 3, 4, 5, 6], rgb, [1, 2, 3, 4, 5, 6]],
    ["RGB by plane", [1, 4, 2, 5, 3, 6], { ...rgb, planarConfiguration: 1 }, [1, 2, 3, 4, 5, 6]],
    [
      "RGB of 16 bits by plane",
      [1, 0, 4, 0, 2, 0, 5, 0, 3, 0, 6, 1],
      { ...rgb, planarConfiguration: 1, bitsAllocated: 16 },
      [1, 2, 3, 4, 5, 0x106],
    ],
  ])("reads %s", (_name, bytes, facts, values) => {
    expect([...unpack(bytes, facts).samples]).toEqual(values);
  });

  it("gives the type of array that sign and size ask for", () => {
    expect(unpack([0, 0, 0, 0], { bitsAllocated: 16, ...signed }).samples).toBeInstanceOf(
      Int16Array,
    );
    expect(unpack([0, 0], {}).samples).toBeInstanceOf(Uint8Array);
    expect(unpack([0, 0], signed).isSigned).toBe(true);
  });
});

describe("unpackSamples, big endian", () => {
  it.each<[string, readonly number[], Partial<ImagePixel>, readonly number[]]>([
    ["16 bits", [0x12, 0x34, 0xff, 0xfe], { bitsAllocated: 16 }, [0x1234, 0xfffe]],
    ["whole words of 32 bits", [1, 2, 3, 4, 0, 0, 0, 5], { bitsAllocated: 32 }, [0x01020304, 5]],
    ["floats", [0x3f, 0x80, 0, 0, 0xc0, 0x20, 0, 0], float32, [1, -2.5]],
    ["8 bits in OB, as they are", [1, 2, 3, 4], { columns: 4, pixelDataVr: "OB" }, [1, 2, 3, 4]],
    [
      "8 bits in OW, swapped in pairs",
      [2, 1, 4, 3],
      { columns: 4, pixelDataVr: "OW" },
      [1, 2, 3, 4],
    ],
    [
      "12 bits in OW",
      [0x61, 0x23, 0xbc, 0x45, 0, 0x0a],
      { columns: 3, bitsAllocated: 12, pixelDataVr: "OW" },
      [0x123, 0x456, 0xabc],
    ],
    ["24 bits", [1, 2, 3, 0xff, 0, 0], { bitsAllocated: 24 }, [0x010203, 0xff0000]],
    ["doubles", [0xc0, 0, 0, 0, 0, 0, 0, 0], { columns: 1, ...float64 }, [-2]],
    ["an odd number of bytes in OW", [2, 1, 0, 3], { columns: 3, pixelDataVr: "OW" }, [1, 2, 3]],
    [
      "single bits in OW",
      [0b1, 0b10],
      { columns: 9, bitsAllocated: 1, pixelDataVr: "OW" },
      [0, 1, 0, 0, 0, 0, 0, 0, 1],
    ],
  ])("reads %s", (_name, bytes, facts, values) => {
    expect([...unpack(bytes, facts, false).samples]).toEqual(values);
  });
});

describe("unpackSamples, YBR", () => {
  const ybr = { samplesPerPixel: 3, photometricInterpretation: "YBR_FULL" } as const;

  it.each<[string, readonly number[], readonly number[]]>([
    ["black", [0, 128, 128], [0, 0, 0]],
    ["white", [255, 128, 128], [255, 255, 255]],
    // R = 76 + 1.402 x 127 = 254.05, G = 76 + 0.344136 x 43 - 0.714136 x 127 = 0.10, B = 76 - 1.772 x 43 = -0.20
    ["red, rounded and clamped", [76, 85, 255], [254, 0, 0]],
    // R = 29 - 1.402 x 21 = -0.44, G = 29 - 0.344136 x 127 + 0.714136 x 21 = 0.29, B = 29 + 1.772 x 127 = 254.04
    ["blue", [29, 255, 107], [0, 0, 254]],
    // R = 100 + 1.402 = 101.402, G = 100 - 0.344136 x 2 - 0.714136 = 98.60, B = 100 + 3.544 = 103.54
    ["values that round up and down", [100, 130, 129], [101, 99, 104]],
  ])("turns %s into RGB to the nearest", (_name, bytes, values) => {
    expect([...unpack(bytes, { columns: 1, ...ybr }).samples]).toEqual(values);
  });

  it("turns YBR by plane into RGB by pixel", () => {
    const frame = unpack([76, 29, 85, 255, 255, 107], { ...ybr, planarConfiguration: 1 });
    expect([...frame.samples]).toEqual([254, 0, 0, 0, 0, 254]);
  });

  it("uses half of the range of 16 bits as the middle of the chroma", () => {
    const frame = unpack([0x34, 0x12, 0, 0x80, 0, 0x80], { columns: 1, bitsAllocated: 16, ...ybr });
    expect([...frame.samples]).toEqual([0x1234, 0x1234, 0x1234]);
  });

  it("gives both pixels of YBR_FULL_422 the same chroma", () => {
    const frame = unpack([100, 50, 130, 129], {
      ...ybr,
      photometricInterpretation: "YBR_FULL_422",
    });
    expect([...frame.samples]).toEqual([101, 99, 104, 51, 49, 54]);
  });

  it.each<[string, readonly number[], readonly number[]]>([
    ["black and white", [16, 235, 128, 128], [0, 0, 0, 255, 255, 255]],
    // Y' = 255 x 65 / 219 = 75.68, Cr' = 255 x 112 / 224 = 127.5, Cb' = 255 x -38 / 224 = -43.26:
    // R = 75.68 + 178.76 = 254.44, G = 75.68 + 14.89 - 91.05 = -0.48, B = 75.68 - 76.66 = -0.97
    ["red twice", [81, 81, 90, 240], [254, 0, 0, 254, 0, 0]],
    [
      "what is darker than black and brighter than white",
      [0, 255, 128, 128],
      [0, 0, 0, 255, 255, 255],
    ],
  ])("turns %s of YBR_PARTIAL_422 into RGB, its range widened", (_name, bytes, values) => {
    const frame = unpack(bytes, { ...ybr, photometricInterpretation: "YBR_PARTIAL_422" });
    expect([...frame.samples]).toEqual(values);
  });

  it("takes uncompressed YBR_RCT as RGB, which it must be, and records it", () => {
    const frame = unpack([1, 2, 3, 4, 5, 6], { ...ybr, photometricInterpretation: "YBR_RCT" });
    expect([...frame.samples]).toEqual([1, 2, 3, 4, 5, 6]);
    expect(frame.deviations.map(({ code }) => code)).toEqual(["colour-transform-mismatch"]);
  });

  it("refuses uncompressed YBR_PARTIAL_420, whose order the standard does not define", () => {
    const facts = { ...ybr, photometricInterpretation: "YBR_PARTIAL_420" } as const;
    expect(codeOf(() => unpack([16, 128, 128, 16, 128, 128], facts))).toBe("invalid-value");
  });

  it("notices chroma that is not subsampled although the header says so", () => {
    const frame = unpack([0, 128, 128, 255, 128, 128], {
      ...ybr,
      photometricInterpretation: "YBR_FULL_422",
    });
    expect([...frame.samples]).toEqual([0, 0, 0, 255, 255, 255]);
    expect(frame.deviations.map(({ code }) => code)).toEqual(["chroma-not-subsampled"]);
  });
});

describe("unpackSamples, overlays in the cells", () => {
  const facts: Partial<ImagePixel> = {
    columns: 9,
    bitsAllocated: 16,
    bitsStored: 12,
    embeddedOverlayBits: [15, 12],
  };
  const cells = [0x8001, 0x1002, 0x9003, 4, 5, 6, 7, 0x8008, 0xefff];
  const bytes = cells.flatMap((cell) => [cell & 0xff, cell >> 8]);

  it("come out as planes of their own, and leave no trace in the samples", () => {
    const frame = unpack(bytes, facts);
    expect([...frame.samples]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 0xfff]);
    expect(frame.embeddedOverlays).toEqual([
      { bit: 15, data: new Uint8Array([0b1000_0101, 1]) },
      { bit: 12, data: new Uint8Array([0b0000_0110, 0]) },
    ]);
  });

  it("are taken before the sign is extended over them", () => {
    const frame = unpack([0xff, 0x8f, 0xff, 0x0f], {
      ...facts,
      columns: 2,
      pixelRepresentation: 1,
    });
    expect([...frame.samples]).toEqual([-1, -1]);
    expect(frame.embeddedOverlays?.[0]?.data).toEqual(new Uint8Array([1]));
  });

  it("are not there where the header names none", () => {
    expect(unpack([1, 2], {})).not.toHaveProperty("embeddedOverlays");
  });
});

describe("unpackSamples, the frame", () => {
  it("finds minimum and maximum without the padding", () => {
    const frame = unpack([9, 3, 200, 5], { columns: 4, pixelPadding: { first: 100, last: 255 } });
    expect([frame.minimum, frame.maximum]).toEqual([3, 9]);
  });

  it("says 0 and 0 where all is padding", () => {
    const frame = unpack([7, 7], { pixelPadding: { first: 7, last: 7 } });
    expect([frame.minimum, frame.maximum]).toEqual([0, 0]);
  });

  it("leaves NaN out of minimum and maximum", () => {
    const frame = unpack([0, 0, 0xc0, 0x7f, 0, 0, 0x80, 0x3f], float32);
    expect([frame.minimum, frame.maximum]).toEqual([1, 1]);
  });

  it("keeps the buffer when the bytes are right as they are", () => {
    const bytes = new Uint8Array([1, 0, 2, 0]);
    const facts = imagePixel({ bitsAllocated: 16 });
    expect(unpackSamples(bytes, facts, { littleEndian: true }).samples.buffer).toBe(bytes.buffer);
  });

  it("takes a buffer of its own when the bytes are a part of one", () => {
    const bytes = new Uint8Array([9, 9, 9, 1, 0, 2, 0, 9]).subarray(3, 7);
    const { samples } = unpackSamples(bytes, imagePixel({ bitsAllocated: 16 }), {
      littleEndian: true,
    });
    expect([...samples]).toEqual([1, 2]);
    expect(samples.buffer.byteLength).toBe(4);
  });

  it.each<[string, readonly number[], Partial<ImagePixel>, string]>([
    ["bytes are missing", [1], {}, "truncated"],
    ["there are none", [], {}, "truncated"],
    ["a frame of 16 bits ends in the middle", [1, 2, 3], { bitsAllocated: 16 }, "truncated"],
    ["High Bit lies outside", [1, 2], { highBit: 8 }, "invalid-value"],
    ["High Bit leaves too few bits", [1, 2], { bitsStored: 8, highBit: 5 }, "invalid-value"],
    ["integers have 64 bits", [], { bitsAllocated: 64 }, "invalid-value"],
    [
      "uncompressed samples claim a compressed colour",
      [1, 2, 3, 4, 5, 6],
      { samplesPerPixel: 3, photometricInterpretation: "YBR_ICT" },
      "invalid-value",
    ],
  ])("refuses a frame when %s", (_name, bytes, facts, code) => {
    expect(codeOf(() => unpack(bytes, facts))).toBe(code);
  });

  it("records bytes beyond the frame, but not one byte of padding", () => {
    expect(unpack([1, 2, 3, 4], {}).deviations.map(({ code }) => code)).toEqual([
      "excess-pixel-data",
    ]);
    expect(unpack([1, 2, 0], {}).deviations).toEqual([]);
  });

  it("keeps within Bits Stored whatever the bytes are", () => {
    const layouts = fc
      .record({ bitsStored: fc.integer({ min: 1, max: 16 }), isSigned: fc.boolean() })
      .chain(({ bitsStored, isSigned }) =>
        fc.record({
          bitsStored: fc.constant(bitsStored),
          highBit: fc.integer({ min: bitsStored - 1, max: 15 }),
          pixelRepresentation: fc.constant<0 | 1>(isSigned ? 1 : 0),
        }),
      );
    fc.assert(
      fc.property(layouts, fc.uint8Array({ minLength: 12, maxLength: 12 }), (layout, bytes) => {
        const facts = imagePixel({ columns: 6, bitsAllocated: 16, ...layout });
        expect(nativeFrameBytes(facts)).toBe(12);
        const { minimum, maximum } = unpackSamples(new Uint8Array(bytes), facts, {
          littleEndian: true,
        });
        const range = 2 ** layout.bitsStored;
        const lowest = layout.pixelRepresentation === 1 ? -range / 2 : 0;
        expect(minimum).toBeGreaterThanOrEqual(lowest);
        expect(maximum).toBeLessThan(lowest + range);
      }),
    );
  });
});
