import type { DataSet } from "#core/dicom/data-set.ts";
import { buildDataSet } from "#core/dicom/data-set-builder.ts";

/** A study, and the Patient ID that the Patient Root model wants beside it. */
export interface StudyKey {
  readonly studyInstanceUid: string;
  readonly patientId?: string;
}

/** A series of a study. */
export interface SeriesKey extends StudyKey {
  readonly seriesInstanceUid: string;
}

/** Keys for C-GET or C-MOVE of all of a series (PS3.4 C.4.2.2.1). */
export function seriesIdentifier(series: SeriesKey): DataSet {
  return buildDataSet({ QueryRetrieveLevel: "SERIES", ...uniqueKeys(series) });
}

/** Keys for C-GET or C-MOVE of some instances of a series. */
export function instancesIdentifier(
  series: SeriesKey,
  sopInstanceUids: readonly string[],
): DataSet {
  return buildDataSet({
    QueryRetrieveLevel: "IMAGE",
    ...uniqueKeys(series),
    SOPInstanceUID: sopInstanceUids,
  });
}

/** Keys for C-FIND of the instances of a series, or of one of them. */
export function instanceListIdentifier(series: SeriesKey, sopInstanceUid?: string): DataSet {
  return buildDataSet({
    QueryRetrieveLevel: "IMAGE",
    ...uniqueKeys(series),
    SOPInstanceUID: sopInstanceUid ?? null,
    SOPClassUID: null,
    InstanceNumber: null,
    InstanceCreationDate: null,
    InstanceCreationTime: null,
    NumberOfFrames: null,
  });
}

/** Keys for C-FIND of the series of a study, or of one of them. */
export function seriesListIdentifier(study: StudyKey, seriesInstanceUid?: string): DataSet {
  return buildDataSet({
    QueryRetrieveLevel: "SERIES",
    ...patientKey(study),
    StudyInstanceUID: study.studyInstanceUid,
    SeriesInstanceUID: seriesInstanceUid ?? null,
    Modality: null,
    SeriesNumber: null,
    NumberOfSeriesRelatedInstances: null,
  });
}

/** Keys for C-FIND of who a study is of. */
export function studyFactsIdentifier(study: StudyKey): DataSet {
  return buildDataSet({
    QueryRetrieveLevel: "STUDY",
    SpecificCharacterSet: null,
    PatientID: study.patientId ?? null,
    StudyInstanceUID: study.studyInstanceUid,
    PatientName: null,
    PatientBirthDate: null,
    PatientSex: null,
    AccessionNumber: null,
    StudyDate: null,
    NumberOfStudyRelatedInstances: null,
  });
}

function uniqueKeys(series: SeriesKey) {
  return {
    ...patientKey(series),
    StudyInstanceUID: series.studyInstanceUid,
    SeriesInstanceUID: series.seriesInstanceUid,
  };
}

function patientKey({ patientId }: StudyKey) {
  return patientId === undefined ? {} : { PatientID: patientId };
}
