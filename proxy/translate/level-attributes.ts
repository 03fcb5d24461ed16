import type { Tag } from "#core/dicom/tag.ts";
import type { QueryLevel } from "#core/dicomweb/qido-query.ts";

/** Levels of the information models, from the top. */
export type EntityLevel = "patient" | QueryLevel;

export const SPECIFIC_CHARACTER_SET: Tag = 0x00080005;
export const QUERY_RETRIEVE_LEVEL: Tag = 0x00080052;
export const INSTANCE_AVAILABILITY: Tag = 0x00080056;
export const MODALITIES_IN_STUDY: Tag = 0x00080061;
export const MODALITY: Tag = 0x00080060;
export const TIMEZONE_OFFSET: Tag = 0x00080201;
export const RETRIEVE_URL: Tag = 0x00081190;
export const PATIENT_ID: Tag = 0x00100020;
export const ISSUER_OF_PATIENT_ID: Tag = 0x00100021;
export const STUDY_INSTANCE_UID: Tag = 0x0020000d;
export const SERIES_INSTANCE_UID: Tag = 0x0020000e;
export const SOP_INSTANCE_UID: Tag = 0x00080018;
export const STUDY_SERIES_COUNT: Tag = 0x00201206;
export const STUDY_INSTANCE_COUNT: Tag = 0x00201208;
export const SERIES_INSTANCE_COUNT: Tag = 0x00201209;

/** Query/Retrieve Level (0008,0052) and unique key of each level (PS3.4 C.6). */
export const LEVELS: Readonly<
  Record<EntityLevel, { readonly name: string; readonly uniqueKey: Tag }>
> = {
  patient: { name: "PATIENT", uniqueKey: PATIENT_ID },
  study: { name: "STUDY", uniqueKey: STUDY_INSTANCE_UID },
  series: { name: "SERIES", uniqueKey: SERIES_INSTANCE_UID },
  instance: { name: "IMAGE", uniqueKey: SOP_INSTANCE_UID },
};

/** Attributes that every level may have, and that say something about the one that is searched. */
export const OF_ANY_LEVEL: ReadonlySet<Tag> = new Set([
  SPECIFIC_CHARACTER_SET,
  QUERY_RETRIEVE_LEVEL,
  INSTANCE_AVAILABILITY,
  TIMEZONE_OFFSET,
  RETRIEVE_URL,
  0x00080054, // RetrieveAETitle
  0x00880130, // StorageMediaFileSetID
  0x00880140, // StorageMediaFileSetUID
]);

/** Attributes of a patient (PS3.4 table C.6-1) that PACS know as keys. */
const PATIENT_TAGS: readonly Tag[] = [
  0x00081120, // ReferencedPatientSequence
  0x00100010, // PatientName
  PATIENT_ID,
  ISSUER_OF_PATIENT_ID,
  0x00100024, // IssuerOfPatientIDQualifiersSequence
  0x00100030, // PatientBirthDate
  0x00100032, // PatientBirthTime
  0x00100040, // PatientSex
  0x00101001, // OtherPatientNames
  0x00101002, // OtherPatientIDsSequence
  0x00102160, // EthnicGroup
  0x00104000, // PatientComments
];

/** Known for searches, but not part of what `all` asks for. */
const FURTHER_PATIENT_TAGS: readonly Tag[] = [
  0x00101000, // OtherPatientIDs
  0x00101060, // PatientMotherBirthName
  0x00102201, // PatientSpeciesDescription
  0x00102292, // PatientBreedDescription
  0x00102297, // ResponsiblePerson
  0x00102299, // ResponsibleOrganization
  0x00201200, // NumberOfPatientRelatedStudies
  0x00201202, // NumberOfPatientRelatedSeries
  0x00201204, // NumberOfPatientRelatedInstances
];

/** Attributes of a study (PS3.4 tables C.6-2 and C.6-5). */
const STUDY_TAGS: readonly Tag[] = [
  0x00080020, // StudyDate
  0x00080030, // StudyTime
  0x00080050, // AccessionNumber
  0x00080051, // IssuerOfAccessionNumberSequence
  MODALITIES_IN_STUDY,
  0x00080062, // SOPClassesInStudy
  0x00080090, // ReferringPhysicianName
  0x00081030, // StudyDescription
  0x00081032, // ProcedureCodeSequence
  0x00081060, // NameOfPhysiciansReadingStudy
  0x00081080, // AdmittingDiagnosesDescription
  0x00081110, // ReferencedStudySequence
  0x00101010, // PatientAge
  0x00101020, // PatientSize
  0x00101030, // PatientWeight
  0x00102180, // Occupation
  0x001021b0, // AdditionalPatientHistory
  STUDY_INSTANCE_UID,
  0x00200010, // StudyID
  STUDY_SERIES_COUNT,
  STUDY_INSTANCE_COUNT,
];

const FURTHER_STUDY_TAGS: readonly Tag[] = [
  0x00080063, // AnatomicRegionsInStudyCodeSequence
  0x00080096, // ReferringPhysicianIdentificationSequence
  0x0008009c, // ConsultingPhysicianName
  0x00081048, // PhysiciansOfRecord
  0x00201070, // OtherStudyNumbers
  0x00321032, // RequestingPhysician
  0x00321060, // RequestedProcedureDescription
  0x00324000, // StudyComments
  0x00380010, // AdmissionID
];

/** Attributes of a series (PS3.4 table C.6-3). */
const SERIES_TAGS: readonly Tag[] = [
  0x00080021, // SeriesDate
  0x00080031, // SeriesTime
  MODALITY,
  0x00080070, // Manufacturer
  0x00080080, // InstitutionName
  0x00081010, // StationName
  0x0008103e, // SeriesDescription
  0x00081040, // InstitutionalDepartmentName
  0x00081050, // PerformingPhysicianName
  0x00081070, // OperatorsName
  0x00081090, // ManufacturerModelName
  0x00081111, // ReferencedPerformedProcedureStepSequence
  0x00180015, // BodyPartExamined
  0x00181030, // ProtocolName
  0x00185100, // PatientPosition
  SERIES_INSTANCE_UID,
  0x00200011, // SeriesNumber
  0x00200052, // FrameOfReferenceUID
  0x00200060, // Laterality
  SERIES_INSTANCE_COUNT,
  0x00400244, // PerformedProcedureStepStartDate
  0x00400245, // PerformedProcedureStepStartTime
  0x00400253, // PerformedProcedureStepID
  0x00400254, // PerformedProcedureStepDescription
  0x00400275, // RequestAttributesSequence
];

const FURTHER_SERIES_TAGS: readonly Tag[] = [
  0x0008103f, // SeriesDescriptionCodeSequence
  0x00181000, // DeviceSerialNumber
  0x00181020, // SoftwareVersions
  0x00400250, // PerformedProcedureStepEndDate
  0x00400251, // PerformedProcedureStepEndTime
];

/** Attributes of an instance (PS3.4 table C.6-4) that PACS know as keys. */
const INSTANCE_TAGS: readonly Tag[] = [
  0x00080008, // ImageType
  0x00080016, // SOPClassUID
  SOP_INSTANCE_UID,
  0x00080022, // AcquisitionDate
  0x00080023, // ContentDate
  0x0008002a, // AcquisitionDateTime
  0x00080032, // AcquisitionTime
  0x00080033, // ContentTime
  0x00200012, // AcquisitionNumber
  0x00200013, // InstanceNumber
  0x00200032, // ImagePositionPatient
  0x00200037, // ImageOrientationPatient
  0x00201041, // SliceLocation
  0x00204000, // ImageComments
  0x00280008, // NumberOfFrames
  0x00280010, // Rows
  0x00280011, // Columns
  0x00280100, // BitsAllocated
  0x0040a043, // ConceptNameCodeSequence
  0x0040a491, // CompletionFlag
  0x0040a493, // VerificationFlag
  0x0040a504, // ContentTemplateSequence
  0x00700080, // ContentLabel
  0x00700081, // ContentDescription
];

const LEVEL_OF: ReadonlyMap<Tag, EntityLevel> = new Map([
  ...levelEntries("patient", [...PATIENT_TAGS, ...FURTHER_PATIENT_TAGS]),
  ...levelEntries("study", [...STUDY_TAGS, ...FURTHER_STUDY_TAGS]),
  ...levelEntries("series", [...SERIES_TAGS, ...FURTHER_SERIES_TAGS]),
  ...levelEntries("instance", INSTANCE_TAGS),
]);

function levelEntries(
  level: EntityLevel,
  tags: readonly Tag[],
): readonly (readonly [Tag, EntityLevel])[] {
  return tags.map((tag) => [tag, level]);
}

/** The level that an attribute belongs to; one that is not known is asked for where the search is. */
export function levelOf(tag: Tag, searched: QueryLevel): EntityLevel {
  return LEVEL_OF.get(tag) ?? searched;
}

/** What `includefield=all` asks for at a level: the keys that PACS know. */
export const ALL_TAGS: Readonly<Record<EntityLevel, readonly Tag[]>> = {
  patient: PATIENT_TAGS,
  study: STUDY_TAGS,
  series: SERIES_TAGS,
  instance: INSTANCE_TAGS,
};

/** Inner attributes that are asked for when a sequence is asked for as a whole (PS3.18 table 10.6.3-4). */
export const SEQUENCE_CONTENT: ReadonlyMap<Tag, readonly Tag[]> = new Map([
  [0x00400275, [0x00400009, 0x00401001]],
]);

/** Dates with the times that belong to them. */
export const DATE_TIME_PAIRS: readonly (readonly [date: Tag, time: Tag])[] = [
  [0x00080020, 0x00080030],
  [0x00080021, 0x00080031],
  [0x00080022, 0x00080032],
  [0x00080023, 0x00080033],
  [0x00100030, 0x00100032],
  [0x00400244, 0x00400245],
  [0x00400250, 0x00400251],
  [0x00400002, 0x00400003],
];

/**
 * Identifiers, which are compared letter by letter: a match of the PACS that says another one, or none, is somebody
 * else.
 */
export const EXACT_TAGS: ReadonlySet<Tag> = new Set([
  0x00080050, // AccessionNumber
  PATIENT_ID,
  ISSUER_OF_PATIENT_ID,
  0x00101000, // OtherPatientIDs
  0x00380010, // AdmissionID
]);

/** Attributes that a match has to tell when they were keys, whatever the PACS says of optional keys. */
export const MUST_BE_TOLD: ReadonlySet<Tag> = new Set([
  ...EXACT_TAGS,
  0x00100010, // PatientName
  0x00100030, // PatientBirthDate
]);
