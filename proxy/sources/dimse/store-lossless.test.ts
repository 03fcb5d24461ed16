import { describe, expect, it } from "vitest";
import { bytesSource } from "#core/dicom/byte-source.ts";
import { buildDataSet } from "#core/dicom/data-set-builder.ts";
import { writeDataSet } from "#core/dicom/data-set-writer.ts";
import { readDicom } from "#core/dicom/part10-reader.ts";
import { part10Beginning, writePart10 } from "#core/dicom/part10-writer.ts";
import { JPEG_2000_LOSSLESS, RLE_LOSSLESS } from "#core/dicom/transfer-syntax.ts";
import { DecodeThreads } from "../../decode/decode-threads.ts";
import { encodeJpeg2000 } from "../../decode/encoders/jpeg-2000-encoder.ts";
import { encodeRle } from "../../decode/encoders/rle-encoder.ts";
import { decodedLosslessly, isLosslesslyEncoded, type LosslessDecoder } from "./store-lossless.ts";

const NEVER = new AbortController().signal;
const UIDS = {
  sopClassUid: "1.2.840.10008.5.1.4.1.1.7",
  sopInstanceUid: "1.2.3.4",
  studyInstanceUid: "1.2.3",
  seriesInstanceUid: "1.2.3.1",
};
const GRAY = { rows: 3, columns: 5, samplesPerPixel: 1 } as const;
const COLOUR = { rows: 3, columns: 5, samplesPerPixel: 3 } as const;

type Attributes = Parameters<typeof buildDataSet>[0];

describe("a losslessly compressed object for those that take nothing compressed", () => {
  it.each([
    ["1.2.840.10008.1.2.5", true],
    ["1.2.840.10008.1.2.4.70", true],
    ["1.2.840.10008.1.2.4.80", true],
    ["1.2.840.10008.1.2.4.201", true],
    ["1.2.840.10008.1.2.4.91", false],
    ["1.2.840.10008.1.2.4.81", false],
    ["1.2.840.10008.1.2.4.50", false],
    ["1.2.840.10008.1.2.4.102", false],
    ["1.2.840.10008.1.2.1", false],
    ["1.3.46.670589.33.1.4.1", false],
  ])("in %s is one: %s", (uid, isOne) => {
    expect(isLosslesslyEncoded(uid)).toBe(isOne);
  });

  it("is what it was before it was compressed, and the rest byte for byte", async () => {
    const frames = [0, 1].map((frame) =>
      Int16Array.from({ length: 15 }, (_, i) => (i - 7) * (frame + 300)),
    );
    const attributes = gray({ PixelRepresentation: 1, NumberOfFrames: 2 });
    const encoded = frames.map((samples) => encodeRle(samples, GRAY));
    const lengths = encoded.map(({ byteLength }) => byteLength);
    const table = {
      ExtendedOffsetTable: words64(0, (lengths[0] ?? 0) + 8),
      ExtendedOffsetTableLengths: words64(...lengths),
    };
    const given = await decoded({ ...attributes, ...table }, RLE_LOSSLESS, encoded);
    const native = Int16Array.from(frames.flatMap((samples) => [...samples]));
    const pixels = new Uint16Array(native.buffer);
    expect(given).toEqual(
      Buffer.from(writeDataSet(buildDataSet({ ...attributes, PixelData: pixels }))),
    );
  });

  it("is RGB by pixel where reversible colours were compressed", async () => {
    const samples = Uint8Array.from({ length: 45 }, (_, index) => (index * 37) % 256);
    const attributes = colour({ PhotometricInterpretation: "YBR_RCT", PlanarConfiguration: 1 });
    const frame = await encodeJpeg2000(samples, COLOUR, 8);
    const given = await decoded(attributes, JPEG_2000_LOSSLESS, [frame]);
    const file = await readDicom(bytesSource(withMeta(given)));
    expect(file.dataSet.string(0x00280004)).toBe("RGB");
    expect(file.dataSet.number(0x00280006)).toBe(0);
    // 45 bytes and one that makes their number even.
    expect(Buffer.from(given).subarray(-46)).toEqual(Buffer.from([...samples, 0]));
  });

  it("has the numbers of a codestream of fewer bits", async () => {
    const samples = Int16Array.from({ length: 15 }, (_, index) => index * 100 - 700);
    const frame = await encodeJpeg2000(samples, GRAY, 12);
    const given = await decoded(gray({ PixelRepresentation: 1 }), JPEG_2000_LOSSLESS, [frame]);
    expect(Buffer.from(given).subarray(-30)).toEqual(Buffer.from(samples.buffer));
  });

  it.each<[string, Attributes]>([
    ["would be rounded", colour({ PhotometricInterpretation: "YBR_FULL" })],
    ["would be lost", colour({ BitsStored: 6, HighBit: 7 })],
    ["is signed", colour({ DigitalSignaturesSequence: [{ MACIDNumber: 1 }] })],
    ["end before frame 2", colour({ NumberOfFrames: 3 })],
    ["not what its attributes say", colour({ PixelRepresentation: 1 })],
  ])("is not made where it %s", async (why, attributes) => {
    const frame = await encodeJpeg2000(new Uint8Array(45), COLOUR, 8);
    await expect(decoded(attributes, JPEG_2000_LOSSLESS, [frame])).rejects.toThrow(why);
  });

  it("is not made of a frame that cannot be decoded, and breaks off at a later one", async () => {
    const good = await encodeJpeg2000(new Uint8Array(45), COLOUR, 8);
    const bad = good.slice(0, 40);
    const attributes = colour({ NumberOfFrames: 2 });
    await expect(decoded(attributes, JPEG_2000_LOSSLESS, [bad, good])).rejects.toThrow("frame 1");
    await expect(decoded(attributes, JPEG_2000_LOSSLESS, [good, bad])).rejects.toThrow(
      "Not stored: frame 2",
    );
  });

  it("is not made of more than is held", async () => {
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (;;) yield new Uint8Array(1024 * 1024);
    }
    const head = { ...UIDS, transferSyntaxUid: RLE_LOSSLESS };
    expect(await decodedLosslessly(endless(), head, unused, NEVER)).toContain("longer than");
  });
});

const unused: LosslessDecoder = { decode: () => Promise.reject(new Error("Nothing to decode")) };

function gray(changes: Attributes): Attributes {
  const bits = { BitsAllocated: 16, BitsStored: 16, HighBit: 15 };
  return { ...image(1), ...bits, PhotometricInterpretation: "MONOCHROME2", ...changes };
}

function colour(changes: Attributes): Attributes {
  const bits = { BitsAllocated: 8, BitsStored: 8, HighBit: 7, PixelRepresentation: 0 };
  return {
    ...image(3),
    ...bits,
    PhotometricInterpretation: "RGB",
    PlanarConfiguration: 0,
    ...changes,
  };
}

function image(samplesPerPixel: number): Attributes {
  return {
    SpecificCharacterSet: "ISO_IR 192",
    SOPClassUID: UIDS.sopClassUid,
    SOPInstanceUID: UIDS.sopInstanceUid,
    StudyInstanceUID: UIDS.studyInstanceUid,
    SeriesInstanceUID: UIDS.seriesInstanceUid,
    PatientName: "Müller^Jörg",
    ReferencedImageSequence: [{ ReferencedSOPInstanceUID: "1.2.9" }, {}],
    SamplesPerPixel: samplesPerPixel,
    Rows: 3,
    Columns: 5,
  };
}

function words64(...numbers: readonly number[]): Uint8Array {
  return new Uint8Array(BigUint64Array.from(numbers, BigInt).buffer);
}

function withMeta(dataSet: Uint8Array): Uint8Array<ArrayBuffer> {
  const facts = { ...UIDS, transferSyntaxUid: "1.2.840.10008.1.2.1" };
  return new Uint8Array(Buffer.concat([part10Beginning(facts), dataSet]));
}

/** What becomes of an object; the sentence is thrown where it is refused. */
async function decoded(
  attributes: Attributes,
  transferSyntaxUid: string,
  frames: readonly Uint8Array<ArrayBuffer>[],
): Promise<Buffer> {
  const head = { ...UIDS, transferSyntaxUid };
  const part10 = writePart10({ transferSyntaxUid, frames, dataSet: buildDataSet(attributes) });
  const dataSet = part10.subarray(part10Beginning(head).byteLength);
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < dataSet.byteLength; at += 100) yield dataSet.subarray(at, at + 100);
  }
  const decoder = new DecodeThreads();
  try {
    const given = await decodedLosslessly(chunks(), head, decoder, NEVER);
    if (typeof given === "string") throw new Error(given);
    const pieces: Uint8Array[] = [];
    for await (const piece of given) pieces.push(piece);
    return Buffer.concat(pieces);
  } finally {
    decoder.close();
  }
}
