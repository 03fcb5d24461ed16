import { msg, str } from "@lit/localize";
import type { DataElement, DataSet } from "#core/dicom/data-set.ts";
import { sopClassName } from "#core/dicom/sop-class-names.ts";
import { formatTag } from "#core/dicom/tag.ts";
import { transferSyntaxOf } from "#core/dicom/transfer-syntax.ts";
import type { Vr } from "#core/dicom/vr.ts";

/** Values of a list, and bytes, that a value text goes on with at most; the rest is counted. */
const MOST_VALUES = 1000;
const MOST_BYTES = 64;

/** VRs whose bytes are no numbers for a person to read. */
const BINARY_VRS: ReadonlySet<Vr> = new Set(["OB", "OD", "OF", "OL", "OV", "OW", "UN"]);

/** The value of an element as text: decoded by its character set, several values with `\` between; empty for none. */
export function valueText(dataSet: DataSet, { tag, vr, value }: DataElement): string {
  switch (value.kind) {
    case "items":
      return itemCount(value.items.length);
    case "uri":
      return msg("bulk data, not loaded");
    case "range":
      return msg(str`${value.range.length.toLocaleString()} bytes, not loaded`);
    case "encapsulated":
      return encapsulatedText(value.fragments);
    case "bytes":
      return BINARY_VRS.has(vr) ? bytesText(value.bytes) : listText(vr, dataSet.strings(tag));
    case "numbers":
    case "strings":
      return listText(vr, dataSet.strings(tag));
  }
}

function itemCount(count: number): string {
  return count === 1 ? msg("1 item") : msg(str`${count.toLocaleString()} items`);
}

function encapsulatedText(fragments: readonly { readonly length: number }[]): string {
  const bytes = fragments.reduce((sum, { length }) => sum + length, 0);
  return msg(
    str`${bytes.toLocaleString()} bytes in ${fragments.length.toLocaleString()} fragments, not loaded`,
  );
}

function bytesText(bytes: Uint8Array): string {
  const shown = [...bytes.subarray(0, MOST_BYTES)];
  const hex = shown.map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
  const more = bytes.length > MOST_BYTES ? " …" : "";
  return bytes.length === 0 ? "" : msg(str`${bytes.length.toLocaleString()} bytes: ${hex + more}`);
}

function listText(vr: Vr, values: readonly string[]): string {
  const shown = values.slice(0, MOST_VALUES).map((value) => oneText(vr, value));
  const rest = values.length - shown.length;
  return shown.join(" \\ ") + (rest > 0 ? msg(str` … and ${rest.toLocaleString()} more`) : "");
}

function oneText(vr: Vr, value: string): string {
  if (vr === "AT" && /^\d+$/.test(value)) return formatTag(Number(value));
  if (vr !== "UI") return value;
  const name = transferSyntaxOf(value)?.name ?? sopClassName(value);
  return name === undefined ? value : `${value} (${name})`;
}
