import { describe, expect, it } from "vitest";
import type { ImagePixel } from "#core/pixels/image-pixel.ts";
import { imagePixel } from "#core/pixels/test-image-pixel.ts";
import { encodeJpegLs, type JpegLsOptions } from "../proxy/decode/encoders/jpeg-ls-encoder.ts";
import { nodeCodecs } from "../proxy/decode/node-codecs.ts";
import { CodecLoader } from "./codec-loader.ts";
import { decodeFrame, tryDecodeFrame } from "./decode-frame.ts";

const LOSSLESS = "1.2.840.10008.1.2.4.80";
const codecs = new CodecLoader(nodeCodecs);
const size = { rows: 17, columns: 23 };
const count = size.rows * size.columns;
const gray = { ...size, samplesPerPixel: 1 } as const;
const colour = { ...size, samplesPerPixel: 3 } as const;
const rgbPixel = imagePixel({ ...colour, photometricInterpretation: "RGB" });
const rgb = Uint8Array.from({ length: count * 3 }, (_, at) => (at * 11) ^ (at >> 3));

/** Values of so many bits that cover the whole range. */
function ramp(bits: number): Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer> {
  const value = (at: number) => (at * 7919 + (at >> 2)) % 2 ** bits;
  return bits > 8
    ? Uint16Array.from({ length: count }, (_, at) => value(at))
    : Uint8Array.from({ length: count }, (_, at) => value(at));
}

function facts(bitsStored: number, more: Partial<ImagePixel> = {}): ImagePixel {
  const bitsAllocated = bitsStored > 8 ? 16 : 8;
  return imagePixel({ ...size, bitsAllocated, bitsStored, highBit: bitsStored - 1, ...more });
}

function decode(encoded: Uint8Array, image: ImagePixel) {
  const request = { encoded: encoded.slice(), imagePixel: image, transferSyntaxUid: LOSSLESS };
  return decodeFrame(request, codecs);
}

async function codeOf(encoded: Uint8Array, image: ImagePixel): Promise<string> {
  const request = { encoded: encoded.slice(), imagePixel: image, transferSyntaxUid: LOSSLESS };
  const outcome = await tryDecodeFrame(request, codecs);
  return outcome.ok ? "ok" : outcome.error.code;
}

/** The stream with a marker segment after SOI. */
function withSegment(stream: Uint8Array, marker: number, content: readonly number[]): Uint8Array {
  const head = [0xff, marker, 0, content.length + 2, ...content];
  return new Uint8Array([...stream.slice(0, 2), ...head, ...stream.slice(2)]);
}

function offsetOf(stream: Uint8Array, marker: number): number {
  return stream.findIndex((byte, at) => byte === 0xff && stream[at + 1] === marker);
}

describe("CharlsDecoder", () => {
  it.each([2, 3, 5, 7, 8, 9, 10, 12, 13, 15, 16])("gives %i bits back exactly", async (bits) => {
    const frame = await decode(await encodeJpegLs(ramp(bits), gray, bits), facts(bits));
    expect([...frame.samples]).toEqual([...ramp(bits)]);
    expect([frame.bitsStored, frame.fidelity, frame.decoder]).toEqual([
      bits,
      "exact",
      "charls 1.2.7",
    ]);
    expect(frame.deviations).toEqual([]);
  });

  it.each([8, 12, 16])(
    "reads two's complement of %i bits, which JPEG-LS does not know of",
    async (bits) => {
      const signed = Array.from(ramp(bits), (value) => value - 2 ** (bits - 1));
      const stored = ramp(bits).map((_, at) => (signed[at] ?? 0) & (2 ** bits - 1));
      const frame = await decode(
        await encodeJpegLs(stored, gray, bits),
        facts(bits, { pixelRepresentation: 1 }),
      );
      expect([...frame.samples]).toEqual(signed);
      expect(frame.deviations).toEqual([]);
    },
  );

  it.each([
    ["with their sign extended", (value: number) => value & 0xffff],
    ["with zeros above their sign", (value: number) => value & 0x0fff],
  ])("reads words of 16 bits that hold signed samples of 12, %s", async (_name, store) => {
    const signed = Array.from({ length: count }, (_, at) => ((at * 37) % 4096) - 2048);
    const encoded = await encodeJpegLs(Uint16Array.from(signed, store), gray, 16);
    const image = facts(12, { pixelRepresentation: 1 });
    expect([...(await decode(encoded, image)).samples]).toEqual(signed);
  });

  it("takes overlays out of words that were encoded as they stood", async () => {
    const words = Uint16Array.from(
      { length: count },
      (_, at) => (at % 4096) | (at % 3 === 0 ? 0x8000 : 0),
    );
    const image = facts(12, { embeddedOverlayBits: [15] });
    const frame = await decode(await encodeJpegLs(words, gray, 16), image);
    expect([...frame.samples]).toEqual(Array.from({ length: count }, (_, at) => at % 4096));
    expect(frame.embeddedOverlays?.[0]?.data[0]).toBe(0b0100_1001);
  });

  it.each<JpegLsOptions["interleaveMode"]>([0, 1, 2])(
    "JPEG-LS planar output: gives colour by pixel in interleave mode %i",
    async (interleaveMode) => {
      const encoded = await encodeJpegLs(rgb, colour, 8, { interleaveMode: interleaveMode ?? 2 });
      expect([...(await decode(encoded, rgbPixel)).samples]).toEqual([...rgb]);
    },
  );

  it("JPEG-LS planar output: gives colour of 16 bits by pixel", async () => {
    const deep = Uint16Array.from(rgb, (value, at) => value * 257 - (at & 1));
    const encoded = await encodeJpegLs(deep, colour, 16, { interleaveMode: 0 });
    const image = { ...rgbPixel, bitsAllocated: 16, bitsStored: 16, highBit: 15 } as const;
    expect([...(await decode(encoded, image)).samples]).toEqual([...deep]);
  });

  it("calls near-lossless samples lossy, and they are as near as the stream says", async () => {
    const encoded = await encodeJpegLs(ramp(12), gray, 12, { near: 3 });
    const frame = await decode(encoded, facts(12));
    const off = Array.from(ramp(12), (value, at) => Math.abs(value - Number(frame.samples[at])));
    expect(Math.max(...off)).toBeLessThanOrEqual(3);
    expect(Math.max(...off)).toBeGreaterThan(0);
    expect(frame.fidelity).toBe("lossy");
  });

  it("undoes the colour transform that an mrfx segment tells of", async () => {
    // HP1: R - G + 128, G, B - G + 128.
    const transformed = rgb.map((value, at) =>
      at % 3 === 1 ? value : value - (rgb[at - (at % 3) + 1] ?? 0) + 128,
    );
    const plain = await encodeJpegLs(transformed, colour, 8);
    const mrfx = withSegment(plain, 0xe8, [0x6d, 0x72, 0x66, 0x78, 1]);
    expect([...(await decode(mrfx, rgbPixel)).samples]).toEqual([...rgb]);
  });

  it("converts YBR_FULL, and takes colours that JPEG-LS does not have as RGB", async () => {
    const encoded = await encodeJpegLs(
      Uint8Array.from(rgb, (_, at) => (at % 3 === 0 ? 90 : 128)),
      colour,
      8,
    );
    const ybr = await decode(encoded, { ...rgbPixel, photometricInterpretation: "YBR_FULL" });
    expect([...ybr.samples].every((value) => value === 90)).toBe(true);
    const rct = await decode(encoded, { ...rgbPixel, photometricInterpretation: "YBR_RCT" });
    expect([...rct.samples.slice(0, 3)]).toEqual([90, 128, 128]);
    expect(rct.deviations.map(({ code }) => code)).toEqual(["colour-transform-mismatch"]);
  });

  it("reads a stream with padding after its end marker", async () => {
    const padded = new Uint8Array([...(await encodeJpegLs(ramp(8), gray, 8)), 0]);
    expect(await codeOf(padded, facts(8))).toBe("ok");
  });

  it.each([
    ["mapping tables", (stream: Uint8Array) => withSegment(stream, 0xf8, [2, 1, 1, 0])],
    ["rows that are told at the end", (stream: Uint8Array) => withSegment(stream, 0xdc, [0, 17])],
    [
      "subsampled components",
      (stream: Uint8Array) => changed(stream, offsetOf(stream, 0xf7) + 11, 0x21),
    ],
    [
      "a mapping table of a scan",
      (stream: Uint8Array) => changed(stream, offsetOf(stream, 0xda) + 6, 1),
    ],
    ["a point transform", (stream: Uint8Array) => changed(stream, offsetOf(stream, 0xda) + 9, 1)],
  ])("refuses %s, which it would pass over", async (_name, change) => {
    const stream = await encodeJpegLs(ramp(8), gray, 8);
    expect(await codeOf(change(stream), facts(8))).toBe("unsupported-transfer-syntax");
  });

  it("refuses scans whose components come in another order, as their colours would be mixed up", async () => {
    const stream = await encodeJpegLs(rgb, colour, 8, { interleaveMode: 0 });
    const first = offsetOf(stream, 0xda) + 5;
    const swapped = changed(stream, first, (stream[first] ?? 0) + 1);
    expect(await codeOf(swapped, rgbPixel)).toBe("codec-failure");
  });

  it.each([0.25, 0.5, 0.9])(
    "truncated: refuses a stream cut to %f of it without asking the codec, which would take seconds",
    async (part) => {
      const side = 1500;
      const noise = Uint16Array.from({ length: side * side }, (_, at) => (at * 7919) & 0xfff);
      const matrix = { rows: side, columns: side, samplesPerPixel: 1 } as const;
      const stream = await encodeJpegLs(noise, matrix, 12);
      const image = facts(12, { rows: side, columns: side });
      const untouched = new CodecLoader({
        load: () => Promise.reject(new Error("The codec was asked")),
      });
      const encoded = stream.slice(0, stream.length * part);
      const request = { encoded, imagePixel: image, transferSyntaxUid: LOSSLESS };
      expect(await tryDecodeFrame(request, untouched)).toMatchObject({
        ok: false,
        error: { code: "truncated" },
      });
    },
  );

  it("says in words what the codec refused", async () => {
    const stream = await encodeJpegLs(ramp(12), gray, 12);
    const damaged = stream.slice();
    damaged.fill(0, 60, damaged.length - 2);
    const request = { encoded: damaged, imagePixel: facts(12), transferSyntaxUid: LOSSLESS };
    const outcome = await tryDecodeFrame(request, codecs);
    expect(outcome).toMatchObject({ ok: false, error: { message: /refused the frame: \w+/ } });
  });

  it("module dead after n failures: each failure costs its instance, so that none comes near its last one", async () => {
    let instances = 0;
    const counted = new CodecLoader({
      load: async (codec) => {
        const binary = await nodeCodecs.load(codec);
        return {
          instantiate: (imports) => {
            instances += 1;
            return binary.instantiate(imports);
          },
        };
      },
    });
    const stream = await encodeJpegLs(ramp(12), gray, 12);
    const damaged = stream.slice().fill(0, 60, stream.length - 2);
    const request = { imagePixel: facts(12), transferSyntaxUid: LOSSLESS };
    for (let failure = 0; failure < 30; failure += 1)
      await tryDecodeFrame({ ...request, encoded: damaged.slice() }, counted);
    const frame = await decodeFrame({ ...request, encoded: stream.slice() }, counted);
    expect([...frame.samples]).toEqual([...ramp(12)]);
    expect(instances).toBe(31);
  });
});

/** The stream with one byte changed. */
function changed(stream: Uint8Array, at: number, value: number): Uint8Array {
  const copy = stream.slice();
  copy[at] = value;
  return copy;
}
