import type { Tag } from "../dicom/tag.ts";
import type { QueryLevel } from "./qido-query.ts";

/** Attributes of a study in search results (PS3.18 table 10.6.3-3), and those that every study list shows. */
const STUDY_RESULT_TAGS: readonly Tag[] = [
  0x00080020, // StudyDate
  0x00080030, // StudyTime
  0x00080050, // AccessionNumber
  0x00080056, // InstanceAvailability
  0x00080061, // ModalitiesInStudy
  0x00080090, // ReferringPhysicianName
  0x00080201, // TimezoneOffsetFromUTC
  0x00081030, // StudyDescription
  0x00081190, // RetrieveURL
  0x00100010, // PatientName
  0x00100020, // PatientID
  0x00100021, // IssuerOfPatientID
  0x00100030, // PatientBirthDate
  0x00100040, // PatientSex
  0x0020000d, // StudyInstanceUID
  0x00200010, // StudyID
  0x00201206, // NumberOfStudyRelatedSeries
  0x00201208, // NumberOfStudyRelatedInstances
];

/** Attributes of a series in search results (PS3.18 table 10.6.3-4). */
const SERIES_RESULT_TAGS: readonly Tag[] = [
  0x00080060, // Modality
  0x00080201, // TimezoneOffsetFromUTC
  0x0008103e, // SeriesDescription
  0x00081190, // RetrieveURL
  0x0020000d, // StudyInstanceUID
  0x0020000e, // SeriesInstanceUID
  0x00200011, // SeriesNumber
  0x00201209, // NumberOfSeriesRelatedInstances
  0x00400244, // PerformedProcedureStepStartDate
  0x00400245, // PerformedProcedureStepStartTime
  0x00400275, // RequestAttributesSequence
];

/** Attributes of an instance in search results (PS3.18 table 10.6.3-5). */
const INSTANCE_RESULT_TAGS: readonly Tag[] = [
  0x00080016, // SOPClassUID
  0x00080018, // SOPInstanceUID
  0x00080056, // InstanceAvailability
  0x00080201, // TimezoneOffsetFromUTC
  0x00081190, // RetrieveURL
  0x0020000d, // StudyInstanceUID
  0x0020000e, // SeriesInstanceUID
  0x00200013, // InstanceNumber
  0x00280008, // NumberOfFrames
  0x00280010, // Rows
  0x00280011, // Columns
  0x00280100, // BitsAllocated
];

/**
 * The attributes that a search gives unasked: those of its level, and those of the levels above that its path
 * does not name (PS3.18 10.6.3.3).
 */
export function resultTags(scope: {
  readonly level: QueryLevel;
  readonly studyInstanceUid?: string;
  readonly seriesInstanceUid?: string;
}): ReadonlySet<Tag> {
  if (scope.level === "study") return new Set(STUDY_RESULT_TAGS);
  const study = scope.studyInstanceUid === undefined ? STUDY_RESULT_TAGS : [];
  if (scope.level === "series") return new Set([...study, ...SERIES_RESULT_TAGS]);
  const series = scope.seriesInstanceUid === undefined ? SERIES_RESULT_TAGS : [];
  return new Set([...study, ...series, ...INSTANCE_RESULT_TAGS]);
}
