import { msg, str } from "@lit/localize";
import type { VoiLut, VoiWindow } from "#core/pixels/voi-lut.ts";
import type { WindowChoice } from "../../viewer/window-choice.ts";

/**
 * The values of a VOI LUT for people: `W 400 L 40`, `W 70 L 35 Gy`, or that it is a table, and which: `LUT: NORMAL`.
 * @param unit of modality values; Hounsfield units go without saying
 */
export function windowValues(voi: VoiLut, unit?: string): string {
  if (voi.kind === "lut")
    return voi.explanation === "" ? msg("VOI LUT") : msg(str`LUT: ${voi.explanation}`);
  const { windowCenter, windowWidth } = voi;
  const values = `W ${valueText(windowWidth)}  L ${valueText(windowCenter, windowWidth)}`;
  return unit === undefined || unit === "HU" ? values : `${values} ${unitText(unit)}`;
}

/** A unit as people write it, for those that DICOM writes in capitals (PS3.3 C.8.9.1.1.3, C.8.8.3). */
function unitText(unit: string): string {
  return UNITS.get(unit) ?? unit;
}

const UNITS: ReadonlyMap<string, string> = new Map([
  ["GY", "Gy"],
  ["BQML", "Bq/ml"],
  ["GML", "g/ml"],
  ["CM2ML", "cm²/ml"],
  ["MGML", "mg/ml"],
  ["PCT", "%"],
]);

/** How the VOI LUT came to be, and what the image calls it: `soft tissue`, `automatic`; empty when there is nothing to say. */
export function windowName(choice: WindowChoice, voi: VoiLut): string {
  // The values of a table are its name.
  if (choice.kind === "manual" || voi.kind === "lut") return functionName(voi);
  const name = voi.explanation === "" ? "" : presetName(voi.explanation);
  if (name !== "") return name;
  if (choice.kind === "automatic") return msg("automatic for this image");
  return isWholeRange(voi) ? msg("automatic") : functionName(voi);
}

/** Name of a preset in the language of the page, however it is spelt; other explanations of the image stay as they are. */
export function presetName(explanation: string): string {
  const known = explanation.toLowerCase().replaceAll("_", " ").trim();
  return PRESET_NAMES.get(known)?.() ?? explanation;
}

/** Name of a thing to choose in a menu, with its values. */
export function windowOptionText(choice: WindowChoice, voi: VoiLut): string {
  const name = windowName(choice, voi);
  if (name !== "") return name;
  if (voi.kind === "lut" && voi.explanation !== "") return voi.explanation;
  if (choice.kind === "presented")
    return msg(str`Window ${choice.index + 1} of the presentation state`);
  return choice.kind === "offered" ? msg(str`Window ${choice.index + 1} of the image`) : "";
}

/**
 * A modality value: to a tenth, small ones with three significant digits; a true minus sign.
 * @param width of the window that it is the centre of: it is as exact as a hundredth of that, at least
 */
export function valueText(value: number, width?: number): string {
  const isSmall = Math.abs(value) < 10;
  const text =
    width === undefined || width <= 0
      ? isSmall
        ? value.toPrecision(3)
        : value.toFixed(1)
      : value.toFixed(Math.min(Math.max(Math.ceil(2 - Math.log10(width)), 1), 100));
  return String(Number(text))
    .replace(/e[+]?(-?)(\d+)$/, (_, sign: string, digits: string) => `·10${raised(sign + digits)}`)
    .replace("-", "−");
}

/** A whole number as an exponent. */
function raised(digits: string): string {
  return digits.replace(/./g, (digit) =>
    digit === "-" ? "⁻" : ("⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(digit)] ?? ""),
  );
}

/** A window without a name that is LINEAR_EXACT is what `automaticWindow` makes where an image offers none. */
function isWholeRange(voi: VoiLut): boolean {
  return voi.kind === "window" && voi.function === "LINEAR_EXACT" && voi.explanation === "";
}

function functionName(voi: VoiLut): string {
  return voi.kind === "window" ? (FUNCTION_NAMES[voi.function] ?? "") : "";
}

const FUNCTION_NAMES: Readonly<Partial<Record<VoiWindow["function"], string>>> = {
  SIGMOID: "sigmoid",
};

const PRESET_NAMES: ReadonlyMap<string, () => string> = new Map([
  ["soft tissue", () => msg("soft tissue")],
  ["lung", () => msg("lung")],
  ["bone", () => msg("bone")],
  ["brain", () => msg("brain")],
  ["mediastinum", () => msg("mediastinum")],
  ["liver", () => msg("liver")],
  ["angio", () => msg("angio")],
  ["stroke", () => msg("stroke")],
  ["subdural", () => msg("subdural")],
]);
