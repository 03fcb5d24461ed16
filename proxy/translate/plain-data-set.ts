import { type DataElement, DataSet } from "#core/dicom/data-set.ts";
import { swapByteOrder } from "#core/dicom/swap-byte-order.ts";
import { elementOf, type Tag } from "#core/dicom/tag.ts";
import { TEXT_VRS } from "#core/dicom/vr.ts";
import { QUERY_RETRIEVE_LEVEL, SPECIFIC_CHARACTER_SET } from "./level-attributes.ts";

/**
 * The attributes of an answer without its encoding: text is decoded, numbers are little endian. So answers of different
 * character sets can be joined, and none keeps the bytes of its message. What belongs to the message is left out.
 */
export function plainDataSet(dataSet: DataSet): DataSet {
  const elements: DataElement[] = [];
  for (const element of dataSet.elements.values()) {
    const { tag } = element;
    const isOfMessage = tag === SPECIFIC_CHARACTER_SET || tag === QUERY_RETRIEVE_LEVEL;
    if (!isOfMessage && elementOf(tag) !== 0) elements.push(plainElement(dataSet, element));
  }
  return new DataSet(elements);
}

function plainElement(dataSet: DataSet, element: DataElement): DataElement {
  const { tag, vr, value } = element;
  if (value.kind === "items") {
    return { tag, vr, value: { kind: "items", items: value.items.map(plainDataSet) } };
  }
  if (value.kind !== "bytes") return element;
  if (TEXT_VRS.has(vr)) {
    const strings = value.bytes.byteLength === 0 ? [] : dataSet.strings(tag);
    return { tag, vr, value: { kind: "strings", strings } };
  }
  const bytes = dataSet.encoding.littleEndian
    ? value.bytes.slice()
    : swapByteOrder(value.bytes, vr);
  return { tag, vr, value: { kind: "bytes", bytes } };
}

/** Whether an attribute is there with a value. */
export function hasValue(dataSet: DataSet, tag: Tag): boolean {
  const value = dataSet.element(tag)?.value;
  if (value === undefined) return false;
  if (value.kind === "items") return value.items.length > 0;
  return dataSet.strings(tag).some((text) => text !== "");
}

/** The data set with some attributes set or replaced. */
export function withElements(dataSet: DataSet, elements: readonly DataElement[]): DataSet {
  return new DataSet([...dataSet.elements.values(), ...elements], dataSet.encoding);
}
