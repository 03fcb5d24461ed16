import { beforeAll, describe, expect, it } from "vitest";
import type { ImagePixel } from "#core/pixels/image-pixel.ts";
import { imagePixel } from "#core/pixels/test-image-pixel.ts";
import { encodeJpeg2000 } from "../proxy/decode/encoders/jpeg-2000-encoder.ts";
import { nodeCodecs } from "../proxy/decode/node-codecs.ts";
import { encodeHtj2k } from "../proxy/testing/htj2k-encoder.ts";
import { CodecLoader } from "./codec-loader.ts";
import { decodeFrame, tryDecodeFrame } from "./decode-frame.ts";

const HTJ2K = "1.2.840.10008.1.2.4.201";
const HTJ2K_ANY = "1.2.840.10008.1.2.4.203";
const JPEG_2000 = "1.2.840.10008.1.2.4.90";
const codecs = new CodecLoader(nodeCodecs);
const size = { rows: 33, columns: 41 };
const count = size.rows * size.columns;
const gray = { ...size, samplesPerPixel: 1 } as const;
const signed = Int16Array.from({ length: count }, (_, at) => ((at * 37) % 4096) - 2048);
const rgb = Uint8Array.from({ length: count * 3 }, (_, at) => (at * 11) & 0xff);
const signed12 = imagePixel({
  ...size,
  bitsAllocated: 16,
  bitsStored: 12,
  highBit: 11,
  pixelRepresentation: 1,
});
const colour = imagePixel({ ...size, samplesPerPixel: 3, photometricInterpretation: "YBR_RCT" });
const streams = { signed12: new Uint8Array(), rgb: new Uint8Array(), equal: new Uint8Array() };

beforeAll(async () => {
  const pixels = { ...size, samplesPerPixel: 3 } as const;
  streams.signed12 = await encodeHtj2k(signed, gray, 12);
  streams.rgb = await encodeHtj2k(rgb, pixels, 8);
  const equal = rgb.map((_, at) => (Math.floor(at / 3) * 7) & 0xff);
  streams.equal = await encodeHtj2k(equal, pixels, 8);
});

function decode(
  encoded: Uint8Array,
  facts: ImagePixel,
  { uid = HTJ2K, loader = codecs }: { readonly uid?: string; readonly loader?: CodecLoader } = {},
) {
  const request = { encoded: encoded.slice(), imagePixel: facts, transferSyntaxUid: uid };
  return decodeFrame(request, loader);
}

describe("HTJ2K", () => {
  it.each([1, 5, 8, 9, 12, 16])("gives %i bits back exactly", async (bits) => {
    const value = (at: number) => (at * 7919) % 2 ** bits;
    const samples =
      bits > 8
        ? Uint16Array.from(signed, (_, at) => value(at))
        : Uint8Array.from(signed, (_, at) => value(at));
    const facts = imagePixel({
      ...size,
      bitsAllocated: bits > 8 ? 16 : 8,
      bitsStored: bits,
      highBit: bits - 1,
    });
    const frame = await decode(await encodeHtj2k(samples, gray, bits), facts);
    expect([...frame.samples]).toEqual([...samples]);
    expect([frame.decoder, frame.fidelity]).toEqual(["openjph 2.4.11", "exact"]);
  });

  it("gives signed samples and RGB back exactly", async () => {
    expect((await decode(streams.signed12, signed12)).samples).toEqual(signed);
    expect((await decode(streams.rgb, colour)).samples).toEqual(rgb);
  });

  it("keeps the sign of samples of one byte", async () => {
    const bytes = Int8Array.from(signed, (value) => value >> 4);
    const shifted = Uint8Array.from(bytes, (value) => value + 128);
    // What unsigned samples are shifted by, signed ones are not.
    const encoded = await encodeHtj2k(shifted, gray, 8);
    encoded[42] = 0x87;
    const facts = imagePixel({ ...size, pixelRepresentation: 1 });
    expect((await decode(encoded, facts)).samples).toEqual(bytes);
  });

  it("HTJ2K without colour transform: goes to OpenJPEG, as OpenJPH mixes its components up", async () => {
    const cod = streams.equal.findIndex(
      (byte, at) => byte === 0xff && streams.equal[at + 1] === 0x52,
    );
    const plain = streams.equal.slice();
    plain[cod + 8] = 0;
    // Without the transform back, equal colours are their luminance and two differences of 0, half of the range.
    const frame = await decode(plain, { ...colour, photometricInterpretation: "RGB" });
    const expected = rgb.map((_, at) => (at % 3 === 0 ? (Math.floor(at / 3) * 7) & 0xff : 128));
    expect(frame.samples).toEqual(expected);
    expect(frame.decoder).toBe("openjpeg 1.3.6");
  });

  it("is decoded by OpenJPEG when OpenJPH fails, and the frame says so", async () => {
    const loader = new CodecLoader({
      load: (codec) =>
        codec === "openjph" ? Promise.reject(new Error("Not there")) : nodeCodecs.load(codec),
    });
    const frame = await decode(streams.signed12, signed12, { loader });
    expect(frame.samples).toEqual(signed);
    expect(frame.decoder).toBe("openjpeg 1.3.6");
  });

  it("goes by the codestream when the header calls it JPEG 2000, and records it", async () => {
    const frame = await decode(streams.signed12, signed12, { uid: JPEG_2000 });
    expect(frame.samples).toEqual(signed);
    expect(frame.decoder).toBe("openjph 2.4.11");
    expect(frame.deviations.map(({ code }) => code)).toEqual(["other-encoding"]);
  });

  it("goes by the codestream when the header calls JPEG 2000 so, and records it", async () => {
    const frame = await decode(await encodeJpeg2000(signed, gray, 12), signed12);
    expect(frame.samples).toEqual(signed);
    expect(frame.decoder).toBe("openjpeg 1.3.6");
    expect(frame.deviations.map(({ code }) => code)).toEqual(["other-encoding"]);
  });

  it("is exact only where the transfer syntax forbids loss", async () => {
    expect((await decode(streams.signed12, signed12)).fidelity).toBe("exact");
    expect((await decode(streams.signed12, signed12, { uid: HTJ2K_ANY })).fidelity).toBe("lossy");
  });

  it("gives samples outside the codec's memory, which can be transferred", async () => {
    const { samples } = await decode(streams.signed12, signed12);
    await decode(
      await encodeHtj2k(
        signed.map(() => 5),
        gray,
        12,
      ),
      signed12,
    );
    expect(samples.buffer.byteLength).toBe(count * 2);
    expect(samples).toEqual(signed);
  });

  it.each([0.3, 0.5, 0.95])(
    "truncated: is refused when cut to %f of it, ended, and its last tile does not say how long it is",
    async (part) => {
      const whole = streams.signed12.slice();
      const sot = whole.findIndex((byte, at) => byte === 0xff && whole[at + 1] === 0x90);
      whole.fill(0, sot + 6, sot + 10);
      expect((await decode(whole, signed12)).samples).toEqual(signed);
      const cut = new Uint8Array([...whole.slice(0, whole.length * part), 0xff, 0xd9]);
      const request = { encoded: cut, imagePixel: signed12, transferSyntaxUid: HTJ2K };
      expect(await tryDecodeFrame(request, codecs)).toMatchObject({ ok: false });
    },
  );

  it("is refused when some of its blocks may be those of JPEG 2000, which no codec here decodes", async () => {
    const mixed = streams.signed12.slice();
    const cod = mixed.findIndex((byte, at) => byte === 0xff && mixed[at + 1] === 0x52);
    mixed[cod + 12] = 0xc0;
    const request = { encoded: mixed, imagePixel: signed12, transferSyntaxUid: HTJ2K };
    expect(await tryDecodeFrame(request, codecs)).toMatchObject({ ok: false });
  });

  it.each([0.05, 0.5, 0.99])("truncated: is refused when cut to %f of it", async (part) => {
    const encoded = streams.signed12.slice(0, streams.signed12.length * part);
    const request = { encoded, imagePixel: signed12, transferSyntaxUid: HTJ2K };
    expect(await tryDecodeFrame(request, codecs)).toMatchObject({
      ok: false,
      error: { code: "truncated" },
    });
  });
});
