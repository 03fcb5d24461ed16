import type { DataSet } from "#core/dicom/data-set.ts";
import { keywordOf } from "#core/dicom/dictionary.ts";
import { tagToHex } from "#core/dicom/tag.ts";
import { elementName, itemName, type TagRow, type TagSection } from "./tag-tree.ts";
import { valueText } from "./tag-value.ts";

/** A found attribute, and the names of what it lies in, outermost first. */
export interface TagHit {
  readonly row: Omit<TagRow, "position" | "siblings">;
  readonly path: readonly string[];
}

/**
 * Finds attributes by a part of their name, keyword, tag (with or without punctuation) or value, closed sequences
 * included. Gives undefined from time to time, so that who asks can rest between steps.
 */
export function* searchTags(
  sections: readonly TagSection[],
  query: string,
): Generator<TagHit | undefined> {
  const wanted = query.trim().toLowerCase();
  const hex = wanted.replace(/[(),\s]/g, "");
  const isTag = /^[0-9a-f]{4,8}$/.test(hex);
  const isMeant = (dataSet: DataSet, row: TagHit["row"]): boolean => {
    const { element, name } = row;
    if (element === undefined) return false;
    if (isTag && tagToHex(element.tag).toLowerCase().startsWith(hex)) return true;
    if (name.toLowerCase().includes(wanted)) return true;
    if ((keywordOf(element.tag) ?? "").toLowerCase().includes(wanted)) return true;
    return valueText(dataSet, element).toLowerCase().includes(wanted);
  };
  if (wanted === "") return;
  for (const [index, { heading, dataSet }] of sections.entries())
    yield* within(dataSet, String(index), heading === "" ? [] : [heading], isMeant);
}

function* within(
  dataSet: DataSet,
  parentKey: string,
  path: readonly string[],
  isMeant: (dataSet: DataSet, row: TagHit["row"]) => boolean,
): Generator<TagHit | undefined> {
  for (const element of dataSet.elements.values()) {
    const key = `${parentKey}/${element.tag}`;
    const name = elementName(dataSet, element.tag);
    const row = {
      ...{ key, level: 1, parent: -1, name, element, dataSet },
      ...{ canExpand: false, isExpanded: false },
    };
    if (isMeant(dataSet, row)) yield { row, path };
    for (const [index, item] of dataSet.items(element.tag).entries())
      yield* within(item, `${key}/${index}`, [...path, name, itemName(index)], isMeant);
  }
  yield undefined;
}
