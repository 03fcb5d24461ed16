import { msg, str } from "@lit/localize";
import type { VoiLut, VoiWindow } from "#core/pixels/voi-lut.ts";
import type { WindowChoice } from "../../viewer/window-choice.ts";

/** The values of a VOI LUT for people: `W 400 L 40`, or that it is a table, and which: `LUT: NORMAL`. */
export function windowValues(voi: VoiLut): string {
  if (voi.kind === "lut")
    return voi.explanation === "" ? msg("VOI LUT") : msg(str`LUT: ${voi.explanation}`);
  return `W ${valueText(voi.windowWidth)}  L ${valueText(voi.windowCenter)}`;
}

/** How the VOI LUT came to be, and what the image calls it: `soft tissue`, `automatic`; empty when there is nothing to say. */
export function windowName(choice: WindowChoice, voi: VoiLut): string {
  // The values of a table are its name.
  if (choice.kind === "manual" || voi.kind === "lut") return functionName(voi);
  const name = voi.explanation === "" ? "" : presetName(voi.explanation);
  if (name !== "") return name;
  const isAutomatic = choice.kind === "automatic" || isWholeRange(voi);
  return isAutomatic ? msg("automatic") : functionName(voi);
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

/** A modality value: to a tenth, small fractions with three significant digits; a true minus sign. */
export function valueText(value: number): string {
  const isSmall = Math.abs(value) < 10;
  const text = String(Number(isSmall ? value.toPrecision(3) : value.toFixed(1)));
  return text.replace("-", "−");
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
