import { deflateRawSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { bytesSource } from "#core/dicom/byte-source.ts";
import { buildDataSet } from "#core/dicom/data-set-builder.ts";
import { writeDataSet } from "#core/dicom/data-set-writer.ts";
import { readDicom } from "#core/dicom/part10-reader.ts";
import {
  EXPLICIT_VR_BIG_ENDIAN,
  EXPLICIT_VR_LITTLE_ENDIAN,
  IMPLICIT_VR_LITTLE_ENDIAN,
} from "#core/dicom/transfer-syntax.ts";
import { dataSetToJson } from "#core/dicom-json/to-json.ts";
import { canReencode, reencode } from "./store-reencode.ts";

const DEFLATED = "1.2.840.10008.1.2.1.99";

const GIVEN = buildDataSet({
  SOPClassUID: "1.2.840.10008.5.1.4.1.1.2",
  SOPInstanceUID: "1.2.3",
  ReferencedStudySequence: [
    { ReferencedSOPClassUID: "1.2", ReferencedSOPInstanceUID: "1.2.9" },
    { ReferencedSOPSequence: [{ ReferencedFrameNumber: [1, 2] }, {}] },
  ],
  PatientName: "Doe^Jane",
  PixelRepresentation: 1,
  BitsAllocated: 16,
  SmallestImagePixelValue: -5,
  PixelData: Uint16Array.from({ length: 5000 }, (_, index) => index * 7),
});

/** The same in big endian, by hand: one number of each width. */
const BIG_ENDIAN = Uint8Array.from([
  ...[0x00, 0x08, 0x00, 0x16, 0x55, 0x49, 0x00, 0x04, 0x31, 0x2e, 0x32, 0x00],
  ...[0x00, 0x28, 0x00, 0x10, 0x55, 0x53, 0x00, 0x02, 0x01, 0x02],
  ...[
    0x7f, 0xe0, 0x00, 0x10, 0x4f, 0x57, 0x00, 0x00, 0x00, 0x00, 0x00, 0x04, 0x01, 0x02, 0x03, 0x04,
  ],
]);

describe("an object in another uncompressed syntax", () => {
  it.each([1, 13, 997, 100_000])(
    "has the same values, taken in chunks of %i bytes",
    async (size) => {
      const explicit = writeDataSet(GIVEN);
      const implicit = await whole(
        reencode(chunked(explicit, size), EXPLICIT_VR_LITTLE_ENDIAN, IMPLICIT_VR_LITTLE_ENDIAN),
      );
      const back = await whole(
        reencode(chunked(implicit, size), IMPLICIT_VR_LITTLE_ENDIAN, EXPLICIT_VR_LITTLE_ENDIAN),
      );
      expect(await jsonOf(implicit)).toEqual(await jsonOf(explicit));
      expect(await jsonOf(back)).toEqual(await jsonOf(explicit));
    },
  );

  it("swaps the bytes of numbers in big endian, and of nothing else", async () => {
    const little = await whole(
      reencode(chunked(BIG_ENDIAN, 3), EXPLICIT_VR_BIG_ENDIAN, EXPLICIT_VR_LITTLE_ENDIAN),
    );
    expect([...little]).toEqual([
      ...[0x08, 0x00, 0x16, 0x00, 0x55, 0x49, 0x04, 0x00, 0x31, 0x2e, 0x32, 0x00],
      ...[0x28, 0x00, 0x10, 0x00, 0x55, 0x53, 0x02, 0x00, 0x02, 0x01],
      ...[
        0xe0, 0x7f, 0x10, 0x00, 0x4f, 0x57, 0x00, 0x00, 0x04, 0x00, 0x00, 0x00, 0x02, 0x01, 0x04,
        0x03,
      ],
    ]);
  });

  it("is inflated where it was deflated", async () => {
    const explicit = writeDataSet(GIVEN);
    const inflated = await whole(
      reencode(chunked(deflateRawSync(explicit), 100), DEFLATED, EXPLICIT_VR_LITTLE_ENDIAN),
    );
    expect(await jsonOf(inflated)).toEqual(await jsonOf(explicit));
  });

  it("leaves a sequence of unknown VR in the implicit encoding that it is in", async () => {
    const unknown = Uint8Array.from([
      ...[0x08, 0x00, 0x16, 0x00, 0x55, 0x49, 0x04, 0x00, 0x31, 0x2e, 0x32, 0x00],
      ...[0x09, 0x00, 0x01, 0x10, 0x55, 0x4e, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff],
      ...[0xfe, 0xff, 0x00, 0xe0, 0x0a, 0x00, 0x00, 0x00],
      ...[0x28, 0x00, 0x10, 0x00, 0x02, 0x00, 0x00, 0x00, 0x02, 0x01],
      ...[0xfe, 0xff, 0xdd, 0xe0, 0x00, 0x00, 0x00, 0x00],
    ]);
    const written = await whole(
      reencode(chunked(unknown, 5), EXPLICIT_VR_LITTLE_ENDIAN, IMPLICIT_VR_LITTLE_ENDIAN),
    );
    const file = await readDicom(bytesSource(written));
    expect(file.dataSet.items(0x00091001)[0]?.number(0x00280010)).toBe(0x0102);
  });

  it.each<[string, Uint8Array]>([
    ["ends in a value", writeDataSet(GIVEN).subarray(0, -1)],
    ["ends in a header", writeDataSet(GIVEN).subarray(0, 4)],
    ["is noise", Uint8Array.from({ length: 300 }, (_, index) => (index * 73) % 251)],
  ])("is refused when what was given %s", async (_what, bytes) => {
    const reencoded = reencode(
      chunked(bytes, 50),
      EXPLICIT_VR_LITTLE_ENDIAN,
      IMPLICIT_VR_LITTLE_ENDIAN,
    );
    await expect(whole(reencoded)).rejects.toMatchObject({ name: "DicomError" });
  });

  it("is not tried for what is compressed", () => {
    expect(canReencode("1.2.840.10008.1.2.4.90", EXPLICIT_VR_LITTLE_ENDIAN)).toBe(false);
    expect(canReencode("1.2.840.10008.1.2.1.98", EXPLICIT_VR_LITTLE_ENDIAN)).toBe(false);
    expect(canReencode(EXPLICIT_VR_LITTLE_ENDIAN, "1.2.840.10008.1.2.4.90")).toBe(false);
  });
});

async function* chunked(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.byteLength; at += size) yield bytes.subarray(at, at + size);
}

async function whole(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Uint8Array[] = [];
  for await (const chunk of chunks) pieces.push(chunk);
  return new Uint8Array(Buffer.concat(pieces));
}

async function jsonOf(bytes: Uint8Array<ArrayBuffer>): Promise<unknown> {
  const file = await readDicom(bytesSource(bytes), { inlineLimit: 1e6 });
  const { pixelData } = file;
  const pixels =
    pixelData.kind === "native"
      ? bytes.slice(pixelData.range.offset, pixelData.range.offset + pixelData.range.length)
      : undefined;
  return { json: dataSetToJson(file.dataSet), pixels };
}
