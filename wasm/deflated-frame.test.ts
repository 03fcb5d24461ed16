import { deflateRawSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { imagePixel } from "#core/pixels/test-image-pixel.ts";
import { nodeCodecs } from "../proxy/decode/node-codecs.ts";
import { CodecLoader } from "./codec-loader.ts";
import { tryDecodeFrame } from "./decode-frame.ts";

const DEFLATED_FRAMES = "1.2.840.10008.1.2.8.1";
const codecs = new CodecLoader(nodeCodecs);
const image = imagePixel({ rows: 4, columns: 5, bitsAllocated: 16, bitsStored: 12, highBit: 11 });
const samples = Uint16Array.from({ length: 20 }, (_, at) => at * 200);
const native = new Uint8Array(samples.buffer);

function decode(encoded: Uint8Array<ArrayBuffer>) {
  return tryDecodeFrame({ encoded, imagePixel: image, transferSyntaxUid: DEFLATED_FRAMES }, codecs);
}

function deflated(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(deflateRawSync(bytes));
}

describe("a deflated frame", () => {
  it.each([
    ["as it is", []],
    ["with a byte that makes its length even", [0]],
  ])("is inflated %s", async (_name, padding) => {
    const encoded = new Uint8Array([...deflated(native), ...padding]);
    expect(await decode(encoded)).toMatchObject({
      ok: true,
      frame: { samples, decoder: "deflate", fidelity: "exact", deviations: [] },
    });
  });

  it("is refused beyond the size of a frame, however small it is deflated", async () => {
    const bomb = deflated(new Uint8Array(64 * 1024 * 1024));
    expect(bomb.length).toBeLessThan(100_000);
    expect(await decode(bomb)).toMatchObject({ ok: false, error: { code: "limit-exceeded" } });
  });

  it.each([
    ["cut short", deflated(native).slice(0, 20), "truncated"],
    ["too short when inflated", deflated(native.slice(0, 30)), "truncated"],
    ["no deflated stream", new Uint8Array([0xff, 0xff, 0xff, 0xff]), "codec-failure"],
    ["one byte", new Uint8Array([7]), "codec-failure"],
    ["nothing", new Uint8Array(0), "truncated"],
  ])("is refused when it is %s", async (_name, encoded, code) => {
    expect(await decode(encoded)).toMatchObject({ ok: false, error: { code } });
  });
});
