import { displayPersonName } from "../dicom/person-name.ts";
import type { Code, Measurement, ObjectReference, ReportValue } from "./content-item.ts";

/**
 * The value of an item as plain text: complete, in no language but that of the report itself, digits as written.
 * Dates and times are as in DICOM; whoever shows them makes them readable.
 */
export function valueText(value: ReportValue): string {
  switch (value.kind) {
    case "container":
    case "cut":
      return "";
    case "text":
    case "date":
    case "time":
    case "datetime":
      return value.text;
    case "code":
      return value.code?.meaning ?? "";
    case "number":
      return [value.measurement && measurementText(value.measurement), value.qualifier?.meaning]
        .filter((part) => part !== undefined)
        .join(" ");
    case "person":
      return value.name === undefined ? "" : displayPersonName(value.name);
    case "uid":
      return value.uid;
    case "image":
    case "composite":
    case "waveform":
      return value.references.map(referenceText).join(", ");
    case "coordinates":
      return `${value.graphicType} ${value.pointCount}`;
    case "time-coordinates":
      return `${value.rangeType} ${value.positions.join(", ")}`;
    case "table":
      return `${value.rows} x ${value.columns}`;
    case "link":
      return value.position;
    case "unknown":
      return value.valueType;
  }
}

/** `24.0 mm`; the unit by its symbol, or by its name where the symbol is none. */
export function measurementText({ number, unit }: Measurement): string {
  return [number, unitText(unit)].filter((part) => part !== "").join(" ");
}

/** Codes of UCUM that people write otherwise. */
const WRITTEN: ReadonlyMap<string, string> = new Map([
  ["mm[Hg]", "mmHg"],
  ["cm[H2O]", "cmH2O"],
  ["[hnsf'U]", "HU"],
  ["Cel", "°C"],
  ["deg", "°"],
]);

/** The symbol of a unit, or its name where the symbol is none. */
export function unitText(unit: Measurement["unit"]): string {
  if (unit === undefined) return "";
  if (unit.scheme !== "UCUM") return foreignUnitText(unit);
  if (unit.value === "1" || unit.value === "") return isNamed(unit.meaning) ? unit.meaning : "";
  const written = WRITTEN.get(unit.value);
  if (written !== undefined) return written;
  // Braces are annotations of UCUM: {pixels}, {SUVbw}g/ml.
  return unit.value.replace(/\{([^}]*)\}/g, "$1 ").trim();
}

/** Codes of other schemes are symbols in some (`cm`) and numbers in others. */
function foreignUnitText({ value, meaning }: Code): string {
  const isSymbol = /^[A-Za-zµ%/0-9]{1,6}$/.test(value) && /^[A-Za-zµ%]/.test(value);
  return isSymbol && value !== meaning ? `${value} (${meaning})` : meaning;
}

/** `px` under the code `1` is a unit; "no units" is not. */
function isNamed(meaning: string): boolean {
  return !["", "1", "no units", "unity", "unit"].includes(meaning.toLowerCase());
}

function referenceText({ sopInstanceUid, frameNumbers }: ObjectReference): string {
  return frameNumbers.length === 0
    ? sopInstanceUid
    : `${sopInstanceUid} [${frameNumbers.join(", ")}]`;
}
