import type { DataSet } from "../dicom/data-set.ts";
import type { PersonName } from "../dicom/person-name.ts";
import * as TAGS from "../dicom/tags.generated.ts";
import type { Code, ReportItem } from "./content-item.ts";
import { readReportItem } from "./read-report-item.ts";

/** Who vouches for a report, and since when (PS3.3 C.17.2). */
interface VerifyingObserver {
  readonly name: PersonName | undefined;
  readonly organization: string | undefined;
  /** DICOM date and time. */
  readonly at: string | undefined;
}

/** A structured report: what it says about itself, and its content (PS3.3 A.35, C.17). */
export interface Report {
  readonly root: ReportItem;
  /** `COMPLETE` or `PARTIAL`, as recorded; key object selections have none. */
  readonly completion: string | undefined;
  readonly completionDescription: string | undefined;
  /** `VERIFIED` or `UNVERIFIED`, as recorded. */
  readonly verification: string | undefined;
  /** Whether it says that it is not the final one. */
  readonly isPreliminary: boolean;
  readonly verifyingObservers: readonly VerifyingObserver[];
  readonly contentDate: string | undefined;
  readonly contentTime: string | undefined;
  /** Number of the template that it follows: `1500`. */
  readonly template: string | undefined;
  /** How many earlier documents it replaces or continues. */
  readonly predecessorCount: number;
  /** Whether devices or algorithms had a part in it (safety C28). */
  readonly isMachineMade: boolean;
  /** What they are called, where the report says so. */
  readonly machines: readonly string[];
}

/** Reports that are made by computer-aided detection, whatever they say (PS3.4 B.5). */
const CAD_CLASSES: ReadonlySet<string> = new Set([
  "1.2.840.10008.5.1.4.1.1.88.50",
  "1.2.840.10008.5.1.4.1.1.88.65",
  "1.2.840.10008.5.1.4.1.1.88.69",
]);
/** Observer Type Device (PS3.16 CID 270). */
const DEVICE: ReadonlySet<string> = new Set(["121007"]);
/** Algorithm Name (PS3.16 TID 4019). */
const ALGORITHM: ReadonlySet<string> = new Set(["111001"]);
/** Device Observer Name, Manufacturer, Model Name; Algorithm Name and Version (PS3.16 TID 1004, TID 4019). */
const MACHINE_NAMES: ReadonlySet<string> = new Set([
  "121013",
  "121014",
  "121015",
  "111001",
  "111003",
]);

/** A report from its attributes; one without content gives a root without children. */
export function readReport(dataSet: DataSet): Report {
  const root = readReportItem(dataSet);
  const items = [...allItems(root)];
  const isCad = CAD_CLASSES.has(dataSet.string(TAGS.SOPClassUID) ?? "");
  return {
    root,
    completion: dataSet.string(TAGS.CompletionFlag),
    completionDescription: dataSet.string(TAGS.CompletionFlagDescription),
    verification: dataSet.string(TAGS.VerificationFlag),
    isPreliminary: dataSet.string(TAGS.PreliminaryFlag) === "PRELIMINARY",
    verifyingObservers: dataSet.items(TAGS.VerifyingObserverSequence).map((observer) => ({
      name: observer.personName(TAGS.VerifyingObserverName),
      organization: observer.string(TAGS.VerifyingOrganization),
      at: observer.string(TAGS.VerificationDateTime),
    })),
    contentDate: dataSet.string(TAGS.ContentDate),
    contentTime: dataSet.string(TAGS.ContentTime),
    template: dataSet.items(TAGS.ContentTemplateSequence)[0]?.string(TAGS.TemplateIdentifier),
    predecessorCount: dataSet
      .items(TAGS.PredecessorDocumentsSequence)
      .flatMap((study) => study.items(TAGS.ReferencedSeriesSequence))
      .flatMap((series) => series.items(TAGS.ReferencedSOPSequence)).length,
    isMachineMade: isCad || items.some(namesMachine),
    machines: machineNames(items),
  };
}

/** All items of a report in the order of reading, the root first. */
export function* allItems(item: ReportItem): Generator<ReportItem> {
  yield item;
  for (const child of item.children) yield* allItems(child);
}

function machineNames(items: readonly ReportItem[]): readonly string[] {
  const names = items.flatMap(({ name, value }) =>
    value.kind === "text" && isDicomCode(name, MACHINE_NAMES) ? [value.text] : [],
  );
  return [...new Set(names)].filter((name) => name !== "");
}

/** Whether an item says that a device observed, or an algorithm computed. */
function namesMachine({ name, value }: ReportItem): boolean {
  const isDevice = value.kind === "code" && isDicomCode(value.code, DEVICE);
  return isDevice || isDicomCode(name, ALGORITHM);
}

function isDicomCode(code: Code | undefined, values: ReadonlySet<string>): boolean {
  return code?.scheme === "DCM" && values.has(code.value);
}
