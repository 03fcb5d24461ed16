import type { DataSet } from "#core/dicom/data-set.ts";
import { buildDataSet, type MadeDataSet } from "#core/dicom/data-set-builder.ts";
import type { DisplaySet } from "#core/study/display-set.ts";
import { displaySetsOfStudy } from "#core/study/display-sets.ts";
import { type Study, StudyBuilder } from "#core/study/study-tree.ts";

/** A study made for a test, with its first display set. */
export interface MadeStudy {
  readonly study: Study;
  readonly displaySet: DisplaySet;
}

/** Metadata of one made image, 8 bits, 64 by 64; `number` is its instance number and place in the stack. */
export function madeInstance(number: number, attributes: MadeDataSet = {}): DataSet {
  return buildDataSet({
    SOPClassUID: "1.2.840.10008.5.1.4.1.1.2",
    SOPInstanceUID: `1.2.3.4.${number}`,
    StudyInstanceUID: "1.2.3",
    SeriesInstanceUID: "1.2.3.4",
    PatientName: "DEMO^Chest",
    PatientID: "4471-093",
    PatientBirthDate: "19680312",
    PatientSex: "F",
    StudyDate: "20261114",
    StudyTime: "094100",
    StudyDescription: "CT chest with contrast",
    AccessionNumber: "26CT0091147",
    Modality: "CT",
    SeriesNumber: 3,
    SeriesDescription: "Chest 1 mm",
    KVP: 120,
    InstanceNumber: number,
    ImagePositionPatient: [0, 0, number],
    ImageOrientationPatient: [1, 0, 0, 0, 1, 0],
    PixelSpacing: [0.7, 0.7],
    SliceLocation: number,
    SliceThickness: 1,
    Rows: 64,
    Columns: 64,
    SamplesPerPixel: 1,
    PhotometricInterpretation: "MONOCHROME2",
    BitsAllocated: 8,
    BitsStored: 8,
    HighBit: 7,
    PixelRepresentation: 0,
    RescaleSlope: 1,
    RescaleIntercept: 0,
    WindowCenter: 128,
    WindowWidth: 256,
    AvailableTransferSyntaxUID: "1.2.840.10008.1.2.5",
    ...attributes,
  });
}

/** A study of the given metadata. */
export function madeStudyOf(dataSets: readonly DataSet[]): MadeStudy {
  const builder = new StudyBuilder();
  for (const dataSet of dataSets) builder.add(dataSet);
  const study = builder.study();
  const displaySet = study === undefined ? undefined : displaySetsOfStudy(study)[0];
  if (study === undefined || displaySet === undefined) throw new Error("The made study is empty");
  return { study, displaySet };
}

/** A study of one stack of `count` made images, numbered from 1. */
export function madeStudy(count: number, attributes: MadeDataSet = {}): MadeStudy {
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  return madeStudyOf(numbers.map((number) => madeInstance(number, attributes)));
}
