import { describe, expect, it } from "vitest";
import type { CodecDecoder } from "./codec-glue.ts";
import { decodeWith } from "./decode-with.ts";

const header = { rows: 2, columns: 2, components: 1, bitDepth: 8, isSigned: false };

/** A codec that answers what the test says, and notes whether it was deleted. */
function decoderOf(answer: {
  readonly bytes: number;
  readonly width?: number;
  readonly decode?: () => void;
}): CodecDecoder & { isDeleted: boolean } {
  return {
    isDeleted: false,
    getEncodedBuffer: (byteLength) => new Uint8Array(byteLength),
    decode: answer.decode ?? (() => undefined),
    getDecodedBuffer: () => new Uint8ClampedArray(answer.bytes),
    getFrameInfo: () => ({
      width: answer.width ?? 2,
      height: 2,
      bitsPerSample: 8,
      componentCount: 1,
      isSigned: false,
    }),
    delete() {
      this.isDeleted = true;
    },
  };
}

describe("decodeWith", () => {
  it.each([
    ["nothing, as OpenJPEG does of a damaged frame", { bytes: 0 }],
    ["too few bytes", { bytes: 3 }],
    ["too many bytes", { bytes: 8 }],
    ["an image of another size", { bytes: 4, width: 4 }],
  ])("refuses a codec that gives %s", (_name, answer) => {
    const decoder = decoderOf(answer);
    expect(() => decodeWith(decoder, new Uint8Array(1), header)).toThrow(/The codec gave/);
    expect(decoder.isDeleted).toBe(true);
  });

  it("deletes the decoder of a codec that throws, and passes on what it threw", () => {
    const decoder = decoderOf({
      bytes: 4,
      decode: () => {
        throw new RangeError("memory access out of bounds");
      },
    });
    expect(() => decodeWith(decoder, new Uint8Array(1), header)).toThrow(RangeError);
    expect(decoder.isDeleted).toBe(true);
  });
});
