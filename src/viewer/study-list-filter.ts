import { dicomDate } from "#core/study/display-date.ts";

/** What a person has put into the fields of the study list. Text as typed. */
export interface StudyListFilter {
  readonly patientName: string;
  readonly patientId: string;
  readonly accessionNumber: string;
  readonly description: string;
  /** Codes; a study matches when it has any of them. */
  readonly modalities: readonly string[];
  readonly dates: StudyDates;
}

/** A choice of study dates; `from` and `to` are `YYYYMMDD`, inclusive, either may be empty. */
export type StudyDates =
  | { readonly kind: "any" }
  | { readonly kind: "days"; readonly days: 1 | 7 | 30 }
  | { readonly kind: "range"; readonly from: string; readonly to: string };

/** The keys of a search for studies; text values may hold the wildcards `*` and `?` (PS3.4 C.2.2.2.4). */
export interface StudySearchKeys {
  readonly patientName?: string;
  readonly patientId?: string;
  readonly accessionNumber?: string;
  readonly studyDescription?: string;
  readonly studyInstanceUid?: string;
  readonly modality?: string;
  readonly dateFrom?: string;
  readonly dateTo?: string;
}

export const NO_FILTER: StudyListFilter = {
  patientName: "",
  patientId: "",
  accessionNumber: "",
  description: "",
  modalities: [],
  dates: { kind: "any" },
};

/** Whether the filter leaves every study in. */
export function isUnfiltered(filter: StudyListFilter): boolean {
  return (
    [filter.patientName, filter.patientId, filter.accessionNumber, filter.description].every(
      (text) => text.trim() === "",
    ) &&
    filter.modalities.length === 0 &&
    (filter.dates.kind === "any" ||
      (filter.dates.kind === "range" && filter.dates.from === "" && filter.dates.to === ""))
  );
}

/**
 * The searches that together answer the filter: one for each modality, because a search takes one code; one
 * search when none is chosen. `today` is a local date, for the presets.
 */
export function searchesOf(filter: StudyListFilter, today: Date): readonly StudySearchKeys[] {
  const keys: StudySearchKeys = {
    ...key("patientName", nameKey(filter.patientName)),
    ...key("patientId", prefixKey(filter.patientId)),
    ...key("accessionNumber", prefixKey(filter.accessionNumber)),
    ...key("studyDescription", insideKey(filter.description)),
    ...dateKeys(filter.dates, today),
  };
  if (filter.modalities.length === 0) return [keys];
  return filter.modalities.map((modality) => ({ ...keys, modality }));
}

function dateKeys(dates: StudyDates, today: Date): StudySearchKeys {
  switch (dates.kind) {
    case "any":
      return {};
    case "days": {
      const from = new Date(
        today.getFullYear(),
        today.getMonth(),
        today.getDate() - dates.days + 1,
      );
      return { dateFrom: dicomDate(from), dateTo: dicomDate(today) };
    }
    case "range":
      return { ...key("dateFrom", dates.from), ...key("dateTo", dates.to) };
  }
}

/** Parts of a name in the order typed, anywhere in the name; what holds wildcards already is left as it is. */
function nameKey(text: string): string {
  const parts = clean(text)
    .split(/[\s,^]+/)
    .filter((part) => part !== "");
  if (parts.length === 0) return "";
  return hasWildcard(text) ? parts.join("^") : `*${parts.join("*")}*`;
}

function prefixKey(text: string): string {
  const value = clean(text);
  return value === "" || hasWildcard(value) ? value : `${value}*`;
}

function insideKey(text: string): string {
  const value = clean(text);
  return value === "" || hasWildcard(value) ? value : `*${value}*`;
}

/** Without what would be a list of values, a range or a control character. */
function clean(text: string): string {
  return text.replace(/[\\\p{Cc}]+/gu, " ").trim();
}

function hasWildcard(text: string): boolean {
  return /[*?]/.test(text);
}

function key<K extends keyof StudySearchKeys>(name: K, value: string): StudySearchKeys {
  return value === "" ? {} : { [name]: value };
}
