import { DicomError } from "../dicom/dicom-error.ts";
import { vrOf } from "../dicom/dictionary.ts";
import type { Tag } from "../dicom/tag.ts";
import { parseAttributePath } from "./attribute-path.ts";
import type { MatchKey, QidoQuery, QueryLevel } from "./qido-query.ts";

/** The resource that is searched: level, and what the path names already. */
export interface QueryScope {
  readonly level: QueryLevel;
  readonly studyInstanceUid?: string;
  readonly seriesInstanceUid?: string;
}

/** Parameters that are about the answer, not about the search. */
const OTHER_PARAMETERS: ReadonlySet<string> = new Set(["accept", "charset"]);

/**
 * A QIDO-RS search from its query parameters, in order, percent-decoded (PS3.18 8.3.4).
 * @throws DicomError `bad-message` for an unknown attribute, one given twice, and values that cannot be
 */
export function parseQidoQuery(
  scope: QueryScope,
  parameters: Iterable<readonly [name: string, value: string]>,
): QidoQuery {
  const keys: MatchKey[] = [];
  const includeFields: (readonly Tag[])[] = [];
  let query: QidoQuery = {
    ...scope,
    keys,
    includeFields,
    includeAll: false,
    fuzzyMatching: false,
    offset: 0,
  };
  for (const [name, value] of parameters) {
    if (OTHER_PARAMETERS.has(name)) continue;
    if (name === "includefield") {
      const fields = value.split(",").filter((field) => field !== "");
      if (fields.includes("all")) query = { ...query, includeAll: true };
      includeFields.push(...fields.filter((field) => field !== "all").map(pathOf));
    } else if (name === "limit") query = { ...query, limit: countOf(name, value) };
    else if (name === "offset") query = { ...query, offset: countOf(name, value) };
    else if (name === "fuzzymatching") query = { ...query, fuzzyMatching: flagOf(name, value) };
    else addKey(keys, { path: pathOf(name), value });
  }
  return query;
}

function addKey(keys: MatchKey[], key: MatchKey): void {
  const name = key.path.join(".");
  if (keys.some(({ path }) => path.join(".") === name)) {
    throw new DicomError("bad-message", "An attribute is given twice in the search");
  }
  checkValue(key);
  keys.push(key);
}

function pathOf(text: string): readonly Tag[] {
  const path = parseAttributePath(text);
  if (path !== undefined) return path;
  const shown = /^[\w.]{1,64}$/.test(text) ? text : "a parameter";
  throw new DicomError("bad-message", `${shown} is neither an attribute nor a search parameter`);
}

function countOf(name: string, value: string): number {
  const count = Number(value);
  if (/^\d+$/.test(value) && Number.isSafeInteger(count)) return count;
  throw new DicomError("bad-message", `${name} must be a whole number, zero or more`);
}

function flagOf(name: string, value: string): boolean {
  if (value === "true" || value === "false") return value === "true";
  throw new DicomError("bad-message", `${name} must be true or false`);
}

const PART_PATTERNS = {
  DA: /^\d{4}\.?\d{2}\.?\d{2}$/,
  TM: /^\d{2}(:?\d{2}(:?\d{2}(\.\d{1,6})?)?)?$/,
} as const;

/** A malformed date would silently match nothing. */
function checkValue({ path, value }: MatchKey): void {
  const vr = vrOf(path[path.length - 1] ?? 0);
  if ((vr !== "DA" && vr !== "TM") || value === "" || value === "*") return;
  const parts = value.split("-");
  const isRange = parts.length === 2 && value !== "-";
  const isValid = parts.every(
    (part) => PART_PATTERNS[vr].test(part.trim()) || (isRange && part === ""),
  );
  if (!isValid || parts.length > 2) {
    const form = vr === "DA" ? "YYYYMMDD" : "HHMMSS";
    throw new DicomError("bad-message", `A ${vr} key must be ${form} or a range such as ${form}-`);
  }
}
