import { type DataElement, DataSet } from "#core/dicom/data-set.ts";
import { Sha256 } from "#core/dicom/sha-256.ts";
import type { Tag } from "#core/dicom/tag.ts";
import { textElement } from "#core/dicom/text-element.ts";

/** Unified Procedure Step - Push (PS3.4 CC.2.1). */
const UPS_PUSH = "1.2.840.10008.5.1.4.34.6.1";

export const SCHEDULED_STEPS: Tag = 0x00400100;
const SPS_ID: Tag = 0x00400009;
const SPS_STATUS: Tag = 0x00400020;
const SPS_MODALITY: Tag = 0x00080060;
const SPS_STATION_AE: Tag = 0x00400001;
const SPS_STATION_NAME: Tag = 0x00400010;
const SPS_DATE: Tag = 0x00400002;
const SPS_TIME: Tag = 0x00400003;
const SPS_PHYSICIAN: Tag = 0x00400006;
const SPS_DESCRIPTION: Tag = 0x00400007;
const SPS_PROTOCOL: Tag = 0x00400008;
const REQUESTED_PROCEDURE_DESCRIPTION: Tag = 0x00321060;
const STUDY_INSTANCE_UID: Tag = 0x0020000d;

/** Attributes of a scheduled procedure step that a worklist is asked for (PS3.4 table K.6-1). */
export const STEP_TAGS: readonly Tag[] = [
  SPS_MODALITY,
  SPS_STATION_AE,
  SPS_DATE,
  SPS_TIME,
  SPS_PHYSICIAN,
  SPS_DESCRIPTION,
  SPS_PROTOCOL,
  SPS_ID,
  SPS_STATION_NAME,
  0x00400011, // ScheduledProcedureStepLocation
  SPS_STATUS,
];

/** Attributes that are the same in a worklist and in a UPS Instance. */
const SAME_TAGS: readonly Tag[] = [
  0x00081080, // AdmittingDiagnosesDescription
  0x00081084, // AdmittingDiagnosesCodeSequence
  0x00100010, // PatientName
  0x00100020, // PatientID
  0x00100021, // IssuerOfPatientID
  0x00100024, // IssuerOfPatientIDQualifiersSequence
  0x00100030, // PatientBirthDate
  0x00100040, // PatientSex
  0x00101002, // OtherPatientIDsSequence
  STUDY_INSTANCE_UID,
  0x00380010, // AdmissionID
  0x00380014, // IssuerOfAdmissionIDSequence
];

/** Attributes of a request, in a worklist at the top and in a UPS Instance in its Referenced Request Sequence. */
export const REQUEST_TAGS: readonly Tag[] = [
  0x00080050, // AccessionNumber
  0x00080051, // IssuerOfAccessionNumberSequence
  STUDY_INSTANCE_UID,
  0x00321032, // RequestingPhysician
  0x00321033, // RequestingService
  REQUESTED_PROCEDURE_DESCRIPTION,
  0x00321064, // RequestedProcedureCodeSequence
  0x00401001, // RequestedProcedureID
  0x00401002, // ReasonForTheRequestedProcedure
  0x00402016, // PlacerOrderNumberImagingServiceRequest
  0x00402017, // FillerOrderNumberImagingServiceRequest
];

/** Everything else that a worklist is asked for, beside the steps. */
export const WORKLIST_TAGS: readonly Tag[] = [
  ...new Set([...SAME_TAGS, ...REQUEST_TAGS]),
  0x00401003, // RequestedProcedurePriority
];

/** States of a step before anything was acquired (PS3.3 C.4.10, (0040,0020)). */
const NOT_STARTED: ReadonlySet<string> = new Set(["", "SCHEDULED", "ARRIVED", "READY"]);

const PRIORITIES: Readonly<Record<string, string>> = {
  STAT: "HIGH",
  HIGH: "HIGH",
  ROUTINE: "MEDIUM",
  MEDIUM: "MEDIUM",
  LOW: "LOW",
};

/** The UPS Instances of a worklist entry: one for each step that has not begun. */
export function upsOfWorklist(entry: DataSet): readonly DataSet[] {
  return entry
    .items(SCHEDULED_STEPS)
    .filter((step) => NOT_STARTED.has(step.string(SPS_STATUS) ?? ""))
    .map((step) => upsOfStep(entry, step));
}

function upsOfStep(entry: DataSet, step: DataSet): DataSet {
  const station = step.string(SPS_STATION_AE) ?? "";
  const stationName = step.string(SPS_STATION_NAME) ?? station;
  const modality = step.string(SPS_MODALITY) ?? "";
  const start = `${compact(step, SPS_DATE)}${compact(step, SPS_TIME)}`;
  const label = step.string(SPS_DESCRIPTION) ?? entry.string(REQUESTED_PROCEDURE_DESCRIPTION) ?? "";
  const physician = step.string(SPS_PHYSICIAN);
  const priority = PRIORITIES[entry.string(0x00401003) ?? ""] ?? "";
  const code = (value: string, scheme: string, meaning: string) =>
    value === "" ? [] : [codeItem(value, scheme, meaning)];
  return new DataSet([
    ...picked(entry, SAME_TAGS),
    text(0x00080016, UPS_PUSH),
    text(0x00080018, uidOf(entry, step)),
    text(0x00741000, "SCHEDULED"),
    text(0x00741200, priority),
    text(0x00741204, label),
    text(0x00404005, start),
    text(0x00404041, "UNKNOWN"), // InputReadinessState; a worklist has none
    items(0x00404025, code(station, "99LOCAL", stationName)),
    items(0x00404026, code(modality, "DCM", modality)),
    items(0x00404018, step.items(SPS_PROTOCOL)),
    items(0x00404034, physician === undefined ? [] : [new DataSet([text(0x00404037, physician)])]),
    items(0x0040a370, [new DataSet(picked(entry, REQUEST_TAGS))]),
    // Of the worklist's own: what people know a step by.
    text(SPS_MODALITY, modality),
    text(SPS_STATION_AE, station),
    text(SPS_ID, step.string(SPS_ID) ?? ""),
  ]);
}

/** Date or time as it stands in a date and time. */
function compact(step: DataSet, tag: Tag): string {
  return step.string(tag)?.replace(/[.:](?=\d\d(?:[.:]|$))|^\s+/g, "") ?? "";
}

function picked(dataSet: DataSet, tags: readonly Tag[]): readonly DataElement[] {
  return tags.flatMap((tag) => {
    const element = dataSet.element(tag);
    return element === undefined ? [] : [element];
  });
}

/** The same for the same step, as worklists give steps no UID: from what identifies it (PS3.5 B.2). */
function uidOf(entry: DataSet, step: DataSet): string {
  const parts = [
    entry.string(STUDY_INSTANCE_UID),
    entry.string(0x00080050),
    entry.string(0x00401001),
    entry.string(0x00100020),
    // Every step has an ID; one that has none is known by its time and place.
    step.string(SPS_ID) ??
      [SPS_DATE, SPS_TIME, SPS_STATION_AE].map((tag) => step.string(tag) ?? "").join("/"),
  ];
  const digest = new Sha256();
  digest.update(new TextEncoder().encode(JSON.stringify(parts.map((part) => part ?? ""))));
  let number = 0n;
  for (const byte of digest.digest().subarray(0, 16)) number = (number << 8n) | BigInt(byte);
  return `2.25.${number}`;
}

function codeItem(value: string, scheme: string, meaning: string): DataSet {
  return new DataSet([
    text(0x00080100, value),
    text(0x00080102, scheme),
    text(0x00080104, meaning),
  ]);
}

function text(tag: Tag, value: string): DataElement {
  return value === "" ? textElement(tag) : textElement(tag, value);
}

function items(tag: Tag, list: readonly DataSet[]): DataElement {
  return { tag, vr: "SQ", value: { kind: "items", items: list } };
}
