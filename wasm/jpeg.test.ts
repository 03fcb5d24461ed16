import { beforeAll, describe, expect, it } from "vitest";
import type { ImagePixel, PhotometricInterpretation } from "#core/pixels/image-pixel.ts";
import { imagePixel } from "#core/pixels/test-image-pixel.ts";
import { encodeJpeg } from "../proxy/decode/encoders/jpeg-encoder.ts";
import { nodeCodecs } from "../proxy/decode/node-codecs.ts";
import { CodecLoader } from "./codec-loader.ts";
import { tryDecodeFrame } from "./decode-frame.ts";
import { readJpegHeader } from "./jpeg-header.ts";

const codecs = new CodecLoader(nodeCodecs);
const size = { rows: 16, columns: 16 };
/** A plain red, whose YCbCr is 76, 85, 255. */
const red = [254, 0, 0];
const ybrOfRed = [76, 85, 255];
const ycc = { samplesPerPixel: 3, photometricInterpretation: "YBR_FULL_422" } as const;
let jfif = new Uint8Array();

beforeAll(async () => {
  const pixels = Uint8Array.from({ length: 16 * 16 * 3 }, (_, at) => red[at % 3] ?? 0);
  jfif = await encodeJpeg(pixels, { ...size, samplesPerPixel: 3 }, 100);
});

/** The stream without its APP0, and with an Adobe segment when a transform is given. */
function marked(adobeTransform?: number): Uint8Array<ArrayBuffer> {
  const app0 = readJpegHeader(jfif).segments[0];
  const adobe = [0xff, 0xee, 0, 14, 0x41, 0x64, 0x6f, 0x62, 0x65, 0, 100, 0, 0, 0, 0];
  const inserted = adobeTransform === undefined ? [] : [...adobe, adobeTransform];
  return new Uint8Array([0xff, 0xd8, ...inserted, ...jfif.subarray(app0?.end)]);
}

async function firstPixel(
  encoded: Uint8Array<ArrayBuffer>,
  photometricInterpretation: PhotometricInterpretation,
): Promise<readonly number[] | string> {
  const outcome = await decode(encoded, { samplesPerPixel: 3, photometricInterpretation });
  return outcome.ok ? [...outcome.frame.samples.slice(0, 3)] : outcome.error.code;
}

function decode(encoded: Uint8Array<ArrayBuffer>, facts: Partial<ImagePixel>) {
  return tryDecodeFrame(
    {
      encoded: encoded.slice(),
      transferSyntaxUid: "1.2.840.10008.1.2.4.51",
      imagePixel: imagePixel({ ...size, ...facts }),
    },
    codecs,
  );
}

/** The pixel within what rounding of the encoder leaves. */
function near(pixel: readonly number[]): readonly unknown[] {
  return pixel.map((value) => expect.closeTo(value, -0.6));
}

describe("JpegDecoder", () => {
  it.each<[string, () => Uint8Array<ArrayBuffer>, PhotometricInterpretation, readonly number[]]>([
    ["YBR_FULL_422 with JFIF", () => jfif, "YBR_FULL_422", red],
    ["YBR_FULL without any marker", () => marked(), "YBR_FULL", red],
    ["YBR_FULL whose Adobe marker denies it", () => marked(0), "YBR_FULL", red],
    ["RGB without any marker, as it stands", () => marked(), "RGB", ybrOfRed],
    ["RGB whose Adobe marker agrees, as it stands", () => marked(0), "RGB", ybrOfRed],
    ["RGB that a JFIF marker contradicts, as YCbCr", () => jfif, "RGB", red],
    ["RGB that an Adobe marker contradicts, as YCbCr", () => marked(1), "RGB", red],
  ])("gives %s", async (_name, stream, photometricInterpretation, expected) => {
    expect(await firstPixel(stream(), photometricInterpretation)).toEqual(near(expected));
  });

  it("reads a stream with padding after its end marker", async () => {
    const padded = new Uint8Array([...jfif, 0]);
    expect(await firstPixel(padded, "YBR_FULL_422")).toEqual(near(red));
  });

  it.each([
    ["a DCT of 10 bits per sample", 4, 10, /10 bits/],
    ["arithmetic coding", 1, 0xc9, /SOF9/],
    ["hierarchical lossless coding", 1, 0xc7, /SOF7/],
  ])("says that %s cannot be decoded", async (_name, offset, value, message) => {
    const changed = jfif.slice();
    const sof = changed.findIndex((byte, at) => byte === 0xff && changed[at + 1] === 0xc0);
    changed[sof + offset] = value;
    const outcome = await decode(changed, {
      samplesPerPixel: 3,
      photometricInterpretation: "YBR_FULL_422",
    });
    expect(outcome).toEqual({
      ok: false,
      error: { code: "unsupported-transfer-syntax", message: expect.stringMatching(message) },
    });
  });

  it("records a depth that differs from the header", async () => {
    const outcome = await decode(jfif, {
      samplesPerPixel: 3,
      photometricInterpretation: "YBR_FULL",
      bitsAllocated: 16,
      bitsStored: 12,
      highBit: 11,
    });
    expect(outcome).toMatchObject({
      ok: true,
      frame: { bitsStored: 8, deviations: [{ code: "bits-stored-mismatch" }] },
    });
  });

  it.each([
    ["its end marker", () => jfif.slice(0, -2)],
    ["its end marker, and is padded", () => new Uint8Array([...jfif.slice(0, -2), 0, 0])],
  ])("decodes one scan that lacks nothing but %s, and says so", async (_name, stream) => {
    const outcome = await decode(stream(), ycc);
    expect(outcome).toMatchObject({ ok: true, frame: { deviations: [{ code: "no-end-marker" }] } });
    expect(outcome.ok && [...outcome.frame.samples.slice(-3)]).toEqual(near(red));
  });

  it("refuses one scan that lacks more than its end marker, wherever it was cut", async () => {
    const scan = readJpegHeader(jfif).segments.at(-1)?.end ?? 0;
    for (let length = scan; length < jfif.length - 2; length += 1)
      for (const end of [[], [0xff, 0xd9]]) {
        const outcome = await decode(new Uint8Array([...jfif.slice(0, length), ...end]), ycc);
        expect(outcome.ok, `${length} bytes`).toBe(false);
      }
  });

  it("refuses a component that has no scan", async () => {
    // Each component in a scan of its own: the first one is all that is there.
    const { segments } = readJpegHeader(jfif);
    const sos = segments.at(-1);
    const headers = jfif.slice(0, sos?.start);
    const scan = [0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0, ...jfif.slice(sos?.end, -2)];
    const alone = new Uint8Array([...headers, ...scan, 0xff, 0xd9]);
    expect(["truncated", "codec-failure"]).toContain(await firstPixel(alone, "YBR_FULL_422"));
  });

  it("takes the number of lines from the end of the first scan", async () => {
    const stream = jfif.slice(0, -2);
    const sof = stream.findIndex((byte, at) => byte === 0xff && stream[at + 1] === 0xc0);
    stream.set([0, 0], sof + 5);
    const dnl = [0xff, 0xdc, 0, 4, 0, size.rows, 0xff, 0xd9];
    expect(await firstPixel(new Uint8Array([...stream, ...dnl]), "YBR_FULL_422")).toEqual(
      near(red),
    );
  });

  it("reads samples that only the header calls signed as two's complement", async () => {
    const gray = await encodeJpeg(
      new Uint8Array(256).fill(200),
      { ...size, samplesPerPixel: 1 },
      100,
    );
    const outcome = await decode(gray, { pixelRepresentation: 1 });
    expect(outcome).toMatchObject({
      ok: true,
      frame: { isSigned: true, minimum: -56, maximum: -56, deviations: [] },
    });
  });

  it("refuses a stream that is no JPEG", async () => {
    expect(await firstPixel(new Uint8Array(200).fill(7), "RGB")).toBe("codec-failure");
  });
});
