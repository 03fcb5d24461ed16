import { displayPersonNameGroup } from "#core/dicom/person-name.ts";
import type { Patient } from "#core/study/patient.ts";
import type { CdaPatient } from "./cda-document.ts";

/** An attribute in which a document and the DICOM object around it name different people (safety C4). */
export interface IdentityDifference {
  readonly attribute: "name" | "id" | "birth-date" | "sex";
  /** As the DICOM object says. */
  readonly expected: string;
  /** As the document says. */
  readonly found: string;
}

/** What differs between the patient of an object and that of the document in it. What either leaves out agrees. */
export function identityDifferences(
  patient: Patient,
  document: CdaPatient,
): readonly IdentityDifference[] {
  return [
    ...nameDifference(patient, document),
    ...difference("birth-date", patient.birthDate?.slice(0, 8), document.birthDate?.slice(0, 8)),
    ...difference("sex", sexOf(patient.sex), sexOf(document.sex)),
    ...idDifference(patient, document),
  ];
}

function difference(
  attribute: IdentityDifference["attribute"],
  expected: string | undefined,
  found: string | undefined,
): readonly IdentityDifference[] {
  if (expected === undefined || found === undefined || expected === found) return [];
  return [{ attribute, expected, found }];
}

/** HL7 and DICOM share the codes for men and women; anything else contradicts nobody. */
function sexOf(code: string | undefined): string | undefined {
  return code === "M" || code === "F" ? code : undefined;
}

/** Names agree when one of the groups shares the family name, and a given name where both have one. */
function nameDifference(patient: Patient, { names }: CdaPatient): readonly IdentityDifference[] {
  const groups = [patient.name?.alphabetic, patient.name?.ideographic, patient.name?.phonetic]
    .filter((group) => group !== undefined && group !== "")
    .map(String);
  if (groups.length === 0 || names.length === 0) return [];
  const agree = groups.some((group) => names.some((name) => isAlike(group, name)));
  return agree
    ? []
    : [
        {
          attribute: "name",
          expected: displayPersonNameGroup(groups[0] ?? ""),
          found: names[0] ?? "",
        },
      ];
}

function isAlike(dicomName: string, documentName: string): boolean {
  const [family = "", given = "", middle = ""] = dicomName.split("^");
  const words = new Set(wordsOf(documentName));
  const familyWords = wordsOf(family);
  const givenWords = wordsOf(`${given} ${middle}`);
  const hasFamily = familyWords.length > 0 && familyWords.every((word) => words.has(word));
  return hasFamily && (givenWords.length === 0 || givenWords.some((word) => words.has(word)));
}

/** Words of a name without case, accents and punctuation. */
function wordsOf(name: string): readonly string[] {
  return name
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "");
}

function idDifference(patient: Patient, { ids }: CdaPatient): readonly IdentityDifference[] {
  const expected = patient.id?.trim();
  if (expected === undefined || ids.length === 0 || ids.includes(expected)) return [];
  return [{ attribute: "id", expected, found: ids.join(", ") }];
}
