import type { DataSet } from "#core/dicom/data-set.ts";
import type { PersonName } from "#core/dicom/person-name.ts";
import { dataSetFromJson } from "#core/dicom-json/from-json.ts";
import { dicomDate } from "#core/study/display-date.ts";
import type { StudyListEntry } from "../study-list-entry.ts";
import type { StudyListFilter } from "../study-list-filter.ts";
import type { CompanionRequests } from "./companion-requests.ts";

/** A procedure that is scheduled and not yet acquired, as a UPS Instance says it (PS3.4 table CC.2.5-3). */
export interface ScheduledEntry {
  readonly uid: string;
  readonly patientName?: PersonName | undefined;
  readonly patientId?: string | undefined;
  readonly birthDate?: string | undefined;
  readonly sex?: string | undefined;
  /** `YYYYMMDD` and `HHMMSS`, local to the archive. */
  readonly date: string;
  readonly time: string;
  readonly label: string;
  readonly modality: string;
  readonly station: string;
  readonly accessionNumber: string;
  /** Study Instance UID that its images will have; empty where nobody has made one. */
  readonly studyInstanceUid: string;
}

const SOP_INSTANCE_UID = 0x00080018;
const ACCESSION_NUMBER = 0x00080050;
const MODALITY = 0x00080060;
const CODE_MEANING = 0x00080104;
const STUDY_INSTANCE_UID = 0x0020000d;
const REQUESTED_PROCEDURE_DESCRIPTION = 0x00321060;
const SCHEDULED_STATION_AE_TITLE = 0x00400001;
const START_DATE_TIME = 0x00404005;
const STATION_NAME_CODES = 0x00404025;
const REFERENCED_REQUESTS = 0x0040a370;
const PROCEDURE_STEP_STATE = 0x00741000;
const PROCEDURE_STEP_LABEL = 0x00741204;
const MOST = 200;

/** What a worklist has for a day, in order of time; undefined where it names nothing that can be read. */
export async function searchScheduledWork(
  requests: CompanionRequests,
  sourceName: string,
  day: Date,
  signal: AbortSignal,
): Promise<readonly ScheduledEntry[]> {
  const date = dicomDate(day);
  const query = `00404005=${date}000000-${date}235959&limit=${MOST}`;
  const path = `sources/${encodeURIComponent(sourceName)}/dicom-web/workitems?${query}`;
  const answer = await requests.json(path, signal);
  const items: readonly unknown[] = Array.isArray(answer) ? answer : [];
  return items
    .map((item) => scheduledEntry(dataSetFromJson(item)))
    .filter((entry) => entry !== undefined)
    .sort((a, b) => (`${a.date}${a.time}` < `${b.date}${b.time}` ? -1 : 1));
}

/** What is done, under way or given up is no longer scheduled. */
function scheduledEntry(item: DataSet): ScheduledEntry | undefined {
  const state = item.string(PROCEDURE_STEP_STATE);
  if (state !== undefined && state !== "SCHEDULED") return undefined;
  const start = item.string(START_DATE_TIME) ?? "";
  const request = item.items(REFERENCED_REQUESTS)[0];
  const station = item.items(STATION_NAME_CODES)[0];
  return {
    uid: item.string(SOP_INSTANCE_UID) ?? `${start}/${item.string(STUDY_INSTANCE_UID) ?? ""}`,
    patientName: item.personName(0x00100010),
    patientId: item.string(0x00100020),
    birthDate: item.string(0x00100030),
    sex: item.string(0x00100040),
    date: start.slice(0, 8),
    time: start.slice(8, 14),
    label:
      item.string(PROCEDURE_STEP_LABEL) ?? request?.string(REQUESTED_PROCEDURE_DESCRIPTION) ?? "",
    modality: item.string(MODALITY) ?? "",
    station: item.string(SCHEDULED_STATION_AE_TITLE) ?? station?.string(CODE_MEANING) ?? "",
    accessionNumber: request?.string(ACCESSION_NUMBER) ?? item.string(ACCESSION_NUMBER) ?? "",
    studyInstanceUid: item.string(STUDY_INSTANCE_UID) ?? request?.string(STUDY_INSTANCE_UID) ?? "",
  };
}

/**
 * The entries that a list shows beside its studies: those that fit its filter, and of whose study it has no images. A
 * filter of other days than today leaves none.
 */
export function scheduledBeside(
  entries: readonly ScheduledEntry[],
  studies: readonly StudyListEntry[],
  filter: StudyListFilter,
): readonly ScheduledEntry[] {
  if (filter.dates.kind === "range") return [];
  const uids = new Set(studies.map(({ studyInstanceUid }) => studyInstanceUid));
  return entries.filter((entry) => !uids.has(entry.studyInstanceUid) && fits(entry, filter));
}

function fits(entry: ScheduledEntry, filter: StudyListFilter): boolean {
  const { alphabetic = "", ideographic = "", phonetic = "" } = entry.patientName ?? {};
  const { modalities } = filter;
  return (
    holds([alphabetic, ideographic, phonetic].join(" "), filter.patientName) &&
    holds(entry.patientId ?? "", filter.patientId) &&
    holds(entry.accessionNumber, filter.accessionNumber) &&
    holds(entry.label, filter.description) &&
    (modalities.length === 0 || modalities.includes(entry.modality))
  );
}

/** Whether every part of what was typed is in the value, wildcards aside. */
function holds(value: string, typed: string): boolean {
  const text = value.toLocaleLowerCase();
  const parts = typed.toLocaleLowerCase().split(/[\s,^*?\\]+/);
  return parts.every((part) => text.includes(part));
}
