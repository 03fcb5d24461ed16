import { beforeAll, describe, expect, it } from "vitest";
import type { ImagePixel } from "#core/pixels/image-pixel.ts";
import { imagePixel } from "#core/pixels/test-image-pixel.ts";
import { encodeJpeg2000 } from "../proxy/decode/encoders/jpeg-2000-encoder.ts";
import { nodeCodecs } from "../proxy/decode/node-codecs.ts";
import { CodecLoader } from "./codec-loader.ts";
import { decodeFrame, tryDecodeFrame } from "./decode-frame.ts";

const LOSSLESS = "1.2.840.10008.1.2.4.90";
const ANY = "1.2.840.10008.1.2.4.91";
const codecs = new CodecLoader(nodeCodecs);
const size = { rows: 16, columns: 24 };
const count = size.rows * size.columns;
const signed = Int16Array.from({ length: count }, (_, at) => ((at * 37) % 4096) - 2048);
const rgb = Uint8Array.from({ length: count * 3 }, (_, at) => (at * 11) & 0xff);
const gray13 = imagePixel({ ...size, bitsAllocated: 16, bitsStored: 13, highBit: 12 });
const colour = imagePixel({ ...size, samplesPerPixel: 3, photometricInterpretation: "YBR_RCT" });

/** Streams by name; tests change copies of them. */
const streams = { unsigned13: new Uint8Array(), signed13: new Uint8Array(), rgb: new Uint8Array() };

beforeAll(async () => {
  const matrix = { ...size, samplesPerPixel: 1 } as const;
  const bits = Uint16Array.from(signed, (value) => value & 0x1fff);
  streams.unsigned13 = await encodeJpeg2000(bits, matrix, 13);
  streams.signed13 = await encodeJpeg2000(signed, matrix, 13);
  streams.rgb = await encodeJpeg2000(rgb, { ...size, samplesPerPixel: 3 }, 8);
});

function decode(encoded: Uint8Array, facts: ImagePixel, transferSyntaxUid = LOSSLESS) {
  return decodeFrame({ encoded: encoded.slice(), imagePixel: facts, transferSyntaxUid }, codecs);
}

async function codeOf(encoded: Uint8Array, facts: ImagePixel): Promise<string> {
  const request = { encoded: encoded.slice(), imagePixel: facts, transferSyntaxUid: LOSSLESS };
  const outcome = await tryDecodeFrame(request, codecs);
  return outcome.ok ? "ok" : outcome.error.code;
}

/** The stream with one byte changed. */
function withByte(stream: Uint8Array, at: number, value: number): Uint8Array {
  const changed = stream.slice();
  changed[at] = value;
  return changed;
}

/** Offset of the COD marker segment. */
function codOf(stream: Uint8Array): number {
  return stream.findIndex((byte, at) => byte === 0xff && stream[at + 1] === 0x52);
}

function sotOf(stream: Uint8Array): number {
  return stream.findIndex((byte, at) => byte === 0xff && stream[at + 1] === 0x90);
}

describe("Jpeg2000Decoder", () => {
  it("reads two's complement from an unsigned codestream when the header says signed, and records it", async () => {
    const frame = await decode(streams.unsigned13, { ...gray13, pixelRepresentation: 1 });
    expect([...frame.samples]).toEqual([...signed]);
    expect(frame.deviations.map(({ code }) => code)).toEqual(["sign-mismatch"]);
  });

  it("keeps the sign of a signed codestream when the header says unsigned, and records it", async () => {
    const frame = await decode(streams.signed13, gray13);
    expect([...frame.samples]).toEqual([...signed]);
    expect(frame.isSigned).toBe(true);
    expect(frame.deviations.map(({ code }) => code)).toEqual(["sign-mismatch"]);
  });

  it("takes the depth from the codestream where the header says another, and records it", async () => {
    const facts = { ...gray13, bitsStored: 16, highBit: 15, pixelRepresentation: 1 } as const;
    const frame = await decode(streams.signed13, facts);
    expect(frame.bitsStored).toBe(13);
    expect(frame.deviations.map(({ code }) => code)).toEqual(["bits-stored-mismatch"]);
  });

  it("gives RGB of a codestream that transforms colour by itself", async () => {
    const frame = await decode(streams.rgb, colour);
    expect([...frame.samples]).toEqual([...rgb]);
    expect(frame.deviations).toEqual([]);
  });

  it("does not convert colour twice when the header calls the same stream YBR_FULL", async () => {
    const frame = await decode(streams.rgb, { ...colour, photometricInterpretation: "YBR_FULL" });
    expect([...frame.samples]).toEqual([...rgb]);
    expect(frame.deviations.map(({ code }) => code)).toEqual(["colour-transform-mismatch"]);
  });

  it("converts YBR_FULL that the codestream does not transform", async () => {
    const cod = codOf(streams.rgb);
    const plain = withByte(streams.rgb, cod + 8, 0);
    const asRgb = await decode(plain, { ...colour, photometricInterpretation: "RGB" });
    const asYbr = await decode(plain, { ...colour, photometricInterpretation: "YBR_FULL" });
    const [y = 0, , cr = 0] = asRgb.samples;
    const expected = Math.min(255, Math.max(0, Math.round(Number(y) + 1.402 * (Number(cr) - 128))));
    expect(asYbr.samples[0]).toBe(expected);
  });

  it("reads a codestream in the boxes of a JP2 file", async () => {
    const signature = [0, 0, 0, 12, 0x6a, 0x50, 0x20, 0x20, 13, 10, 0x87, 10];
    const other = [0, 0, 0, 9, 0x66, 0x72, 0x65, 0x65, 1];
    const boxed = new Uint8Array([
      ...signature,
      ...other,
      0,
      0,
      0,
      0,
      0x6a,
      0x70,
      0x32,
      0x63,
      ...streams.rgb,
    ]);
    expect([...(await decode(boxed, colour)).samples]).toEqual([...rgb]);
  });

  it.each([
    ["a palette", [0, 0, 0, 8, 0x70, 0x63, 0x6c, 0x72]],
    [
      "blue before red",
      [
        0, 0, 0, 28, 0x63, 0x64, 0x65, 0x66, 0, 3, 0, 0, 0, 0, 0, 3, 0, 1, 0, 0, 0, 2, 0, 2, 0, 0,
        0, 1,
      ],
    ],
    ["transparency", [0, 0, 0, 16, 0x63, 0x64, 0x65, 0x66, 0, 1, 0, 2, 0, 1, 0, 0]],
  ])("refuses a JP2 file with %s", async (_name, inner) => {
    const signature = [0, 0, 0, 12, 0x6a, 0x50, 0x20, 0x20, 13, 10, 0x87, 10];
    const header = [0, 0, 0, inner.length + 8, 0x6a, 0x70, 0x32, 0x68, ...inner];
    const start = [0, 0, 0, 0, 0x6a, 0x70, 0x32, 0x63];
    const boxed = new Uint8Array([...signature, ...header, ...start, ...streams.rgb]);
    expect(await codeOf(boxed, colour)).toBe("codec-failure");
  });

  it.each([0x70, 0x71, 0x72, 0x73, 0x76, 0x79])(
    "refuses the extension of Part 2 with the marker FF%s, which it would pass over",
    async (marker) => {
      const stream = streams.signed13;
      const cod = codOf(stream);
      const extended = [...stream.slice(0, cod), 0xff, marker, 0, 3, 0, ...stream.slice(cod)];
      expect(await codeOf(new Uint8Array(extended), gray13)).toBe("unsupported-transfer-syntax");
    },
  );

  it("reads a tile-part that reaches to the end marker (Psot 0)", async () => {
    const open = streams.signed13.slice();
    new DataView(open.buffer).setUint32(sotOf(open) + 6, 0);
    const frame = await decode(open, { ...gray13, pixelRepresentation: 1 });
    expect([...frame.samples]).toEqual([...signed]);
  });

  it("refuses a codestream that says it has more parts of a tile than are there", async () => {
    const stream = streams.signed13;
    expect(await codeOf(withByte(stream, sotOf(stream) + 11, 2), gray13)).toBe("truncated");
  });

  it("refuses a codestream that lacks a tile, although it has its end marker", async () => {
    const stream = streams.signed13.slice();
    // Two tiles of half the width; the second is not there.
    new DataView(stream.buffer).setUint32(24, size.columns / 2);
    expect(await codeOf(stream, gray13)).toBe("truncated");
  });

  it("refuses a JP2 file without a codestream", async () => {
    const box = [0, 0, 0, 12, 0x6a, 0x50, 0x20, 0x20, 13, 10, 0x87, 10];
    expect(await codeOf(new Uint8Array(box), colour)).toBe("truncated");
  });

  it("reads a codestream with padding after its end marker", async () => {
    const padded = new Uint8Array([...streams.rgb, 0, 0]);
    expect([...(await decode(padded, colour)).samples]).toEqual([...rgb]);
  });

  it("reads a complete codestream that lacks its end marker, and records it", async () => {
    const frame = await decode(streams.signed13.slice(0, -2), {
      ...gray13,
      pixelRepresentation: 1,
    });
    expect([...frame.samples]).toEqual([...signed]);
    expect(frame.deviations.map(({ code }) => code)).toEqual(["no-end-marker"]);
  });

  it("refuses a codestream without end marker when a part of a tile may be missing", async () => {
    const ended = streams.signed13.slice(0, -2);
    const sot = ended.findIndex((byte, at) => byte === 0xff && ended[at + 1] === 0x90);
    expect(await codeOf(withByte(ended, sot + 11, 2), gray13)).toBe("truncated");
  });

  it("XRsiz/YRsiz: decodes samples that stand on every second point of the grid", async () => {
    const sparse = withByte(withByte(streams.signed13, 43, 2), 44, 3);
    const view = new DataView(sparse.buffer);
    view.setUint32(8, size.columns * 2 - 1);
    view.setUint32(12, size.rows * 3 - 2);
    view.setUint32(24, size.columns * 2);
    view.setUint32(28, size.rows * 3);
    const frame = await decode(sparse, { ...gray13, pixelRepresentation: 1 });
    expect([...frame.samples]).toEqual([...signed]);
  });

  it("XRsiz/YRsiz: decodes an image that does not begin where its grid does", async () => {
    const moved = streams.signed13.slice();
    const view = new DataView(moved.buffer);
    // 2^5 points leave every level of the wavelet where it was.
    for (const at of [8, 12, 16, 20, 32, 36]) view.setUint32(at, view.getUint32(at) + 32);
    const frame = await decode(moved, { ...gray13, pixelRepresentation: 1 });
    expect([...frame.samples]).toEqual([...signed]);
  });

  it.each([
    ["chroma is subsampled horizontally", 46, 2],
    ["chroma is subsampled vertically", 47, 2],
    ["components have several depths", 45, 9],
  ])("XRsiz/YRsiz: refuses a frame when %s", async (_name, at, value) => {
    expect(await codeOf(withByte(streams.rgb, at, value), colour)).toBe(
      "unsupported-transfer-syntax",
    );
  });

  it.each([
    ["the step of the grid is 0", 43, 0],
    ["the tiles have no width", 27, 0],
  ])("XRsiz/YRsiz: refuses a frame when %s", async (_name, at, value) => {
    expect(await codeOf(withByte(streams.signed13, at, value), gray13)).toBe("codec-failure");
  });

  it("keeps the sign of samples of one byte, which the codec would cut to 0", async () => {
    const bytes = Int8Array.from(signed, (value) => value >> 4);
    const shifted = Uint8Array.from(bytes, (value) => value + 128);
    const unsigned = await encodeJpeg2000(shifted, { ...size, samplesPerPixel: 1 }, 8);
    // What unsigned samples are shifted by, signed ones are not.
    const encoded = withByte(unsigned, 42, 0x87);
    const frame = await decode(encoded, imagePixel({ ...size, pixelRepresentation: 1 }));
    expect(frame.samples).toEqual(bytes);
  });

  it("refuses more bits per sample than the codec gives", async () => {
    expect(await codeOf(withByte(streams.signed13, 42, 23), gray13)).toBe(
      "unsupported-transfer-syntax",
    );
  });

  it("calls samples exact only where the transfer syntax forbids loss and the wavelet is reversible", async () => {
    const facts = { ...gray13, pixelRepresentation: 1 } as const;
    const irreversible = withByte(streams.signed13, codOf(streams.signed13) + 13, 0);
    expect((await decode(streams.signed13, facts)).fidelity).toBe("exact");
    expect((await decode(streams.signed13, facts, ANY)).fidelity).toBe("lossy");
    const outcome = await tryDecodeFrame(
      { encoded: irreversible.slice(), imagePixel: facts, transferSyntaxUid: LOSSLESS },
      codecs,
    );
    // Whether the codec accepts such a stream is its own affair; exact it must not be.
    if (outcome.ok) expect(outcome.frame.fidelity).toBe("lossy");
  });
});
