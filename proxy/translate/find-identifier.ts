import { type DataElement, DataSet, type ElementValue } from "#core/dicom/data-set.ts";
import { vrOf } from "#core/dicom/dictionary.ts";
import { type Tag, tagFromHex } from "#core/dicom/tag.ts";
import { textElement } from "#core/dicom/text-element.ts";
import { TEXT_VRS, type Vr } from "#core/dicom/vr.ts";
import {
  QUERY_RETRIEVE_LEVEL,
  SEQUENCE_CONTENT,
  SPECIFIC_CHARACTER_SET,
} from "./level-attributes.ts";
import { needsCharacterSet } from "./query-text.ts";

/** A key of an identifier: an attribute, perhaps in the items of sequences, and what it has to match. */
export interface IdentifierKey {
  readonly path: readonly Tag[];
  /** Empty: any value does, the attribute is asked for (universal matching, PS3.4 C.2.2.2.3). */
  readonly value: string;
}

interface KeyTree {
  value: string;
  readonly children: Map<Tag, KeyTree>;
}

/**
 * The identifier of a C-FIND (PS3.4 C.4.1.1.3). It declares a character set when its text needs one, and asks for that
 * of the answers in any case.
 * @param level Query/Retrieve Level (0008,0052); a worklist has none
 */
export function findIdentifier(
  level: string | undefined,
  keys: readonly IdentifierKey[],
  characterSet: readonly string[],
): DataSet {
  const root = new Map<Tag, KeyTree>();
  for (const key of keys) addKey(root, key);
  const elements = elementsOf(root);
  const declared = needsCharacterSet(elements) ? characterSet : [];
  return new DataSet([
    textElement(SPECIFIC_CHARACTER_SET, ...declared),
    ...(level === undefined ? [] : [textElement(QUERY_RETRIEVE_LEVEL, level)]),
    ...elements.filter(({ tag }) => tag !== SPECIFIC_CHARACTER_SET && tag !== QUERY_RETRIEVE_LEVEL),
  ]);
}

function addKey(tree: Map<Tag, KeyTree>, { path: [tag, ...rest], value }: IdentifierKey): void {
  if (tag === undefined) return;
  const node = tree.get(tag) ?? { value: "", children: new Map() };
  tree.set(tag, node);
  if (rest.length > 0) addKey(node.children, { path: rest, value });
  else if (value !== "") node.value = value;
}

function elementsOf(tree: ReadonlyMap<Tag, KeyTree>): readonly DataElement[] {
  return [...tree].map(([tag, { value, children }]) => {
    const vr = vrOf(tag) ?? "LO";
    if (vr === "SQ" || children.size > 0) return { tag, vr: "SQ", value: itemsOf(tag, children) };
    return { tag, vr, value: keyValue(vr, value) };
  });
}

/** One item with the inner keys; a sequence as a whole is asked for by none (PS3.4 C.2.2.2.6). */
function itemsOf(tag: Tag, children: ReadonlyMap<Tag, KeyTree>): ElementValue {
  const inner = new Map(children);
  if (inner.size === 0) {
    for (const content of SEQUENCE_CONTENT.get(tag) ?? [])
      addKey(inner, { path: [content], value: "" });
  }
  return { kind: "items", items: inner.size === 0 ? [] : [new DataSet(elementsOf(inner))] };
}

function keyValue(vr: Vr, value: string): ElementValue {
  if (value === "") return { kind: "strings", strings: [] };
  if (vr === "UI") return { kind: "strings", strings: value.split("\\") };
  if (TEXT_VRS.has(vr)) return { kind: "strings", strings: [value] };
  const number = vr === "AT" ? (tagFromHex(value) ?? 0) : Number(value);
  return { kind: "numbers", numbers: [number] };
}
