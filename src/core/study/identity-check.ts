import type { DataSet } from "../dicom/data-set.ts";
import { joinPersonName } from "../dicom/person-name.ts";
import type { Tag } from "../dicom/tag.ts";
import * as TAGS from "../dicom/tags.generated.ts";
import type { Patient } from "./patient.ts";

/** An attribute of identity with more than one value inside a study. Values are patient data: show, never log. */
export interface IdentityConflict {
  readonly attribute: "PatientName" | "PatientID" | "PatientBirthDate" | "AccessionNumber";
  readonly values: readonly string[];
}

const ATTRIBUTES: readonly (readonly [IdentityConflict["attribute"], Tag])[] = [
  ["PatientName", TAGS.PatientName],
  ["PatientID", TAGS.PatientID],
  ["PatientBirthDate", TAGS.PatientBirthDate],
  ["AccessionNumber", TAGS.AccessionNumber],
];

/** Watches that the instances of a study name one patient (safety C4). An instance without a value contradicts nobody. */
export class IdentityCheck {
  readonly #values = new Map<IdentityConflict["attribute"], Set<string>>();

  add(dataSet: DataSet): void {
    for (const [attribute, tag] of ATTRIBUTES) {
      const value = comparable(dataSet, tag);
      if (value === "") continue;
      const values = this.#values.get(attribute) ?? new Set();
      this.#values.set(attribute, values.add(value));
    }
  }

  /** What differs so far. */
  conflicts(): readonly IdentityConflict[] {
    return [...this.#values]
      .filter(([, values]) => values.size > 1)
      .map(([attribute, values]) => ({ attribute, values: [...values] }));
  }
}

/** What differs between the patients of studies that are open side by side (safety C4). */
export function identityConflicts(patients: readonly Patient[]): readonly IdentityConflict[] {
  const differing = (
    attribute: IdentityConflict["attribute"],
    textOf: (patient: Patient) => string | undefined,
  ): readonly IdentityConflict[] => {
    const values = new Set(
      patients.map(textOf).filter((value) => value !== undefined && value !== ""),
    );
    return values.size > 1 ? [{ attribute, values: [...values].map(String) }] : [];
  };
  return [
    ...differing("PatientName", ({ name }) => name && joinPersonName(name)),
    ...differing("PatientID", ({ id }) => id?.trim()),
    ...differing("PatientBirthDate", ({ birthDate }) => birthDate?.trim()),
  ];
}

/** Trailing carets and spaces are no difference between names. */
function comparable(dataSet: DataSet, tag: Tag): string {
  const name = tag === TAGS.PatientName ? dataSet.personName(tag) : undefined;
  return name === undefined ? (dataSet.string(tag)?.trim() ?? "") : joinPersonName(name);
}
