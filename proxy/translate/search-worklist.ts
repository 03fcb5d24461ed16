import type { DataSet } from "#core/dicom/data-set.ts";
import { vrOf } from "#core/dicom/dictionary.ts";
import { type Tag, tagToHex } from "#core/dicom/tag.ts";
import type { MatchKey } from "#core/dicomweb/qido-query.ts";
import { type SearchPage, SourceError, type WorkitemQuery } from "../sources/source.ts";
import { findIdentifier, type IdentifierKey } from "./find-identifier.ts";
import { keyCheck } from "./key-check.ts";
import { MUST_BE_TOLD, SOP_INSTANCE_UID } from "./level-attributes.ts";
import { plainDataSet } from "./plain-data-set.ts";
import { declaredCharacterSet } from "./query-text.ts";
import { combinations, type SearchKey, searchKeys, shown } from "./search-keys.ts";
import type { RunFind, SearchAbilities } from "./search-plan.ts";
import {
  REQUEST_TAGS,
  SCHEDULED_STEPS,
  STEP_TAGS,
  upsOfWorklist,
  WORKLIST_TAGS,
} from "./worklist-to-ups.ts";

/** What is known of a worklist that searches depend on. */
export type WorklistAbilities = Pick<
  SearchAbilities,
  "fuzzyMatching" | "queryCharacterSet" | "fallbackCharacterSet"
>;

/** Entries of a worklist that are looked at in one search. */
const MOST_ENTRIES = 5000;

const STATE: Tag = 0x00741000;
const START: Tag = 0x00404005;
const REFERENCED_REQUESTS: Tag = 0x0040a370;

/** Where a worklist has what a UPS Instance has elsewhere, by path of the UPS attribute. */
const WORKLIST_PATHS: ReadonlyMap<string, readonly Tag[]> = new Map(
  (
    [
      [[0x00080060], [SCHEDULED_STEPS, 0x00080060]],
      [
        [0x00404026, 0x00080100],
        [SCHEDULED_STEPS, 0x00080060],
      ],
      [[0x00400001], [SCHEDULED_STEPS, 0x00400001]],
      [
        [0x00404025, 0x00080100],
        [SCHEDULED_STEPS, 0x00400001],
      ],
      [[0x00400009], [SCHEDULED_STEPS, 0x00400009]],
      [
        [0x00404034, 0x00404037],
        [SCHEDULED_STEPS, 0x00400006],
      ],
    ] as const
  ).map(([ups, worklist]) => [nameOf(ups), worklist]),
);

/** Keys that the check alone answers: a worklist may have the value in either of two places. */
const CHECKED_ONLY: ReadonlySet<string> = new Set([
  nameOf([0x00741204]),
  nameOf([0x00741200]),
  nameOf([0x00080018]),
]);

/** Keys of a worklist that are no attributes of steps (PS3.4 table K.6-1). */
const TOP_TAGS: ReadonlySet<Tag> = new Set(WORKLIST_TAGS);

/**
 * What is scheduled and not yet acquired: Modality Worklist (PS3.4 annex K) as UPS Instances (PS3.18 11.9), read-only.
 * Each match has, where the worklist has them: SOPClassUID, SOPInstanceUID (made of the step's identifiers, always the
 * same), ProcedureStepState `SCHEDULED`, ScheduledProcedureStepStartDateTime, -Priority, ProcedureStepLabel, the codes
 * of station name, station class and workitem, the performer, StudyInstanceUID, the patient, AdmissionID, and the
 * request with AccessionNumber, RequestedProcedureID and -Description in ReferencedRequestSequence; and, beside UPS, of
 * the worklist's own: Modality, ScheduledStationAETitle, ScheduledProcedureStepID. Ordered by start.
 * @throws SourceError `bad-request` for keys that no worklist can answer
 * @throws DimseError of the C-FIND
 */
export async function searchWorklist(
  query: WorkitemQuery,
  abilities: WorklistAbilities,
  run: RunFind,
  signal: AbortSignal,
): Promise<SearchPage> {
  signal.throwIfAborted();
  const { offset, limit = Number.POSITIVE_INFINITY, fuzzyMatching } = query;
  const trustsNames = fuzzyMatching && abilities.fuzzyMatching;
  const tests = query.keys.map((key) => upsTest(key, trustsNames));
  const steps = new Map<string, DataSet>();
  let isCut = false;
  if (asksForScheduled(query)) {
    for await (const entry of entriesOf(query, abilities, run, signal)) {
      for (const step of upsOfWorklist(entry)) {
        if (tests.every((test) => test(step))) steps.set(step.string(SOP_INSTANCE_UID) ?? "", step);
      }
      isCut = steps.size >= MOST_ENTRIES;
      if (isCut) break;
    }
  }
  const ordered = [...steps.values()].sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1));
  const matches = ordered.slice(offset, offset + limit);
  return {
    matches,
    warnings: warningsOf(query, abilities, isCut),
    hasMore: ordered.length > offset + matches.length,
  };
}

/** Steps that have begun are not in the answer, whatever they are called. */
function asksForScheduled({ keys }: WorkitemQuery): boolean {
  const state = keys.find(({ path: [tag] }) => tag === STATE)?.value;
  return state === undefined || ["", "*", "SCHEDULED"].includes(state);
}

async function* entriesOf(
  query: WorkitemQuery,
  abilities: WorklistAbilities,
  run: RunFind,
  signal: AbortSignal,
): AsyncGenerator<DataSet> {
  const queryCharacterSet = declaredCharacterSet(abilities.queryCharacterSet);
  const keys = searchKeys(
    { level: "study", keys: query.keys.flatMap(worklistKeys), fuzzyMatching: query.fuzzyMatching },
    { ...abilities, queryCharacterSet, takesUidLists: false, dateTimeMatching: true },
  );
  for (const values of combinations(keys)) {
    signal.throwIfAborted();
    const identifier = findIdentifier(undefined, identifierKeys(keys, values), queryCharacterSet);
    const { fallbackCharacterSet } = abilities;
    for await (const { dataSet } of run({ model: "worklist", identifier, fallbackCharacterSet })) {
      signal.throwIfAborted();
      yield plainDataSet(dataSet);
    }
  }
}

function identifierKeys(
  keys: readonly SearchKey[],
  values: readonly string[],
): readonly IdentifierKey[] {
  return [
    ...WORKLIST_TAGS.map((tag) => ({ path: [tag], value: "" })),
    ...STEP_TAGS.map((tag) => ({ path: [SCHEDULED_STEPS, tag], value: "" })),
    ...keys.map(({ path }, index) => ({ path, value: values[index] ?? "" })),
  ];
}

/** The keys of a worklist for one of UPS; what it cannot be asked is left to the check. */
function worklistKeys({ path, value }: MatchKey): readonly MatchKey[] {
  const [first = 0, second] = path;
  const name = nameOf(path);
  const elsewhere = WORKLIST_PATHS.get(name);
  if (elsewhere !== undefined) return [{ path: elsewhere, value }];
  if (first === START) return [{ path: [SCHEDULED_STEPS, 0x00400002], value: datesOf(value) }];
  if (first === REFERENCED_REQUESTS && second !== undefined && REQUEST_TAGS.includes(second))
    return [{ path: path.slice(1), value }];
  if (first === STATE || CHECKED_ONLY.has(name)) return [];
  if (TOP_TAGS.has(first)) return [{ path, value }];
  throw new SourceError("bad-request", `A worklist cannot be searched by ${shown(path)}`);
}

/** The days of a moment or range; times are compared here, as worklists differ in how they take them. */
function datesOf(value: string): string {
  const range = /^(\d{8}[\d.]*(?:[+-]\d{4}(?!\d))?)?-(\d{8}[\d.]*(?:[+-]\d{4})?)?$/.exec(value);
  const [first = "", last = ""] = range === null ? [value, value] : [range[1], range[2]];
  const days = [first.slice(0, 8), last.slice(0, 8)];
  if (value === "" || value === "*") return "";
  if (!days.every((day) => day === "" || /^\d{8}$/.test(day)) || value === "-") {
    throw new SourceError(
      "bad-request",
      "ScheduledProcedureStepStartDateTime must begin with YYYYMMDD, or be a range of such",
    );
  }
  return range === null || first.slice(0, 8) === last.slice(0, 8)
    ? (days[0] ?? "")
    : days.join("-");
}

/** Whether a UPS Instance is what a key asks for; an attribute that is not told must not identify anybody. */
function upsTest({ path, value }: MatchKey, trustsNames: boolean): (step: DataSet) => boolean {
  const [first = 0] = path;
  const isRequest = path.length === 1 && first !== START && REQUEST_TAGS.includes(first);
  const leaf = path[path.length - 1] ?? 0;
  const vr = vrOf(leaf) ?? "LO";
  const where = isRequest ? [REFERENCED_REQUESTS, ...path] : path;
  const check = keyCheck(where, vr, value.trim(), trustsNames);
  return (step) => {
    const verdict = check(step);
    return verdict === "match" || (verdict === "silent" && !MUST_BE_TOLD.has(leaf) && vr !== "UI");
  };
}

function warningsOf(
  query: WorkitemQuery,
  abilities: WorklistAbilities,
  isCut: boolean,
): readonly string[] {
  return [
    ...(query.fuzzyMatching && !abilities.fuzzyMatching
      ? ["The fuzzymatching parameter is not supported. Only literal matching has been performed."]
      : []),
    ...(isCut
      ? [`Only ${MOST_ENTRIES} entries of the worklist were looked at: narrow the search`]
      : []),
  ];
}

function orderOf(step: DataSet): string {
  return `${step.string(START) ?? "~"} ${step.string(SOP_INSTANCE_UID)}`;
}

function nameOf(path: readonly Tag[]): string {
  return path.map(tagToHex).join(".");
}
