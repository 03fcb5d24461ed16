import { isUid } from "#core/dicom/uid.ts";

/** Where in a study the viewer is to begin. */
export interface LaunchTarget {
  readonly seriesInstanceUid?: string;
  readonly sopInstanceUid?: string;
  /** From 1, as on the wire. */
  readonly frameNumber?: number;
}

/** What the caller says about the patient; what is opened must agree with it (safety C3). */
interface LaunchExpectation {
  readonly patientId?: string;
  readonly accessionNumber?: string;
}

/** Why a launch address cannot be followed. */
export type LaunchProblem =
  | "bad-study-uid"
  | "bad-series-uid"
  | "bad-instance-uid"
  | "bad-frame"
  | "bad-accession-number"
  | "bad-patient-id"
  | "bad-request-type"
  | "nothing-asked";

/** What a launch address asks for. */
export type Launch =
  | { readonly kind: "study-list" }
  | {
      readonly kind: "studies";
      readonly studyInstanceUids: readonly string[];
      readonly target: LaunchTarget;
      readonly expectation: LaunchExpectation;
    }
  | {
      readonly kind: "accession";
      readonly accessionNumbers: readonly string[];
      readonly expectation: LaunchExpectation;
    }
  | { readonly kind: "patient"; readonly patientId: string }
  | { readonly kind: "invalid"; readonly problem: LaunchProblem };

const MAXIMUM_STUDIES = 50;

/**
 * What the address asks for: links of this viewer and of others (`StudyInstanceUIDs`, `AccessionNumber`,
 * `PatientID`), and IHE Invoke Image Display (RAD-106, table 4.106.4.1.2-2). Names of parameters are
 * compared without case. A value that is not what it should be makes the whole address invalid: nothing is
 * ever opened in its stead.
 */
export function parseLaunch(address: URL): Launch {
  const parameters = collect(address.searchParams);
  return /\/IHEInvokeImageDisplay\/?$/i.test(address.pathname)
    ? parseInvokeImageDisplay(parameters)
    : parseLink(parameters);
}

/** The query of an address that opens the study, without anything about the patient (safety C30). */
export function studyQuery(studyInstanceUids: readonly string[]): string {
  return studyInstanceUids.length === 0
    ? ""
    : `?StudyInstanceUIDs=${studyInstanceUids.map(encodeURIComponent).join(",")}`;
}

type Parameters = ReadonlyMap<string, readonly string[]>;

function collect(search: URLSearchParams): Parameters {
  const parameters = new Map<string, string[]>();
  for (const [name, value] of search) {
    const values = value
      .split(",")
      .map((part) => part.trim())
      .filter((part) => part !== "");
    const key = name.toLowerCase();
    parameters.set(key, [...(parameters.get(key) ?? []), ...values]);
  }
  return parameters;
}

function parseLink(parameters: Parameters): Launch {
  const studies = [
    ...list(parameters, "studyinstanceuids"),
    ...list(parameters, "studyinstanceuid"),
  ];
  const accessions = list(parameters, "accessionnumber");
  const patients = list(parameters, "patientid");
  if (named(parameters, "studyinstanceuids") || named(parameters, "studyinstanceuid"))
    return parseStudies(studies, accessions, patients, parameters);
  if (named(parameters, "accessionnumber")) return parseAccessions(accessions, patients);
  if (named(parameters, "patientid")) return parsePatient(patients);
  return { kind: "study-list" };
}

function parseInvokeImageDisplay(parameters: Parameters): Launch {
  const patients = list(parameters, "patientid").map(idOfCx);
  const requestType = list(parameters, "requesttype")[0]?.toUpperCase();
  if (requestType === "PATIENT") return parsePatient(patients);
  if (requestType !== "STUDY") return invalid("bad-request-type");
  const accessions = list(parameters, "accessionnumber");
  if (named(parameters, "studyuid"))
    return parseStudies(list(parameters, "studyuid"), accessions, patients, new Map());
  if (named(parameters, "accessionnumber")) return parseAccessions(accessions, patients);
  return invalid("nothing-asked");
}

function parseStudies(
  studies: readonly string[],
  accessions: readonly string[],
  patients: readonly string[],
  parameters: Parameters,
): Launch {
  const unique = [...new Set(studies)];
  if (unique.length === 0) return invalid("nothing-asked");
  if (unique.length > MAXIMUM_STUDIES || !unique.every(isUid)) return invalid("bad-study-uid");
  const expectation = parseExpectation(accessions, patients);
  if (typeof expectation === "string") return invalid(expectation);
  const target = parseTarget(parameters);
  if (typeof target === "string") return invalid(target);
  return { kind: "studies", studyInstanceUids: unique, target, expectation };
}

function parseAccessions(accessions: readonly string[], patients: readonly string[]): Launch {
  if (accessions.length === 0) return invalid("nothing-asked");
  if (accessions.length > MAXIMUM_STUDIES || !accessions.every((text) => isPlainValue(text, 16)))
    return invalid("bad-accession-number");
  const expectation = parseExpectation([], patients);
  if (typeof expectation === "string") return invalid(expectation);
  return { kind: "accession", accessionNumbers: [...new Set(accessions)], expectation };
}

function parsePatient(patients: readonly string[]): Launch {
  const [patientId, ...others] = new Set(patients);
  if (patientId === undefined) return invalid("nothing-asked");
  if (others.length > 0 || !isPlainValue(patientId, 64)) return invalid("bad-patient-id");
  return { kind: "patient", patientId };
}

function parseExpectation(
  accessions: readonly string[],
  patients: readonly string[],
): LaunchExpectation | LaunchProblem {
  const [patientId, ...otherPatients] = new Set(patients);
  if (otherPatients.length > 0 || (patientId !== undefined && !isPlainValue(patientId, 64)))
    return "bad-patient-id";
  if (!accessions.every((text) => isPlainValue(text, 16))) return "bad-accession-number";
  const [accessionNumber, ...otherAccessions] = accessions;
  return {
    ...(patientId === undefined ? {} : { patientId }),
    ...(accessionNumber === undefined || otherAccessions.length > 0 ? {} : { accessionNumber }),
  };
}

function parseTarget(parameters: Parameters): LaunchTarget | LaunchProblem {
  const seriesInstanceUid = first(parameters, "seriesinstanceuid", "seriesinstanceuids");
  const sopInstanceUid = first(parameters, "sopinstanceuid", "initialsopinstanceuid");
  const frame = first(parameters, "frame");
  if (seriesInstanceUid !== undefined && !isUid(seriesInstanceUid)) return "bad-series-uid";
  if (sopInstanceUid !== undefined && !isUid(sopInstanceUid)) return "bad-instance-uid";
  if (frame !== undefined && !/^[1-9]\d{0,8}$/.test(frame)) return "bad-frame";
  return {
    ...(seriesInstanceUid === undefined ? {} : { seriesInstanceUid }),
    ...(sopInstanceUid === undefined ? {} : { sopInstanceUid }),
    ...(frame === undefined ? {} : { frameNumber: Number(frame) }),
  };
}

/** The ID number of an HL7 CX value, `id^^^authority`. */
function idOfCx(value: string): string {
  return value.split("^")[0]?.trim() ?? "";
}

/** Whether it is one exact value: no wildcard, no list, no control character, so that it can match only itself. */
function isPlainValue(text: string, longest: number): boolean {
  return text.length > 0 && text.length <= longest && /^[^*?\\\p{Cc}]+$/u.test(text);
}

function named(parameters: Parameters, name: string): boolean {
  return parameters.has(name);
}

function list(parameters: Parameters, name: string): readonly string[] {
  return parameters.get(name) ?? [];
}

function first(parameters: Parameters, ...names: readonly string[]): string | undefined {
  return names.flatMap((name) => list(parameters, name))[0];
}

function invalid(problem: LaunchProblem): Launch {
  return { kind: "invalid", problem };
}
