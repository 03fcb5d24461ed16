import type { DataSet } from "#core/dicom/data-set.ts";
import { displayPersonName } from "#core/dicom/person-name.ts";
import { displayDate, displayTime } from "#core/study/display-date.ts";

/** A content item of a structured report (PS3.3 C.17.3.2), in words. */
export interface ReportItem {
  /** Meaning of the concept name; empty where the item has none. */
  readonly name: string;
  readonly value: string;
  /** Whether the value is the UID of another object. */
  readonly isReference: boolean;
  readonly children: readonly ReportItem[];
}

/** What a report says about itself. */
export interface ReportStatus {
  /** `COMPLETE` or `PARTIAL`, as recorded. */
  readonly completion: string | undefined;
  /** `VERIFIED` or `UNVERIFIED`, as recorded. */
  readonly verification: string | undefined;
}

const MAXIMUM_DEPTH = 32;
const REFERENCES: ReadonlySet<string> = new Set(["IMAGE", "COMPOSITE", "WAVEFORM", "UIDREF"]);

/** The content tree of a structured report; a report without content gives one item without children. */
export function readReport(dataSet: DataSet): { item: ReportItem; status: ReportStatus } {
  return {
    item: readItem(dataSet, 0),
    status: { completion: dataSet.string(0x0040a491), verification: dataSet.string(0x0040a493) },
  };
}

function readItem(item: DataSet, depth: number): ReportItem {
  const children =
    depth < MAXIMUM_DEPTH ? item.items(0x0040a730).map((child) => readItem(child, depth + 1)) : [];
  const isReference = REFERENCES.has(item.string(0x0040a040) ?? "");
  return { name: codeMeaning(item, 0x0040a043), value: valueText(item), isReference, children };
}

/** The value of an item by its Value Type (0040,A040). */
function valueText(item: DataSet): string {
  switch (item.string(0x0040a040)) {
    case "TEXT":
      return item.string(0x0040a160) ?? "";
    case "CODE":
      return codeMeaning(item, 0x0040a168);
    case "NUM":
      return measuredText(item);
    case "DATE":
      return displayDate(item.string(0x0040a121) ?? "");
    case "TIME":
      return displayTime(item.string(0x0040a122) ?? "");
    case "DATETIME":
      return dateTimeText(item.string(0x0040a120) ?? "");
    case "PNAME": {
      const name = item.personName(0x0040a123);
      return name === undefined ? "" : displayPersonName(name);
    }
    case "UIDREF":
      return item.string(0x0040a124) ?? "";
    case "IMAGE":
    case "COMPOSITE":
    case "WAVEFORM":
      return referenceText(item);
    default:
      return "";
  }
}

function measuredText(item: DataSet): string {
  const measured = item.items(0x0040a300)[0];
  const number = measured?.string(0x0040a30a);
  if (measured === undefined || number === undefined) return codeMeaning(item, 0x0040a301);
  const unit = measured.items(0x004008ea)[0];
  const symbol = unit?.string(0x00080100) ?? "";
  const isPlain = symbol === "1" || symbol.startsWith("{");
  return isPlain ? number : `${number} ${symbol}`;
}

function referenceText(item: DataSet): string {
  const reference = item.items(0x00081199)[0];
  const frames = reference?.numbers(0x00081160) ?? [];
  const uid = reference?.string(0x00081155) ?? "";
  return frames.length === 0 ? uid : `${uid}, ${frames.join(", ")}`;
}

function dateTimeText(value: string): string {
  return `${displayDate(value.slice(0, 8))} ${displayTime(value.slice(8))}`.trim();
}

function codeMeaning(item: DataSet, tag: number): string {
  const code = item.items(tag)[0];
  return code?.string(0x00080104) ?? code?.string(0x00080100) ?? "";
}
