import { describe, expect, it } from "vitest";
import { bytesSource } from "#core/dicom/byte-source.ts";
import { buildDataSet } from "#core/dicom/data-set-builder.ts";
import { readDicom } from "#core/dicom/part10-reader.ts";
import { writePart10 } from "#core/dicom/part10-writer.ts";
import { EXPLICIT_VR_LITTLE_ENDIAN, RLE_LOSSLESS } from "#core/dicom/transfer-syntax.ts";
import { DecodeThreads } from "../decode/decode-threads.ts";
import { encodeRle } from "../decode/encoders/rle-encoder.ts";
import { madeFolder } from "../testing/made-archive.ts";
import { createServer } from "./create-server.ts";

const MATRIX = { rows: 4, columns: 4, samplesPerPixel: 1 } as const;
const UID = "1.2.3";

describe("an encapsulated instance in explicit VR little endian", () => {
  it("has no table of where its encoded frames were", async () => {
    const samples = Uint16Array.from({ length: 16 }, (_, index) => index * 999);
    const made = await madeFolder({ "a.dcm": withOffsetTable(samples) });
    const decoder = new DecodeThreads();
    const source = await made.open();
    const parts = { sources: [source], decoder, allowedHosts: ["localhost"], version: "1" };
    const app = await createServer(parts);
    try {
      const { rawPayload } = await app.inject({
        url: `/dicom-web/studies/${UID}/series/${UID}.1/instances/${UID}.1.1`,
        headers: {
          host: "localhost",
          accept: `application/dicom; transfer-syntax=${EXPLICIT_VR_LITTLE_ENDIAN}`,
        },
      });
      const file = await readDicom(bytesSource(new Uint8Array(rawPayload)));
      expect([...file.dataSet.elements.keys()].filter((tag) => tag >= 0x7fe00000)).toEqual([
        0x7fe00010,
      ]);
      expect(rawPayload.subarray(-32).equals(Buffer.from(samples.buffer))).toBe(true);
    } finally {
      await app.close();
      decoder.close();
      await made.remove();
    }
  });
});

function withOffsetTable(samples: Uint16Array): Uint8Array<ArrayBuffer> {
  const frame = encodeRle(samples, MATRIX);
  return writePart10({
    transferSyntaxUid: RLE_LOSSLESS,
    frames: [frame],
    dataSet: buildDataSet({
      SOPClassUID: "1.2.840.10008.5.1.4.1.1.7",
      SOPInstanceUID: `${UID}.1.1`,
      StudyInstanceUID: UID,
      SeriesInstanceUID: `${UID}.1`,
      SamplesPerPixel: 1,
      PhotometricInterpretation: "MONOCHROME2",
      Rows: 4,
      Columns: 4,
      BitsAllocated: 16,
      BitsStored: 16,
      HighBit: 15,
      PixelRepresentation: 0,
      ExtendedOffsetTable: new Uint8Array(8),
      ExtendedOffsetTableLengths: Uint8Array.of(frame.byteLength, 0, 0, 0, 0, 0, 0, 0),
    }),
  });
}
