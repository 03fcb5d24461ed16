import type { DataSet } from "../dicom/data-set.ts";
import * as TAGS from "../dicom/tags.generated.ts";
import type { Code } from "./content-item.ts";

/** The first code of a sequence, or the code that an item itself is; undefined when there is none. */
export function readCode(dataSet: DataSet, tag?: number): Code | undefined {
  const item = tag === undefined ? dataSet : dataSet.items(tag)[0];
  if (item === undefined) return undefined;
  const value =
    item.string(TAGS.CodeValue) ??
    item.string(TAGS.LongCodeValue) ??
    item.string(TAGS.URNCodeValue);
  const meaning = item.string(TAGS.CodeMeaning) ?? value;
  if (meaning === undefined) return undefined;
  const scheme = item.string(TAGS.CodingSchemeDesignator) ?? "";
  return { value: value ?? "", scheme, meaning };
}
