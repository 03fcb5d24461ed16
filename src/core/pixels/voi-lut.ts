import type { DataSet } from "../dicom/data-set.ts";
import * as TAGS from "../dicom/tags.generated.ts";
import { type LookupTable, readLookupTable } from "./lookup-table.ts";
import { lookUp } from "./modality-lut.ts";

/** VOI LUT Function (PS3.3 C.11.2.1.3). */
export type WindowFunction = "LINEAR" | "LINEAR_EXACT" | "SIGMOID";

/** A window in output units of the modality LUT. */
export interface VoiWindow {
  readonly kind: "window";
  readonly windowCenter: number;
  /** At least 1 for LINEAR, above 0 otherwise. */
  readonly windowWidth: number;
  readonly function: WindowFunction;
  /** Window Center & Width Explanation, or the name of a preset; empty when there is none. */
  readonly explanation: string;
}

/** A VOI LUT as a table; its input is the output of the modality LUT. */
interface VoiTable {
  readonly kind: "lut";
  readonly lut: LookupTable;
  /** LUT Explanation; empty when there is none. */
  readonly explanation: string;
}

/** The second stage of the grayscale pipeline: which values of interest are spread over the grey scale (PS3.3 C.11.2). */
export type VoiLut = VoiWindow | VoiTable;

/**
 * The grey of a modality value, 0 to 1. With x the value, c the centre and w the width:
 *
 * - LINEAR (PS3.3 C.11.2.1.2.1): 0 for x <= c - 0.5 - (w-1)/2; 1 for x > c - 0.5 + (w-1)/2;
 *   otherwise (x - (c - 0.5)) / (w-1) + 0.5. A width of 1 is a threshold at c - 0.5.
 * - LINEAR_EXACT (C.11.2.1.3.2): 0 for x <= c - w/2; 1 for x > c + w/2; otherwise (x - c) / w + 0.5.
 * - SIGMOID (C.11.2.1.3.1): 1 / (1 + exp(-4 (x - c) / w)).
 * - A table: its entry over the largest number that its bits can hold.
 */
export function voiGrey(voi: VoiLut, value: number): number {
  if (voi.kind === "lut") return lookUp(voi.lut, value) / (2 ** voi.lut.bits - 1);
  const { kind, middle, width } = windowCurve(voi);
  const distance = value - middle;
  if (kind === "sigmoid") return 1 / (1 + Math.exp((-4 * distance) / width));
  if (kind === "threshold") return distance > 0 ? 1 : 0;
  return Math.min(Math.max(distance / width + 0.5, 0), 1);
}

/** A window reduced to one of three curves around `middle`, which is where the grey is one half. */
export interface WindowCurve {
  readonly kind: "linear" | "sigmoid" | "threshold";
  /** Modality value. */
  readonly middle: number;
  /** Modality values from black to white; 0 for a threshold. */
  readonly width: number;
}

/**
 * The curve of a window. LINEAR demands a width of at least 1 (PS3.3 C.11.2.1.2.1); windows that are narrower
 * occur with data in small fractions, and are understood as LINEAR_EXACT. Widths of 0 and less are thresholds.
 */
export function windowCurve(window: VoiWindow): WindowCurve {
  const { windowCenter, windowWidth } = window;
  if (window.function === "LINEAR" && windowWidth >= 1) {
    const width = windowWidth - 1;
    return { kind: width > 0 ? "linear" : "threshold", middle: windowCenter - 0.5, width };
  }
  if (!(windowWidth > 0)) return { kind: "threshold", middle: windowCenter, width: 0 };
  const kind = window.function === "SIGMOID" ? "sigmoid" : "linear";
  return { kind, middle: windowCenter, width: windowWidth };
}

/**
 * The VOI LUTs that one frame offers, tables before windows (the first one is shown first); empty LUT items
 * are no tables.
 * @param isSigned whether values after the modality LUT can be negative.
 */
export function readVoiLuts(dataSet: DataSet, isSigned: boolean): readonly VoiLut[] {
  const tables = dataSet.items(TAGS.VOILUTSequence).flatMap((item): VoiLut[] => {
    const lut = readLookupTable(item, isSigned);
    return lut === undefined
      ? []
      : [{ kind: "lut", lut, explanation: item.string(TAGS.LUTExplanation) ?? "" }];
  });
  return [...tables, ...readWindows(dataSet)];
}

function readWindows(dataSet: DataSet): readonly VoiWindow[] {
  // As texts, among which those that are no numbers keep their place: centre and width belong together by it.
  const centers = dataSet.strings(TAGS.WindowCenter);
  const widths = dataSet.strings(TAGS.WindowWidth);
  const explanations = dataSet.strings(TAGS.WindowCenterWidthExplanation);
  const stated = dataSet.string(TAGS.VOILUTFunction);
  const windowFunction: WindowFunction =
    stated === "SIGMOID" || stated === "LINEAR_EXACT" ? stated : "LINEAR";
  return centers.flatMap((center, index): VoiWindow[] => {
    const windowCenter = center.trim() === "" ? Number.NaN : Number(center);
    const windowWidth = Number(widths[index] ?? "");
    if (!Number.isFinite(windowCenter) || !(windowWidth > 0 && windowWidth < Infinity)) return [];
    const explanation = explanations[index] ?? "";
    return [{ kind: "window", windowCenter, windowWidth, function: windowFunction, explanation }];
  });
}
