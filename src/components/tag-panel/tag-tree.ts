import { msg, str } from "@lit/localize";
import type { DataElement, DataSet } from "#core/dicom/data-set.ts";
import { nameOf } from "#core/dicom/dictionary.ts";
import { elementOf, formatTag, groupOf, isPrivateTag, type Tag } from "#core/dicom/tag.ts";

/** A part of the tree under a heading of its own; the only one of a tree has none. */
export interface TagSection {
  readonly heading: string;
  readonly dataSet: DataSet;
}

/** One line of the tree. */
export interface TagRow {
  /** Where it stands: unique in the tree, and the same as long as the object is. */
  readonly key: string;
  /** From 1. */
  readonly level: number;
  /** Place among its siblings, from 1, and how many those are. */
  readonly position: number;
  readonly siblings: number;
  readonly name: string;
  /** Undefined for headings and items of sequences. */
  readonly element: DataElement | undefined;
  /** What the element belongs to; for headings and items what they hold. */
  readonly dataSet: DataSet;
  readonly canExpand: boolean;
  readonly isExpanded: boolean;
  /** Index of the row that it lies in; -1 at the top. */
  readonly parent: number;
}

/** The visible lines of a tree: those whose parents are all expanded. Nothing is made of what is closed. */
export function tagRows(
  sections: readonly TagSection[],
  expanded: ReadonlySet<string>,
): readonly TagRow[] {
  const rows: TagRow[] = [];
  const [only] = sections;
  if (sections.length === 1 && only !== undefined)
    addElements(rows, only.dataSet, { key: "0", level: 1, parent: -1 }, expanded);
  else
    sections.forEach(({ heading, dataSet }, index) => {
      const key = String(index);
      const isExpanded = expanded.has(key);
      const at = { level: 1, position: index + 1, siblings: sections.length, parent: -1 };
      const canExpand = dataSet.elements.size > 0;
      const parent = rows.length;
      rows.push({ key, ...at, name: heading, element: undefined, dataSet, canExpand, isExpanded });
      if (isExpanded) addElements(rows, dataSet, { key, level: 2, parent }, expanded);
    });
  return rows;
}

interface Place {
  readonly key: string;
  readonly level: number;
  readonly parent: number;
}

function addElements(
  rows: TagRow[],
  dataSet: DataSet,
  { key: parentKey, level, parent }: Place,
  expanded: ReadonlySet<string>,
): void {
  const siblings = dataSet.elements.size;
  let position = 0;
  for (const element of dataSet.elements.values()) {
    position += 1;
    const key = `${parentKey}/${element.tag}`;
    const items = dataSet.items(element.tag);
    const isExpanded = items.length > 0 && expanded.has(key);
    const name = elementName(dataSet, element.tag);
    const canExpand = items.length > 0;
    const at = rows.length;
    rows.push({
      ...{ key, level, parent, position, siblings },
      ...{ name, element, dataSet, canExpand, isExpanded },
    });
    if (isExpanded) addItems(rows, items, { key, level: level + 1, parent: at }, expanded);
  }
}

function addItems(
  rows: TagRow[],
  items: readonly DataSet[],
  { key: parentKey, level, parent }: Place,
  expanded: ReadonlySet<string>,
): void {
  items.forEach((dataSet, index) => {
    const key = `${parentKey}/${index}`;
    const isExpanded = expanded.has(key);
    const at = rows.length;
    rows.push({
      ...{ key, level, parent, position: index + 1, siblings: items.length },
      ...{ name: itemName(index), element: undefined, dataSet, isExpanded },
      canExpand: dataSet.elements.size > 0,
    });
    if (isExpanded) addElements(rows, dataSet, { key, level: level + 1, parent: at }, expanded);
  });
}

export function itemName(index: number): string {
  return msg(str`Item ${(index + 1).toLocaleString()}`);
}

/** The name of an attribute for people; of a private one its creator, who alone knows what it means (PS3.5 7.8.1). */
export function elementName(dataSet: DataSet, tag: Tag): string {
  const known = nameOf(tag);
  if (known !== undefined) return known;
  const element = elementOf(tag);
  if (element === 0) return msg("Group Length");
  if (!isPrivateTag(tag)) return msg("Unknown attribute");
  if (element <= 0xff) return msg("Private Creator");
  const creator = dataSet.string(((groupOf(tag) << 16) | (element >>> 8)) >>> 0);
  return creator === undefined ? msg("Private attribute") : msg(str`Private: ${creator}`);
}

/** Keys of all that can be expanded below a place, as deep as single items go: the groups of one frame. */
export function keysBelow(dataSet: DataSet, key: string): readonly string[] {
  const keys = [key];
  for (const { tag } of dataSet.elements.values()) {
    const items = dataSet.items(tag);
    const [only] = items;
    if (items.length !== 1 || only === undefined) continue;
    keys.push(`${key}/${tag}`, ...keysBelow(only, `${key}/${tag}/0`));
  }
  return keys;
}

/** `(0010,0010)`, or nothing for what has no tag. */
export function tagText({ element }: TagRow): string {
  return element === undefined ? "" : formatTag(element.tag);
}
