import { describe, expect, it } from "vitest";
import { encodeJpeg2000 } from "./jpeg-2000-encoder.ts";
import { encodeJpeg } from "./jpeg-encoder.ts";

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

describe("encodeJpeg", () => {
  it("makes a baseline JPEG even of an image that is smaller than its headers", async () => {
    const jpeg = await encodeJpeg(
      new Uint8Array(40).fill(9),
      { rows: 8, columns: 5, samplesPerPixel: 1 },
      90,
    );
    expect(hex(jpeg)).toMatch(/^ffd8.*ffc0000b08000800050101.*ffd9$/);
  });

  it("samples the chroma of every second column, as YBR_FULL_422 says", async () => {
    const jpeg = await encodeJpeg(
      new Uint8Array(8 * 16 * 3).fill(100),
      { rows: 8, columns: 16, samplesPerPixel: 3 },
      90,
    );
    expect(hex(jpeg)).toMatch(/ffc00011080008001003012100021101031101/);
  });

  it("refuses samples that do not fill the image", () => {
    expect(() =>
      encodeJpeg(new Uint8Array(5), { rows: 2, columns: 3, samplesPerPixel: 1 }, 90),
    ).toThrow(RangeError);
  });
});

describe("encodeJpeg2000", () => {
  it("says size, sign and depth in the codestream", async () => {
    const samples = Int16Array.from({ length: 64 * 32 }, (_, at) => at - 1000);
    const stream = await encodeJpeg2000(samples, { rows: 32, columns: 64, samplesPerPixel: 1 }, 12);
    expect(hex(stream)).toMatch(/^ff4fff51.{8}0000004000000020.*ffd9$/);
    expect(hex(stream.subarray(40, 45))).toBe("00018b0101");
  });
});
