import type { DataSet } from "../dicom/data-set.ts";
import { vrOf } from "../dicom/dictionary.ts";
import type { Tag } from "../dicom/tag.ts";
import { valueMatcher } from "./match-value.ts";
import type { MatchKey } from "./qido-query.ts";

/** Descriptions are free text that nobody knows the case of; identifiers are compared exactly. */
const FREE_TEXT: ReadonlySet<Tag> = new Set([0x00081030, 0x0008103e, 0x00181030]);

/** Makes the test whether a data set has what a key asks for; missing attributes match empty keys only. */
export function keyMatcher(
  { path, value }: MatchKey,
  fuzzyNames: boolean,
): (dataSet: DataSet) => boolean {
  if (value === "" || value === "*") return () => true;
  const [tag, ...rest] = path;
  if (tag === undefined) return () => true;
  if (rest.length > 0) {
    const matchesItem = keyMatcher({ path: rest, value }, fuzzyNames);
    return (dataSet) => dataSet.items(tag).some(matchesItem);
  }
  const options = { ignoresCase: FREE_TEXT.has(tag), fuzzyNames };
  const byDictionary = vrOf(tag);
  const matches =
    byDictionary === undefined ? undefined : valueMatcher(byDictionary, value, options);
  return (dataSet) => {
    const element = dataSet.element(tag);
    if (element === undefined) return false;
    const test = matches ?? valueMatcher(element.vr, value, options);
    return dataSet.strings(tag).some(test);
  };
}
