import { type DataElement, DataSet } from "../dicom/data-set.ts";
import type { Vr } from "../dicom/vr.ts";

/** A value of a made attribute: texts, numbers or items. */
export type TestValue =
  | string
  | number
  | readonly string[]
  | readonly number[]
  | readonly DataSet[];

/** A data set for tests, from keywords' tags and plain values. */
export function testDataSet(values: ReadonlyMap<number, TestValue>): DataSet {
  return new DataSet([...values].map(([tag, value]) => element(tag, value)));
}

function element(tag: number, value: TestValue): DataElement {
  const list: readonly (string | number | DataSet)[] =
    typeof value === "string" || typeof value === "number" ? [value] : value;
  const items = list.filter((part) => part instanceof DataSet);
  if (items.length > 0) return { tag, vr: "SQ", value: { kind: "items", items } };
  const numbers = list.filter((part) => typeof part === "number");
  const vr: Vr = numbers.length > 0 ? "DS" : "LO";
  return numbers.length > 0
    ? { tag, vr, value: { kind: "numbers", numbers } }
    : { tag, vr, value: { kind: "strings", strings: list.map(String) } };
}
