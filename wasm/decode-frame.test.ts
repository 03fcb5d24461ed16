import { beforeAll, describe, expect, it } from "vitest";
import { JPEG_2000_LOSSLESS, JPEG_BASELINE, RLE_LOSSLESS } from "#core/dicom/transfer-syntax.ts";
import type { ImagePixel } from "#core/pixels/image-pixel.ts";
import { imagePixel } from "#core/pixels/test-image-pixel.ts";
import packageJson from "../package.json" with { type: "json" };
import { encodeJpeg2000 } from "../proxy/decode/encoders/jpeg-2000-encoder.ts";
import { encodeJpeg } from "../proxy/decode/encoders/jpeg-encoder.ts";
import { encodeJpegLs } from "../proxy/decode/encoders/jpeg-ls-encoder.ts";
import { encodeRle } from "../proxy/decode/encoders/rle-encoder.ts";
import { nodeCodecs } from "../proxy/decode/node-codecs.ts";
import { encodeHtj2k } from "../proxy/testing/htj2k-encoder.ts";
import { CodecLoader } from "./codec-loader.ts";
import type { CodecSource } from "./codec-source.ts";
import { decodeFrame, tryDecodeFrame } from "./decode-frame.ts";

const SIDE = 64;
const square = { rows: SIDE, columns: SIDE };
const gray8 = imagePixel(square);
const signed12 = imagePixel({
  ...square,
  bitsAllocated: 16,
  bitsStored: 12,
  highBit: 11,
  pixelRepresentation: 1,
});

interface Case {
  readonly transferSyntaxUid: string;
  readonly imagePixel: ImagePixel;
  readonly encoded: Uint8Array<ArrayBuffer>;
}

const codecs = new CodecLoader(nodeCodecs);
const ALL = ["JPEG 2000", "HTJ2K", "JPEG", "JPEG-LS", "RLE"];
const cases = new Map<string, Case>();

function caseOf(name: string): Case {
  const found = cases.get(name);
  if (found === undefined) throw new Error(`There is no case ${name}`);
  return found;
}

/** The outcome of decoding a case that was changed in some way, as a code or `ok`. */
async function outcomeOf(name: string, change: Partial<Case>): Promise<string> {
  const { encoded, ...rest } = { ...caseOf(name), ...change };
  const outcome = await tryDecodeFrame({ ...rest, encoded: encoded.slice() }, codecs);
  return outcome.ok ? "ok" : outcome.error.code;
}

const noise = Int16Array.from({ length: SIDE * SIDE }, (_, at) => ((at * 7919) % 4096) - 2048);

beforeAll(async () => {
  const matrix = { ...square, samplesPerPixel: 1 } as const;
  const bytes = Uint8Array.from(noise, (value) => value & 0xff);
  cases.set("JPEG 2000", {
    transferSyntaxUid: JPEG_2000_LOSSLESS,
    imagePixel: signed12,
    encoded: await encodeJpeg2000(noise, matrix, 12),
  });
  cases.set("JPEG", {
    transferSyntaxUid: JPEG_BASELINE,
    imagePixel: gray8,
    encoded: await encodeJpeg(bytes, matrix, 90),
  });
  cases.set("HTJ2K", {
    transferSyntaxUid: "1.2.840.10008.1.2.4.201",
    imagePixel: signed12,
    encoded: await encodeHtj2k(noise, matrix, 12),
  });
  cases.set("JPEG-LS", {
    transferSyntaxUid: "1.2.840.10008.1.2.4.80",
    imagePixel: signed12,
    encoded: await encodeJpegLs(
      noise.map((value) => value & 0xfff),
      matrix,
      12,
    ),
  });
  cases.set("RLE", {
    transferSyntaxUid: RLE_LOSSLESS,
    imagePixel: signed12,
    encoded: encodeRle(noise, matrix),
  });
});

describe("decodeFrame", () => {
  it.each(["JPEG 2000", "HTJ2K", "JPEG-LS", "RLE"])(
    "gives back exactly what was encoded as %s",
    async (name) => {
      const { encoded, ...rest } = caseOf(name);
      const frame = await decodeFrame({ ...rest, encoded: encoded.slice() }, codecs);
      expect(frame.samples).toEqual(noise);
      expect([frame.fidelity, frame.minimum, frame.maximum]).toEqual(["exact", -2048, 2047]);
      expect(frame.deviations).toEqual([]);
    },
  );

  it("gives nearly what was encoded as JPEG, and says that it is lossy", async () => {
    const { encoded, ...rest } = caseOf("JPEG");
    const frame = await decodeFrame({ ...rest, encoded: encoded.slice() }, codecs);
    const off = [...frame.samples].map((value, at) => Math.abs(value - ((noise[at] ?? 0) & 0xff)));
    expect(off.reduce((sum, value) => sum + value) / off.length).toBeLessThan(12);
    expect(frame.fidelity).toBe("lossy");
  });

  it.each([
    ["JPEG 2000", "openjpeg", "@cornerstonejs/codec-openjpeg"],
    ["HTJ2K", "openjph", "@cornerstonejs/codec-openjph"],
    ["JPEG-LS", "charls", "@cornerstonejs/codec-charls"],
  ])("names the codec of %s with the version that is installed", async (name, codec, pack) => {
    const dependencies: unknown = Reflect.get(packageJson, "dependencies");
    const version: unknown = Reflect.get(Object(dependencies), pack);
    const outcome = await tryDecodeFrame(caseOf(name), codecs);
    expect(outcome).toMatchObject({ ok: true, frame: { decoder: `${codec} ${version}` } });
  });

  it("gives samples in a buffer of their own, which can be transferred", async () => {
    for (const { encoded, ...rest } of cases.values()) {
      const frame = await decodeFrame({ ...rest, encoded: encoded.slice() }, codecs);
      expect(frame.samples.buffer.byteLength).toBe(frame.samples.byteLength);
    }
  });

  it.each([
    ["1.2.840.10008.1.2.4.110", /JPEG XL/],
    ["1.2.840.10008.1.2.4.102", /H\.264/],
  ])("knows %s by name, and that it cannot decode it", async (transferSyntaxUid, name) => {
    const outcome = await tryDecodeFrame({ ...caseOf("RLE"), transferSyntaxUid }, codecs);
    expect(outcome).toMatchObject({ ok: false, error: { code: "unsupported-transfer-syntax" } });
    expect(outcome).toMatchObject({ error: { message: expect.stringMatching(name) } });
  });

  it("says that it does not know a transfer syntax", async () => {
    expect(await outcomeOf("RLE", { transferSyntaxUid: "1.2.3" })).toBe("unknown-transfer-syntax");
  });

  it("reads encapsulated uncompressed frames as native ones", async () => {
    const uid = "1.2.840.10008.1.2.1.98";
    const encoded = new Uint8Array(SIDE * SIDE).fill(7);
    expect(await outcomeOf("JPEG", { transferSyntaxUid: uid, encoded })).toBe("ok");
  });
});

describe.each(ALL)("a damaged %s frame", (name) => {
  it.each([0, 1, 40, 400])(
    "zero length, truncated: is refused when only %i bytes of it came",
    async (length) => {
      const encoded = caseOf(name).encoded.slice(0, length);
      expect(["truncated", "codec-failure"]).toContain(await outcomeOf(name, { encoded }));
    },
  );

  it("truncated: is refused when half of it came, and never shows the frame before", async () => {
    const { encoded } = caseOf(name);
    expect(await outcomeOf(name, {})).toBe("ok");
    const half = encoded.slice(0, encoded.length / 2);
    expect(["truncated", "codec-failure"]).toContain(await outcomeOf(name, { encoded: half }));
    expect(await outcomeOf(name, {})).toBe("ok");
  });

  it("stale previous frame: is never the one before when its middle is lost, and the next one is whole again", async () => {
    const { encoded } = caseOf(name);
    const before = await tryDecodeFrame({ ...caseOf(name), encoded: encoded.slice() }, codecs);
    const hollow = encoded.slice();
    hollow.fill(0, 200, hollow.length - 2);
    const damaged = await tryDecodeFrame({ ...caseOf(name), encoded: hollow }, codecs);
    if (before.ok && damaged.ok) expect(damaged.frame.samples).not.toEqual(before.frame.samples);
    const after = await tryDecodeFrame({ ...caseOf(name), encoded: encoded.slice() }, codecs);
    expect(after).toEqual(before);
  });

  it.each([
    ["rows", { rows: SIDE + 1 }],
    ["columns", { columns: SIDE * 2 }],
    ["samples per pixel", { samplesPerPixel: 3, photometricInterpretation: "RGB" }],
  ] satisfies [string, Partial<ImagePixel>][])(
    "is refused when its header lies about %s",
    async (_fact, lie) => {
      const lying = { ...caseOf(name).imagePixel, ...lie };
      expect(["truncated", "codec-failure"]).toContain(
        await outcomeOf(name, { imagePixel: lying }),
      );
    },
  );

  it("hostile dimensions: is refused before memory is taken when header and stream agree on an enormous image", async () => {
    const { encoded, imagePixel: facts } = caseOf(name);
    const hostile = encoded.slice();
    const view = new DataView(hostile.buffer);
    if (name === "JPEG 2000" || name === "HTJ2K") {
      view.setUint32(8, 60_000);
      view.setUint32(12, 60_000);
      view.setUint32(24, 60_000);
      view.setUint32(28, 60_000);
    } else if (name !== "RLE") {
      const marker = name === "JPEG" ? 0xc0 : 0xf7;
      const sof = hostile.findIndex((byte, at) => byte === 0xff && hostile[at + 1] === marker);
      view.setUint16(sof + 5, 60_000);
      view.setUint16(sof + 7, 60_000);
    }
    const enormous = { ...facts, rows: 60_000, columns: 60_000 };
    expect(await outcomeOf(name, { encoded: hostile, imagePixel: enormous })).toBe(
      "limit-exceeded",
    );
  });

  it("gives a value or a failure when bytes of it are wrong, never anything else", async () => {
    const { encoded } = caseOf(name);
    for (let seed = 1; seed <= 60; seed += 1) {
      const mutated = encoded.slice();
      for (let hit = 0; hit < 4; hit += 1)
        mutated[(seed * 7919 + hit * 104_729) % mutated.length] = (seed * 31 + hit * 17) & 0xff;
      expect(await outcomeOf(name, { encoded: mutated })).toMatch(
        /^(ok|truncated|codec-failure|limit-exceeded|unsupported-transfer-syntax)$/,
      );
    }
  });
});

/** Good frames, and damaged ones among them, for a test; the long run is done by hand. */
const GOOD = Number(process.env["NEGATO_MEMORY_FRAMES"] ?? 200);

describe.each(["JPEG 2000", "HTJ2K", "JPEG", "JPEG-LS"])(
  "memory over many frames of %s",
  (name) => {
    it("is as large after all as after the first, with one instance while nothing fails", async () => {
      const { loader, memories } = observedCodecs();
      const sizes = new Set<number>();
      for (let count = 0; count < Math.min(GOOD, 450); count += 1) {
        const { encoded, ...rest } = caseOf(name);
        await decodeFrame({ ...rest, encoded: encoded.slice() }, loader);
        sizes.add(memories.at(-1)?.buffer.byteLength ?? 0);
      }
      expect(memories).toHaveLength(1);
      expect(sizes.size).toBe(1);
    });

    it(
      "does not grow from one instance to the next when every fifth frame is damaged",
      async () => {
        const { loader, memories } = observedCodecs();
        const { encoded, ...rest } = caseOf(name);
        const damaged = encoded.slice().fill(0, encoded.length >> 2, encoded.length - 2);
        let largest = 0;
        for (let count = 0; count < (GOOD * 5) / 4; count += 1) {
          const isGood = count % 5 !== 4;
          await tryDecodeFrame({ ...rest, encoded: (isGood ? encoded : damaged).slice() }, loader);
          largest = Math.max(largest, memories.at(-1)?.buffer.byteLength ?? 0);
          // Of an instance that was given up nothing is to hold on to.
          memories.splice(0, memories.length - 1);
        }
        expect(largest).toBeLessThanOrEqual(64 * 1024 * 1024);
      },
      20_000 + GOOD * 100,
    );
  },
);

/** Codecs, and the memories of the instances that were made of them. */
function observedCodecs(): {
  readonly loader: CodecLoader;
  readonly memories: { readonly buffer: ArrayBuffer }[];
} {
  const memories: { readonly buffer: ArrayBuffer }[] = [];
  const source: CodecSource = {
    load: async (codec) => {
      const binary = await nodeCodecs.load(codec);
      return {
        instantiate: async (imports) => {
          const instance = await binary.instantiate(imports);
          memories.push(memoryOf(instance));
          return instance;
        },
      };
    },
  };
  return { loader: new CodecLoader(source), memories };
}

/** The memory among the exports of an instance, whatever its name is. */
function memoryOf(instance: object): { readonly buffer: ArrayBuffer } {
  const exports: unknown = Reflect.get(instance, "exports");
  if (typeof exports !== "object" || exports === null) throw new Error("There are no exports");
  for (const value of Object.values(exports)) if (value instanceof WebAssembly.Memory) return value;
  throw new Error("There is no memory");
}
