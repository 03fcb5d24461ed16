import type { DataSet } from "#core/dicom/data-set.ts";
import { displayPersonName, type PersonName } from "#core/dicom/person-name.ts";
import { isUid } from "#core/dicom/uid.ts";

/** A study as a search gave it (PS3.18 table 10.6.3-3). Dates and times as in DICOM. */
export interface StudyListEntry {
  readonly studyInstanceUid: string;
  readonly patientName?: PersonName;
  readonly patientId?: string;
  readonly birthDate?: string;
  readonly sex?: string;
  readonly date?: string;
  readonly time?: string;
  readonly description?: string;
  readonly accessionNumber?: string;
  readonly modalities: readonly string[];
  readonly numberOfSeries?: number;
  readonly numberOfInstances?: number;
}

/** By what a study list can be sorted. */
export type StudyListColumn =
  | "patient"
  | "patient-id"
  | "date"
  | "modality"
  | "description"
  | "accession"
  | "images";

export interface StudyListSort {
  readonly column: StudyListColumn;
  readonly isDescending: boolean;
}

/** The entry of a search result; undefined when it names no study, so that it cannot be opened. */
export function studyListEntry(match: DataSet): StudyListEntry | undefined {
  const studyInstanceUid = match.string(0x0020000d);
  if (studyInstanceUid === undefined || !isUid(studyInstanceUid)) return undefined;
  return {
    studyInstanceUid,
    modalities: [...new Set(match.strings(0x00080061).filter((code) => code !== ""))],
    ...present("patientName", match.personName(0x00100010)),
    ...present("patientId", match.string(0x00100020)),
    ...present("birthDate", match.string(0x00100030)),
    ...present("sex", match.string(0x00100040)),
    ...present("date", match.string(0x00080020)),
    ...present("time", match.string(0x00080030)),
    ...present("description", match.string(0x00081030)),
    ...present("accessionNumber", match.string(0x00080050)),
    ...present("numberOfSeries", match.number(0x00201206)),
    ...present("numberOfInstances", match.number(0x00201208)),
  };
}

/** The entries in the order asked for; equal ones keep theirs. Missing values come last, whichever way. */
export function sortStudyList(
  entries: readonly StudyListEntry[],
  sort: StudyListSort,
): readonly StudyListEntry[] {
  const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });
  const direction = sort.isDescending ? -1 : 1;
  return entries
    .map((entry) => ({ entry, key: sortKey(entry, sort.column) }))
    .sort((a, b) => {
      if (a.key === "" || b.key === "") return Number(a.key === "") - Number(b.key === "");
      return direction * collator.compare(a.key, b.key);
    })
    .map(({ entry }) => entry);
}

function sortKey(entry: StudyListEntry, column: StudyListColumn): string {
  switch (column) {
    case "patient":
      return entry.patientName === undefined ? "" : displayPersonName(entry.patientName);
    case "patient-id":
      return entry.patientId ?? "";
    case "date":
      return `${entry.date ?? ""}${entry.date === undefined ? "" : (entry.time ?? "")}`;
    case "modality":
      return entry.modalities.join(" ");
    case "description":
      return entry.description ?? "";
    case "accession":
      return entry.accessionNumber ?? "";
    case "images":
      return String(entry.numberOfInstances ?? "");
  }
}

function present<K extends keyof StudyListEntry>(
  key: K,
  value: StudyListEntry[K] | undefined,
): Partial<StudyListEntry> {
  return value === undefined ? {} : { [key]: value };
}
