import { type ReadonlySignal, signal } from "@preact/signals-core";
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

const NONE: PriorStudies = { studies: [], withOtherIdentity: 0 };
const MAXIMUM_PRIORS = 100;

/** Finds the other studies of a patient in the archive. */
export class PriorSearch {
  readonly #source: StudyListSource;
  readonly #found = signal<PriorStudies>(NONE);
  readonly #hasFailed = signal(false);
  readonly #running = new AbortController();

  readonly found: ReadonlySignal<PriorStudies> = this.#found;
  readonly hasFailed: ReadonlySignal<boolean> = this.#hasFailed;

  constructor(source: StudyListSource) {
    this.#source = source;
  }

  /** Searches by patient ID; without one, nobody can say whose the other studies are, and none are given. */
  async search(patient: Patient, except: string): Promise<void> {
    const id = patient.id === undefined || /[*?\\]/.test(patient.id) ? undefined : patient.id;
    const key = id === undefined ? { studyInstanceUid: except } : { patientId: id };
    const search = { ...key, limit: MAXIMUM_PRIORS, offset: 0 };
    this.#hasFailed.value = false;
    try {
      const page = await this.#source.searchForStudies(search, this.#running.signal);
      const entries = page.studies
        .map(studyListEntry)
        .filter((entry) => entry !== undefined)
        .filter(({ patientId, studyInstanceUid }) =>
          id === undefined ? studyInstanceUid === except : patientId === id,
        );
      const itself = entries.find((entry) => entry.studyInstanceUid === except);
      const others = entries.filter((entry) => entry !== itself);
      const studies = others.filter((entry) => isSamePatient(patient, entry));
      this.#found.value = {
        studies: studies.sort(byDateDescending),
        withOtherIdentity: others.length - studies.length,
        instancesOfStudy: itself?.numberOfInstances,
      };
    } catch {
      // The study itself can be read without its priors; that they are unknown is said where they would stand.
      if (!this.#running.signal.aborted) this.#hasFailed.value = true;
    }
  }

  close(): void {
    this.#running.abort();
  }
}

/** Whether nothing that both sides say about the patient differs: birth date, sex and family name. */
export function isSamePatient(patient: Patient, entry: StudyListEntry): boolean {
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
