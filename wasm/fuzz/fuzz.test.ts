import { deflateRawSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { JPEG_2000_LOSSLESS, JPEG_BASELINE, RLE_LOSSLESS } from "#core/dicom/transfer-syntax.ts";
import type { ImagePixel } from "#core/pixels/image-pixel.ts";
import { imagePixel } from "#core/pixels/test-image-pixel.ts";
import { encodeJpeg2000 } from "../../proxy/decode/encoders/jpeg-2000-encoder.ts";
import { encodeJpeg } from "../../proxy/decode/encoders/jpeg-encoder.ts";
import { encodeJpegLs } from "../../proxy/decode/encoders/jpeg-ls-encoder.ts";
import { encodeRle } from "../../proxy/decode/encoders/rle-encoder.ts";
import { nodeCodecs } from "../../proxy/decode/node-codecs.ts";
import { encodeHtj2k } from "../../proxy/testing/htj2k-encoder.ts";
import { CodecLoader } from "../codec-loader.ts";
import { decodeFrame, tryDecodeFrame } from "../decode-frame.ts";
import { encodeDctJpeg } from "../testing/dct-jpeg-encoder.ts";
import { encodeLosslessJpeg } from "../testing/lossless-jpeg-encoder.ts";
import { mutate, seededRandom } from "./mutate.ts";

/** Damaged frames for each subject; many more by hand (see the README of wasm). */
const ROUNDS = Number(process.env["NEGATO_FUZZ_ROUNDS"] ?? 80);
const SEED = Number(process.env["NEGATO_FUZZ_SEED"] ?? 1);
/** After so many damaged frames a good one must still be right. */
const GOOD_EVERY = 20;
/** What nobody waits for. A pool ends a frame of this size after 2 s, but this test may run on a busy machine. */
const HANG_MS = 10_000;
const CODES =
  /^(truncated|codec-failure|limit-exceeded|unsupported-transfer-syntax|invalid-value)$/;

const codecs = new CodecLoader(nodeCodecs);

type Encoded = Uint8Array<ArrayBuffer>;

/** Two images of one description, encoded alike: one to damage, and one that must not appear in its place. */
interface FuzzSubject {
  readonly name: string;
  readonly transferSyntaxUid: string;
  readonly imagePixel: ImagePixel;
  readonly encode: (seed: number) => Promise<Encoded>;
}

const SIDE = 48;
const COUNT = SIDE * SIDE;
const square = { rows: SIDE, columns: SIDE };
const gray = { ...square, samplesPerPixel: 1 } as const;
const pixels = { ...square, samplesPerPixel: 3 } as const;
const gray12 = imagePixel({ ...square, bitsAllocated: 16, bitsStored: 12, highBit: 11 });
const rgb = imagePixel({ ...pixels, photometricInterpretation: "RGB" });

/** Samples of 12 bits with slopes and noise, other ones for each seed. */
function words(seed: number): Uint16Array<ArrayBuffer> {
  const noise = (at: number) => (Math.imul(at + seed, 2_654_435_761) >>> 20) & 63;
  return Uint16Array.from({ length: COUNT }, (_, at) => (at + seed * 997 + noise(at)) & 0xfff);
}

function colours(seed: number): Encoded {
  return Uint8Array.from(
    { length: COUNT * 3 },
    (_, at) => ((at >> 3) + seed * 61 + (at % 3)) & 0xff,
  );
}

function sampleOf(seed: number, row: number, column: number): number {
  return ((row * SIDE + column) * 3 + seed * 61) & 0xff;
}

function lossless(seed: number): Encoded {
  return encodeLosslessJpeg([...words(seed)], { ...square, precision: 12 });
}

/** One for each adapter and each way of colour through it. */
const SUBJECTS: readonly FuzzSubject[] = [
  subject("JPEG 2000", JPEG_2000_LOSSLESS, gray12, (seed) => encodeJpeg2000(words(seed), gray, 12)),
  subject(
    "JPEG 2000 in colour",
    JPEG_2000_LOSSLESS,
    { ...rgb, photometricInterpretation: "YBR_RCT" },
    (seed) => encodeJpeg2000(colours(seed), pixels, 8),
  ),
  subject("HTJ2K", "1.2.840.10008.1.2.4.201", gray12, (seed) => encodeHtj2k(words(seed), gray, 12)),
  subject(
    "HTJ2K in colour",
    "1.2.840.10008.1.2.4.201",
    { ...rgb, photometricInterpretation: "YBR_RCT" },
    (seed) => encodeHtj2k(colours(seed), pixels, 8),
  ),
  subject("JPEG-LS", "1.2.840.10008.1.2.4.80", gray12, (seed) =>
    encodeJpegLs(words(seed), gray, 12),
  ),
  subject("JPEG-LS by plane", "1.2.840.10008.1.2.4.80", rgb, (seed) =>
    encodeJpegLs(colours(seed), pixels, 8, { interleaveMode: 0 }),
  ),
  subject("JPEG", JPEG_BASELINE, { ...rgb, photometricInterpretation: "YBR_FULL_422" }, (seed) =>
    encodeJpeg(colours(seed), pixels, 90),
  ),
  subject("progressive JPEG", JPEG_BASELINE, imagePixel(square), async (seed) =>
    encodeDctJpeg({
      ...square,
      precision: 8,
      process: "progressive",
      components: [
        { horizontal: 1, vertical: 1, sample: (row, column) => sampleOf(seed, row, column) },
      ],
    }),
  ),
  subject("JPEG lossless", "1.2.840.10008.1.2.4.70", gray12, async (seed) => lossless(seed)),
  subject("RLE", RLE_LOSSLESS, gray12, async (seed) => encodeRle(words(seed), gray)),
  subject(
    "deflated frames",
    "1.2.840.10008.1.2.8.1",
    gray12,
    async (seed) => new Uint8Array(deflateRawSync(new Uint8Array(words(seed).buffer))),
  ),
];

function subject(
  name: string,
  transferSyntaxUid: string,
  facts: ImagePixel,
  encode: FuzzSubject["encode"],
): FuzzSubject {
  return { name, transferSyntaxUid, imagePixel: facts, encode };
}

function request(subject: FuzzSubject, encoded: Uint8Array<ArrayBuffer>) {
  const { transferSyntaxUid, imagePixel } = subject;
  return { encoded: encoded.slice(), transferSyntaxUid, imagePixel };
}

describe("damaged frames", () => {
  it.each(SUBJECTS.map((subject) => [subject.name, subject] as const))(
    "of %s are refused or decoded in time, and never show another frame",
    async (_name, subject) => {
      const [before, damaged] = [await subject.encode(1), await subject.encode(2)];
      const stale = (await decodeFrame(request(subject, before), codecs)).samples;
      const random = seededRandom(SEED);
      let slowest = 0;
      for (let round = 0; round < ROUNDS; round += 1) {
        if (round % GOOD_EVERY === 0)
          expect((await decodeFrame(request(subject, before), codecs)).samples).toEqual(stale);
        const mutated = mutate(damaged, random);
        const start = performance.now();
        const outcome = await tryDecodeFrame(request(subject, mutated), codecs);
        slowest = Math.max(slowest, performance.now() - start);
        if (outcome.ok) expect(outcome.frame.samples, `round ${round}`).not.toEqual(stale);
        else expect(outcome.error.code, `round ${round}`).toMatch(CODES);
      }
      expect(slowest).toBeLessThan(HANG_MS);
    },
    20_000 + ROUNDS * 100,
  );
});
