import { afterAll, describe, expect, it } from "vitest";
import type { ImagePixel } from "#core/pixels/image-pixel.ts";
import { imagePixel } from "#core/pixels/test-image-pixel.ts";
import { DecodePool } from "../src/decode/decode-pool.ts";
import { createDecodeWorker } from "../src/decode/worker.ts";
import { JPEG_XL_GRAY, JPEG_XL_RGB, JPEG_XL_SIZE, jpegXl } from "../wasm/test-jpeg-xl.ts";

const LOSSLESS = "1.2.840.10008.1.2.4.110";
const never = new AbortController().signal;
const pool = new DecodePool(createDecodeWorker, { size: 1 });
const gray = imagePixel(JPEG_XL_SIZE);
const rgb = imagePixel({ ...JPEG_XL_SIZE, samplesPerPixel: 3, photometricInterpretation: "RGB" });
const hasJpegXl =
  typeof ImageDecoder !== "undefined" && (await ImageDecoder.isTypeSupported("image/jxl"));

afterAll(() => pool.close());

function decode(encoded: Uint8Array<ArrayBuffer>, facts: ImagePixel) {
  return pool.decode({ encoded, imagePixel: facts, transferSyntaxUid: LOSSLESS }, never);
}

describe.skipIf(!hasJpegXl)("JPEG XL in a browser that knows it", () => {
  it.each([
    ["gray8", gray, JPEG_XL_GRAY],
    ["boxed", gray, JPEG_XL_GRAY],
    ["rgb8", rgb, JPEG_XL_RGB],
  ] as const)("gives the samples of %s exactly", async (name, facts, samples) => {
    expect(await decode(jpegXl(name), facts)).toMatchObject({
      ok: true,
      frame: { samples: Uint8Array.from(samples), fidelity: "exact" },
    });
  });

  it.each([20, 30, 39])("refuses a stream cut after %i bytes", async (length) => {
    expect(await decode(jpegXl("gray8").slice(0, length), gray)).toMatchObject({
      ok: false,
      error: { code: "codec-failure" },
    });
  });
});

describe.skipIf(hasJpegXl)("JPEG XL in a browser that does not know it", () => {
  it("is refused with its reason", async () => {
    expect(await decode(jpegXl("gray8"), gray)).toMatchObject({
      ok: false,
      error: { code: "unsupported-transfer-syntax", message: expect.stringContaining("browser") },
    });
  });
});
