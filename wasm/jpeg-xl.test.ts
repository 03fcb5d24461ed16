import { describe, expect, it } from "vitest";
import type { ImagePixel } from "#core/pixels/image-pixel.ts";
import { imagePixel } from "#core/pixels/test-image-pixel.ts";
import { nodeCodecs } from "../proxy/decode/node-codecs.ts";
import { CodecLoader } from "./codec-loader.ts";
import type { CodecSource, PlatformImage } from "./codec-source.ts";
import { tryDecodeFrame } from "./decode-frame.ts";
import { JPEG_XL_GRAY, JPEG_XL_SIZE, jpegXl } from "./test-jpeg-xl.ts";

const LOSSLESS = "1.2.840.10008.1.2.4.110";
const ANY = "1.2.840.10008.1.2.4.112";
const gray = imagePixel(JPEG_XL_SIZE);
const rgb = imagePixel({ ...JPEG_XL_SIZE, samplesPerPixel: 3, photometricInterpretation: "RGB" });

/** A platform that gives this picture of whatever it is asked for. */
function platformOf(image: PlatformImage | undefined): CodecSource {
  return { load: nodeCodecs.load, decodeImage: async () => image };
}

/** The picture of gray samples: four bytes for each pixel. */
function picture(samples: readonly number[], rows = 3): PlatformImage {
  const bytes = samples.flatMap((sample) => [sample, sample, sample, 255]);
  return { rows, columns: 5, rgb: new Uint8Array(bytes) };
}

function decode(
  encoded: Uint8Array<ArrayBuffer>,
  facts: ImagePixel,
  source: CodecSource,
  transferSyntaxUid = LOSSLESS,
) {
  return tryDecodeFrame({ encoded, imagePixel: facts, transferSyntaxUid }, new CodecLoader(source));
}

describe("JpegXlDecoder", () => {
  it.each(["gray8", "boxed"] as const)(
    "takes the samples of %s from the platform",
    async (name) => {
      expect(await decode(jpegXl(name), gray, platformOf(picture(JPEG_XL_GRAY)))).toMatchObject({
        ok: true,
        frame: { samples: Uint8Array.from(JPEG_XL_GRAY), fidelity: "exact", deviations: [] },
      });
    },
  );

  it.each([
    ["what is coded as XYB, whatever the header says", "xyb", LOSSLESS],
    ["what a transfer syntax allows to be", "rgb8", ANY],
  ] as const)("calls lossy %s", async (_name, stream, uid) => {
    const image = platformOf(picture(JPEG_XL_GRAY));
    expect(await decode(jpegXl(stream), rgb, image, uid)).toMatchObject({
      ok: true,
      frame: { fidelity: "lossy" },
    });
  });

  it.each<[string, CodecSource, RegExp]>([
    ["where there is no browser", nodeCodecs, /browsers only/],
    ["where the browser does not know it", platformOf(undefined), /This browser does not/],
  ])("says %s that it cannot be decoded", async (_name, source, message) => {
    expect(await decode(jpegXl("gray8"), gray, source)).toMatchObject({
      ok: false,
      error: { code: "unsupported-transfer-syntax", message: expect.stringMatching(message) },
    });
  });

  it("refuses 16 bits, of which a platform keeps the upper 8 only", async () => {
    const facts = { ...gray, bitsAllocated: 16, bitsStored: 16, highBit: 15 } as const;
    expect(await decode(jpegXl("gray16"), facts, platformOf(picture(JPEG_XL_GRAY)))).toMatchObject({
      ok: false,
      error: { code: "unsupported-transfer-syntax", message: expect.stringContaining("16 bits") },
    });
  });

  it.each([
    ["another number of rows", { ...gray, rows: 4 }],
    ["colour", rgb],
  ])("refuses a stream whose header says %s", async (_name, facts) => {
    expect(await decode(jpegXl("gray8"), facts, platformOf(picture(JPEG_XL_GRAY)))).toMatchObject({
      ok: false,
      error: { code: "codec-failure" },
    });
  });

  it("refuses a picture of another size than the stream says", async () => {
    const wrong = platformOf(picture(JPEG_XL_GRAY.slice(5), 2));
    expect(await decode(jpegXl("gray8"), gray, wrong)).toMatchObject({
      ok: false,
      error: { code: "codec-failure" },
    });
  });

  it.each([0, 1, 3, 5, 12])("refuses a stream of which only %i bytes came", async (length) => {
    const outcome = await decode(jpegXl("gray8").slice(0, length), gray, platformOf(undefined));
    expect(outcome).toMatchObject({
      ok: false,
      error: { code: expect.stringMatching(/truncated|codec-failure|unsupported/) },
    });
  });
});
