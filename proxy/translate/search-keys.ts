import { keywordOf, vrOf } from "#core/dicom/dictionary.ts";
import { type Tag, tagFromHex, tagToHex } from "#core/dicom/tag.ts";
import { NUMBER_BYTES, SINGLE_TEXT_VRS, type Vr } from "#core/dicom/vr.ts";
import type { MatchKey, QidoQuery } from "#core/dicomweb/qido-query.ts";
import { SourceError } from "../sources/source.ts";
import { dateTimeCheck, type KeyCheck, keyCheck } from "./key-check.ts";
import {
  DATE_TIME_PAIRS,
  type EntityLevel,
  levelOf,
  QUERY_RETRIEVE_LEVEL,
  RETRIEVE_URL,
  SPECIFIC_CHARACTER_SET,
  TIMEZONE_OFFSET,
} from "./level-attributes.ts";
import { holdableText, WILDCARD_VRS } from "./query-text.ts";
import type { SearchAbilities } from "./search-plan.ts";

/** UIDs in one list; at 64 characters each a list fits any length field. */
const MOST_UIDS_IN_LIST = 100;
/** C-FINDs that the lists of one search may come to. */
const MOST_ALTERNATIVES = 64;

/** A matching key as a PACS is asked for it. */
export interface SearchKey {
  readonly path: readonly Tag[];
  readonly vr: Vr;
  readonly level: EntityLevel;
  /** Values to ask for, one C-FIND each; an empty one asks for the attribute and leaves matching to the check. */
  readonly alternatives: readonly string[];
  readonly check: KeyCheck;
}

/** Parameters that say something about the search rather than to be matched. */
const NOT_MATCHED: ReadonlySet<Tag> = new Set([
  SPECIFIC_CHARACTER_SET,
  QUERY_RETRIEVE_LEVEL,
  RETRIEVE_URL,
  TIMEZONE_OFFSET,
]);

/**
 * The keys of a search as they are sent and checked (PS3.4 C.2.2.2): lists are split where they have to be, ranges of
 * dates and times that belong together are joined, text is made fit for the character set.
 * @throws SourceError `bad-request` for values that no PACS can match
 */
export function searchKeys(
  query: Pick<QidoQuery, "level" | "keys" | "fuzzyMatching">,
  abilities: Pick<
    SearchAbilities,
    "dateTimeMatching" | "fuzzyMatching" | "takesUidLists" | "queryCharacterSet"
  >,
): readonly SearchKey[] {
  const given = query.keys
    .filter(({ path: [tag = 0] }) => !NOT_MATCHED.has(tag))
    .map(({ path, value }) => ({ path, value: cleaned(path, value) }));
  const trustsNames = query.fuzzyMatching && abilities.fuzzyMatching;
  const keys = given.map((key) => searchKey(key, query.level, abilities, trustsNames));
  const combined = combineDateTimes(keys, given, abilities.dateTimeMatching);
  const count = combined.reduce((product, { alternatives }) => product * alternatives.length, 1);
  if (count > MOST_ALTERNATIVES) {
    throw badRequest("The lists of the search have too many values for this PACS: give fewer");
  }
  return combined;
}

function searchKey(
  { path, value }: MatchKey,
  level: QidoQuery["level"],
  abilities: Pick<SearchAbilities, "takesUidLists" | "queryCharacterSet">,
  trustsNames: boolean,
): SearchKey {
  const leaf = path[path.length - 1] ?? 0;
  const vr = vrOf(leaf) ?? "LO";
  return {
    path,
    vr,
    level: levelOf(path[0] ?? 0, level),
    alternatives: alternativesOf(leaf, vr, value, abilities),
    check: keyCheck(path, vr, value, trustsNames),
  };
}

/** Without what scanners and copying leave around a value. @throws SourceError `bad-request` */
function cleaned(path: readonly Tag[], value: string): string {
  const text = value.replace(/^[\s\p{Cc}]+|[\s\p{Cc}]+$/gu, "");
  if (/\p{Cc}/u.test(text)) {
    throw badRequest(`The value of ${shown(path)} has control characters`);
  }
  return text;
}

/** The values that are sent for a key. @throws SourceError `bad-request` */
function alternativesOf(
  leaf: Tag,
  vr: Vr,
  value: string,
  {
    takesUidLists,
    queryCharacterSet,
  }: Pick<SearchAbilities, "takesUidLists" | "queryCharacterSet">,
): readonly string[] {
  // What has no value matches as well (PS3.4 C.2.2.2.4): a PACS that takes the star by itself may leave it out.
  if (/^\**$/.test(value)) return [""];
  if (vr === "SQ") throw badRequest(`${shown([leaf])} is a sequence: name an attribute in it`);
  if (vr === "UI") return uidLists(leaf, value, takesUidLists);
  if (/[*?]/.test(value) && !WILDCARD_VRS.has(vr)) {
    throw badRequest(`${shown([leaf])} (${vr}) takes no wildcards`);
  }
  if (vr === "DA") return [value.replaceAll(".", "").replaceAll(" ", "")];
  if (vr === "TM") return [value.replaceAll(":", "").replaceAll(" ", "")];
  if (vr === "CS") return codesOf(value);
  checkForm(leaf, vr, value);
  return [holdableText(value, vr, queryCharacterSet)];
}

function codesOf(value: string): readonly string[] {
  const codes = value.split("\\").map((code) => code.trim());
  return [...new Set(codes.length > 1 ? codes.filter((code) => code !== "") : codes)];
}

function checkForm(leaf: Tag, vr: Vr, value: string): void {
  if (value.includes("\\") && !SINGLE_TEXT_VRS.has(vr)) {
    throw badRequest(`A backslash separates values, and cannot be part of ${shown([leaf])}`);
  }
  const isNumber = vr === "IS" || vr === "DS" || (NUMBER_BYTES[vr] !== undefined && vr !== "AT");
  const fits = vr === "AT" ? tagFromHex(value) !== undefined : Number.isFinite(Number(value));
  if ((isNumber || vr === "AT") && !fits) {
    throw badRequest(`${shown([leaf])} has to be ${vr === "AT" ? "a tag" : "a number"}`);
  }
}

function uidLists(leaf: Tag, value: string, takesLists: boolean): readonly string[] {
  const uids = [...new Set(value.split(/[\\,]/).map((uid) => uid.trim()))].filter(
    (uid) => uid !== "",
  );
  if (!uids.every((uid) => /^[0-9.]{1,64}$/.test(uid))) {
    throw badRequest(`${shown([leaf])} has to be a UID, or a list of UIDs separated by commas`);
  }
  const most = takesLists ? MOST_UIDS_IN_LIST : 1;
  const lists: string[] = [];
  for (let at = 0; at < uids.length; at += most) lists.push(uids.slice(at, at + most).join("\\"));
  return lists;
}

/**
 * A range of dates with a range of times is one range of moments in QIDO-RS (PS3.18 8.3.4). A PACS that did not agree
 * to it would take the times for those of every day: it is asked for the dates, and the rest is checked here.
 */
function combineDateTimes(
  keys: readonly SearchKey[],
  given: readonly MatchKey[],
  isNegotiated: boolean,
): readonly SearchKey[] {
  const combined = [...keys];
  for (const [dateTag, timeTag] of DATE_TIME_PAIRS) {
    const dateAt = given.findIndex((key) => isRangeOf(key, dateTag));
    const timeAt = given.findIndex((key) => isRangeOf(key, timeTag));
    const date = combined[dateAt];
    const time = combined[timeAt];
    if (date === undefined || time === undefined) continue;
    const check = dateTimeCheck(
      dateTag,
      timeTag,
      date.alternatives[0] ?? "",
      time.alternatives[0] ?? "",
    );
    combined[dateAt] = { ...date, check };
    combined[timeAt] = {
      ...time,
      check: () => "match",
      alternatives: isNegotiated ? time.alternatives : [""],
    };
  }
  return combined;
}

function isRangeOf({ path, value }: MatchKey, tag: Tag): boolean {
  return path.length === 1 && path[0] === tag && value.includes("-");
}

/** Every way to choose one alternative of each key. */
export function* combinations(keys: readonly SearchKey[]): Generator<readonly string[]> {
  const [first, ...rest] = keys;
  if (first === undefined) {
    yield [];
    return;
  }
  for (const value of first.alternatives) {
    for (const others of combinations(rest)) yield [value, ...others];
  }
}

/** A path for people: keywords where there are any. */
export function shown(path: readonly Tag[]): string {
  return path.map((tag) => keywordOf(tag) ?? tagToHex(tag)).join(".");
}

function badRequest(sentence: string): SourceError {
  return new SourceError("bad-request", sentence);
}
