import { deflateRawSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { buildDataSet } from "#core/dicom/data-set-builder.ts";
import { writeDataSet } from "#core/dicom/data-set-writer.ts";
import {
  EXPLICIT_VR_LITTLE_ENDIAN,
  IMPLICIT_VR_LITTLE_ENDIAN,
  JPEG_2000_LOSSLESS,
} from "#core/dicom/transfer-syntax.ts";
import { readIdentity } from "./object-identity.ts";

const DEFLATED = "1.2.840.10008.1.2.1.99";
const IDENTITY = {
  studyInstanceUid: "1.2.3",
  seriesInstanceUid: "1.2.3.4",
  sopInstanceUid: "1.2.3.4.5",
  sopClassUid: "1.2.840.10008.5.1.4.1.1.2",
};
const VALUES = {
  SOPClassUID: IDENTITY.sopClassUid,
  SOPInstanceUID: IDENTITY.sopInstanceUid,
  ReferencedStudySequence: [{ ReferencedSOPInstanceUID: "9.9", StudyInstanceUID: "9.9.9" }],
  PatientName: "Doe^Jane",
  StudyInstanceUID: IDENTITY.studyInstanceUid,
  SeriesInstanceUID: IDENTITY.seriesInstanceUid,
  InstanceNumber: 1,
};
const EXPLICIT = writeDataSet(buildDataSet(VALUES));
const IMPLICIT = writeDataSet(buildDataSet(VALUES), { isImplicit: true });

/** An explicit element of undefined length with an item of undefined length in it. */
function openSequence(vr: string, inner: Uint8Array): Uint8Array {
  const head = Buffer.from([0x08, 0, 0x15, 0x11, ...Buffer.from(vr), 0, 0, 255, 255, 255, 255]);
  const item = Buffer.from([0xfe, 0xff, 0, 0xe0, 255, 255, 255, 255]);
  const ends = Buffer.from([
    0xfe, 0xff, 0x0d, 0xe0, 0, 0, 0, 0, 0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0,
  ]);
  return Buffer.concat([head, item, inner, ends]);
}

/** The data set with something put in before the patient. */
function withInserted(inserted: Uint8Array): Uint8Array {
  const at = Buffer.from(EXPLICIT).indexOf(Buffer.from([0x10, 0, 0x10, 0, 0x50, 0x4e]));
  return Buffer.concat([EXPLICIT.subarray(0, at), inserted, EXPLICIT.subarray(at)]);
}

describe("the identity of a data set", () => {
  it.each([
    ["explicit", EXPLICIT, EXPLICIT_VR_LITTLE_ENDIAN],
    ["of a compressed object", EXPLICIT, JPEG_2000_LOSSLESS],
    ["implicit", IMPLICIT, IMPLICIT_VR_LITTLE_ENDIAN],
    ["deflated", deflateRawSync(EXPLICIT), DEFLATED],
    ["in an unknown syntax", EXPLICIT, "1.2.3.999"],
  ])("is read (%s)", (_, bytes, transferSyntaxUid) => {
    expect(readIdentity(bytes, transferSyntaxUid)).toEqual(IDENTITY);
  });

  it("needs no more than its beginning, and says when that is not there", () => {
    const needed = EXPLICIT.byteLength - 10;
    for (let length = 0; length < EXPLICIT.byteLength; length += 1) {
      const reading = readIdentity(EXPLICIT.subarray(0, length), EXPLICIT_VR_LITTLE_ENDIAN);
      expect(reading, `${length} bytes`).toEqual(length < needed ? "more" : IDENTITY);
    }
  });

  it.each([
    ["SQ", EXPLICIT],
    ["UN", IMPLICIT],
  ])("is not taken from a sequence of undefined length (%s)", (vr, other) => {
    const bytes = withInserted(openSequence(vr, other));
    expect(readIdentity(bytes, EXPLICIT_VR_LITTLE_ENDIAN)).toEqual(IDENTITY);
  });

  it.each([
    ["lacks a UID", writeDataSet(buildDataSet({ ...VALUES, StudyInstanceUID: undefined }))],
    ["has a UID that is none", writeDataSet(buildDataSet({ ...VALUES, StudyInstanceUID: "../x" }))],
    [
      "ends before it",
      writeDataSet(buildDataSet({ PatientName: "Doe", PixelData: new Uint8Array(8) })),
    ],
    ["is noise", new Uint8Array(4096).fill(0xa5)],
  ])("is none where the data set %s", (_, bytes) => {
    expect(readIdentity(bytes, EXPLICIT_VR_LITTLE_ENDIAN)).toBe("none");
  });

  it("is sought in bounded time, whatever the bytes are", () => {
    let seed = 7;
    for (let round = 0; round < 300; round += 1) {
      const bytes = new Uint8Array(EXPLICIT);
      for (let change = 0; change < 4; change += 1) {
        seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
        bytes[seed % bytes.length] = seed >> 8;
      }
      const reading = readIdentity(bytes, [EXPLICIT_VR_LITTLE_ENDIAN, DEFLATED][round % 2] ?? "");
      expect(["string", "object"]).toContain(typeof reading);
    }
    const deep = Buffer.concat(
      Array.from({ length: 1000 }, () => openSequence("SQ", new Uint8Array(0)).subarray(0, 20)),
    );
    expect(readIdentity(withInserted(deep), EXPLICIT_VR_LITTLE_ENDIAN)).toBe("none");
  });
});
