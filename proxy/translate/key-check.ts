import type { DataSet } from "#core/dicom/data-set.ts";
import type { Tag } from "#core/dicom/tag.ts";
import type { Vr } from "#core/dicom/vr.ts";
import { valueMatcher } from "#core/dicomweb/match-value.ts";
import { EXACT_TAGS } from "./level-attributes.ts";
import { isAscii } from "./query-text.ts";

/** What the attributes of a match say of a key; `silent`: the PACS did not give the attribute. */
type Verdict = "match" | "mismatch" | "silent";

/** Compares a match with a key as the search gave it. */
export type KeyCheck = (dataSet: DataSet) => Verdict;

/** Whether anything is left of a name to compare by words. */
const HAS_WORDS = /[\p{L}\p{N}]/u;

/**
 * The check of a key against the attributes of a match, as PACS may have ignored it, or matched by looser rules.
 *
 * - Identifiers (`EXACT_TAGS`), UIDs, dates, times and numbers: as the standard has it, letter by letter.
 * - Person names: without regard to case, accents and component groups; or each word of the key begins a word of the
 *   name. So what a PACS finds by its own tolerance stays, and a name that has nothing of the key does not.
 * - Other text and codes: without regard to case and accents.
 * - Text that could not be decoded counts as what the PACS took it for, where the key goes beyond ASCII.
 *
 * @param trustsNames person names are matched by negotiated fuzzy rules, which nobody else knows
 */
export function keyCheck(
  path: readonly Tag[],
  vr: Vr,
  value: string,
  trustsNames: boolean,
): KeyCheck {
  const leaf = path[path.length - 1] ?? 0;
  if (value === "" || value === "*" || (vr === "PN" && trustsNames)) return () => "match";
  const test = valueTest(leaf, vr, value);
  return (dataSet) => {
    const values = valuesAt(dataSet, path);
    if (values === undefined) return "silent";
    return values.some(test) ? "match" : "mismatch";
  };
}

function valueTest(leaf: Tag, vr: Vr, value: string): (value: string) => boolean {
  const isExact = EXACT_TAGS.has(leaf) || vr === "UI";
  const matches = valueMatcher(vr, value, { ignoresCase: !isExact, fuzzyNames: false });
  if (isExact) return matches;
  const byWords =
    vr === "PN" && HAS_WORDS.test(value)
      ? valueMatcher(vr, value, { ignoresCase: true, fuzzyNames: true })
      : matches;
  const isForeign = !isAscii(value);
  return (found) => matches(found) || byWords(found) || (isForeign && found.includes("\uFFFD"));
}

/** The values at a path, of all items on the way; undefined when the attribute is not there. */
function valuesAt(dataSet: DataSet, [tag, ...rest]: readonly Tag[]): readonly string[] | undefined {
  if (tag === undefined || !dataSet.has(tag)) return undefined;
  if (rest.length === 0) return dataSet.strings(tag).filter((value) => value !== "");
  const inner = dataSet.items(tag).map((item) => valuesAt(item, rest));
  const known = inner.filter((values) => values !== undefined);
  return known.length === 0 && inner.length > 0 ? undefined : known.flat();
}

/** A date with its time against a range of moments (PS3.4 C.2.2.2.5.1, combined date-time matching). */
export function dateTimeCheck(
  dateTag: Tag,
  timeTag: Tag,
  dateRange: string,
  timeRange: string,
): KeyCheck {
  const [firstDate = "", lastDate = ""] = dateRange.split("-");
  const [firstTime = "", lastTime = ""] = timeRange.split("-");
  return (dataSet) => {
    const date = dataSet.string(dateTag)?.replaceAll(".", "");
    const time = dataSet.string(timeTag)?.replaceAll(":", "") ?? "";
    if (date === undefined) return dataSet.has(dateTag) ? "mismatch" : "silent";
    const isAfter = date > firstDate || (date === firstDate && time >= firstTime);
    const isBefore =
      lastDate === "" ||
      date < lastDate ||
      (date === lastDate && (lastTime === "" || time.slice(0, lastTime.length) <= lastTime));
    return isAfter && isBefore ? "match" : "mismatch";
  };
}
