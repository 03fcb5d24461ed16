import { deflateRawSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { buildDataSet } from "#core/dicom/data-set-builder.ts";
import { writeDataSet } from "#core/dicom/data-set-writer.ts";
import {
  EXPLICIT_VR_LITTLE_ENDIAN,
  IMPLICIT_VR_LITTLE_ENDIAN,
  JPEG_2000_LOSSLESS,
} from "#core/dicom/transfer-syntax.ts";
import { DataSetWalk } from "./data-set-walk.ts";

const VALUES = {
  SOPInstanceUID: "1.2.3.4.5",
  ReferencedStudySequence: [{ ReferencedSOPInstanceUID: "9.9", StudyInstanceUID: "9.9.9" }],
  PatientName: "Doe^Jane",
  PixelData: new Uint8Array(64).fill(7),
};
const EXPLICIT = writeDataSet(buildDataSet(VALUES));
const IMPLICIT = writeDataSet(buildDataSet(VALUES), { isImplicit: true });

/** (0008,1115) of undefined length with an item of undefined length. */
const OPEN_SEQUENCE = Buffer.from([
  ...[0x08, 0, 0x15, 0x11, 0x53, 0x51, 0, 0, 255, 255, 255, 255],
  ...[0xfe, 0xff, 0, 0xe0, 255, 255, 255, 255],
  ...[0x08, 0, 0x60, 0, 0x43, 0x53, 2, 0, 0x43, 0x54],
  ...[0xfe, 0xff, 0x0d, 0xe0, 0, 0, 0, 0, 0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0],
]);
/** (7FE0,0010) with an empty offset table and two fragments. */
const FRAGMENTS = Buffer.from([
  ...[0xe0, 0x7f, 0x10, 0, 0x4f, 0x42, 0, 0, 255, 255, 255, 255],
  ...[0xfe, 0xff, 0, 0xe0, 0, 0, 0, 0],
  ...[0xfe, 0xff, 0, 0xe0, 4, 0, 0, 0, 1, 2, 3, 4],
  ...[0xfe, 0xff, 0, 0xe0, 2, 0, 0, 0, 5, 6],
  ...[0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0],
]);

function endsInside(bytes: Uint8Array, syntax: string, step = bytes.byteLength): boolean {
  const walk = new DataSetWalk(syntax);
  for (let at = 0; at < bytes.byteLength; at += step) walk.take(bytes.subarray(at, at + step));
  return walk.isInside;
}

describe("a walk over a data set as it arrives", () => {
  it.each([
    ["explicit", EXPLICIT, EXPLICIT_VR_LITTLE_ENDIAN],
    ["implicit", IMPLICIT, IMPLICIT_VR_LITTLE_ENDIAN],
    ["with an open sequence", OPEN_SEQUENCE, EXPLICIT_VR_LITTLE_ENDIAN],
    ["in fragments", FRAGMENTS, JPEG_2000_LOSSLESS],
  ])("knows every place where one breaks off (%s)", (_what, bytes, syntax) => {
    for (const step of [1, 3, 1000]) expect(endsInside(bytes, syntax, step)).toBe(false);
    const breaks = Array.from({ length: bytes.byteLength }, (_, at) => at).filter((at) =>
      endsInside(bytes.subarray(0, at), syntax, 5),
    );
    // What may also be the end is the end of an element, outside of any sequence.
    const ends = bytes.byteLength - breaks.length;
    expect(ends).toBe(bytes === OPEN_SEQUENCE || bytes === FRAGMENTS ? 1 : 4);
  });

  it.each([
    ["what follows the pixel data", Buffer.concat([EXPLICIT, Buffer.alloc(5, 0xee)])],
    ["what is no element", Buffer.from([1, 2, 3, 4, 5, 6, 7, 8, 9])],
    ["zeros", Buffer.alloc(9)],
  ])("claims nothing of %s", (_what, bytes) => {
    expect(endsInside(bytes, EXPLICIT_VR_LITTLE_ENDIAN, 2)).toBe(false);
  });

  it("claims nothing of a deflated data set", () => {
    const deflated = deflateRawSync(EXPLICIT);
    expect(endsInside(deflated.subarray(0, 20), "1.2.840.10008.1.2.1.99")).toBe(false);
  });

  it("survives any bytes, and sequences of any depth", () => {
    const nested = Buffer.concat(Array.from({ length: 3000 }, () => OPEN_SEQUENCE.subarray(0, 20)));
    expect(endsInside(nested, EXPLICIT_VR_LITTLE_ENDIAN)).toBe(false);
    for (let seed = 1; seed < 300; seed += 1) {
      const noise = Uint8Array.from({ length: 200 }, (_, at) => (at * seed * 31 + seed) % 256);
      for (const syntax of [EXPLICIT_VR_LITTLE_ENDIAN, IMPLICIT_VR_LITTLE_ENDIAN])
        expect(endsInside(noise, syntax, 7)).toBe(endsInside(noise, syntax));
    }
  });
});
