import type { Patient } from "#core/study/patient.ts";
import { type StudyListEntry, studyListEntry } from "./study-list-entry.ts";
import type { StudyListSource } from "./study-list-state.ts";

/** Other studies of the patient, the newest first. */
export interface PriorStudies {
  readonly studies: readonly StudyListEntry[];
  /** Studies under the same patient ID that name somebody else; they are not offered (safety C4). */
  readonly withOtherIdentity: number;
  /** Instances of the study itself by the archive's count; undefined where it does not say. */
  readonly instancesOfStudy?: number | undefined;
}

const MAXIMUM_PRIORS = 100;

/**
 * Searches an archive for the other studies of a patient, by patient ID: without one, nobody can say whose they
 * are, and none are given.
 *
 * @param itself Study Instance UID of the study that is open.
 * @throws what the archive has against it
 */
export async function searchForPriors(
  source: StudyListSource,
  patient: Patient,
  itself: string,
  signal: AbortSignal,
): Promise<PriorStudies> {
  const id = patient.id === undefined || /[*?\\]/.test(patient.id) ? undefined : patient.id;
  const key = id === undefined ? { studyInstanceUid: itself } : { patientId: id };
  const search = { ...key, limit: MAXIMUM_PRIORS, offset: 0 };
  const page = await source.searchForStudies(search, signal);
  const entries = page.studies
    .map(studyListEntry)
    .filter((entry) => entry !== undefined)
    .filter(({ patientId, studyInstanceUid }) =>
      id === undefined ? studyInstanceUid === itself : patientId === id,
    );
  const own = entries.find((entry) => entry.studyInstanceUid === itself);
  const others = entries.filter((entry) => entry !== own);
  const studies = others.filter((entry) => isSamePatient(patient, entry));
  return {
    studies: studies.sort(byDateDescending),
    withOtherIdentity: others.length - studies.length,
    instancesOfStudy: own?.numberOfInstances,
  };
}

/** Whether nothing that both sides say about the patient differs: ID, birth date, sex and family name. */
function isSamePatient(patient: Patient, entry: StudyListEntry): boolean {
  const agrees = (a: string | undefined, b: string | undefined): boolean =>
    a === undefined || b === undefined || a === "" || b === "" || a === b;
  return (
    agrees(patient.id, entry.patientId) &&
    agrees(patient.birthDate, entry.birthDate) &&
    agrees(patient.sex, entry.sex) &&
    agrees(familyName(patient.name?.alphabetic), familyName(entry.patientName?.alphabetic))
  );
}

function familyName(group: string | undefined): string | undefined {
  return group?.split("^")[0]?.trim().toLocaleLowerCase();
}

function byDateDescending(a: StudyListEntry, b: StudyListEntry): number {
  const key = (entry: StudyListEntry): string => `${entry.date ?? ""}${entry.time ?? ""}`;
  return key(a) < key(b) ? 1 : -1;
}
