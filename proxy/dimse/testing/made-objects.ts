import { buildDataSet, type MadeDataSet } from "#core/dicom/data-set-builder.ts";
import { writeDataSet } from "#core/dicom/data-set-writer.ts";
import { writePart10 } from "#core/dicom/part10-writer.ts";
import { EXPLICIT_VR_LITTLE_ENDIAN } from "#core/dicom/transfer-syntax.ts";

/** Root of UIDs of made objects. */
const MADE_ROOT = "2.25.4242";
export const CT_IMAGE = "1.2.840.10008.5.1.4.1.1.2";

/** UIDs of the made instance `number` of a study. */
export function madeUids(study: number, number: number) {
  return {
    StudyInstanceUID: `${MADE_ROOT}.${study}`,
    SeriesInstanceUID: `${MADE_ROOT}.${study}.1`,
    SOPInstanceUID: `${MADE_ROOT}.${study}.1.${number}`,
  };
}

/** Values of a small CT image, that differ by its number. */
export function madeImage(study: number, number: number, changes: MadeDataSet = {}): MadeDataSet {
  const side = 16;
  const pixels = Uint16Array.from({ length: side * side }, (_, index) => (index * number) & 0xfff);
  return {
    SOPClassUID: CT_IMAGE,
    ...madeUids(study, number),
    StudyDate: "20260102",
    StudyTime: "101500",
    AccessionNumber: `A${study}`,
    Modality: "CT",
    PatientName: `Made^Patient ${study}`,
    PatientID: `P${study}`,
    PatientBirthDate: "19700101",
    PatientSex: "O",
    StudyID: `${study}`,
    SeriesNumber: 1,
    InstanceNumber: number,
    SamplesPerPixel: 1,
    PhotometricInterpretation: "MONOCHROME2",
    Rows: side,
    Columns: side,
    BitsAllocated: 16,
    BitsStored: 12,
    HighBit: 11,
    PixelRepresentation: 0,
    PixelData: pixels,
    ...changes,
  };
}

/** The image as a file. */
export function madeFile(study: number, number: number, changes?: MadeDataSet): Uint8Array {
  return writePart10({
    dataSet: buildDataSet(madeImage(study, number, changes)),
    transferSyntaxUid: EXPLICIT_VR_LITTLE_ENDIAN,
  });
}

/** The image's data set in explicit VR little endian, without preamble and meta group. */
export function madeDataSet(study: number, number: number): Uint8Array {
  return writeDataSet(buildDataSet(madeImage(study, number)));
}

/** The data set of a file, without preamble and meta group, whose length the file says. */
export function dataSetOfFile(file: Uint8Array): Uint8Array {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  return file.subarray(144 + view.getUint32(140, true));
}
