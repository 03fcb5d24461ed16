import type { DecodedFrame } from "#core/pixels/decoded-frame.ts";
import type { DisplayPipeline } from "#core/pixels/display-pipeline.ts";
import type { LookupTable } from "#core/pixels/lookup-table.ts";
import { windowCurve } from "#core/pixels/voi-lut.ts";

/**
 * The way from an averaged sample x to a grey, with modality LUT and VOI LUT in one step where both are formulas. x is the
 * stored value less `base`, or the output of a modality LUT table.
 */
export type GreyCurve =
  /** clamp((x - middle) * scale + 0.5, 0, 1) */
  | { readonly kind: "linear"; readonly middle: number; readonly scale: number }
  /** 1 / (1 + exp(-4 (x - middle) * scale)) */
  | { readonly kind: "sigmoid"; readonly middle: number; readonly scale: number }
  /** 1 where (x - middle) * scale > 0, else 0 */
  | { readonly kind: "threshold"; readonly middle: number; readonly scale: number }
  /** The entry floor(x * scale + offset), clamped to the table, over the largest number that its bits can hold. */
  | {
      readonly kind: "table";
      readonly scale: number;
      readonly offset: number;
      readonly lut: LookupTable;
    };

/**
 * What is taken off every stored value before single precision numbers hold it, so that large 32-bit values keep their
 * small differences: the smallest value of frames with more than 16 bits, 0 for others.
 */
export function valueBase(frame: DecodedFrame): number {
  return frame.samples.BYTES_PER_ELEMENT > 2 && Number.isFinite(frame.minimum) ? frame.minimum : 0;
}

/**
 * A float that single precision can sum over thousands of pixels, in place of infinity and what is next to it: far beyond
 * every window it is the same.
 */
export function finiteValue(value: number): number {
  return Math.min(Math.max(value, -LARGEST_VALUE), LARGEST_VALUE);
}

const LARGEST_VALUE = 1e34;

/** The curve of a pipeline for samples less `base`. */
export function greyCurve({ modality, voi }: DisplayPipeline, base: number): GreyCurve {
  const slope = modality.kind === "rescale" ? modality.slope : 1;
  const intercept = modality.kind === "rescale" ? modality.intercept : 0;
  const offset = modality.kind === "lut" ? 0 : slope * base + intercept;
  if (voi.kind === "lut") {
    const { lut } = voi;
    return { kind: "table", scale: slope, offset: offset + 0.5 - lut.firstMapped, lut };
  }
  const { kind, middle, width } = windowCurve(voi);
  const scale = kind === "threshold" ? Math.sign(slope) : slope / width;
  return { kind, middle: (middle - offset) / slope, scale };
}

/** The curve as a function from x to a grey, 0 to 1. */
export function greyFunction(curve: GreyCurve): (x: number) => number {
  const { scale } = curve;
  if (curve.kind === "table") {
    const { entries, bits } = curve.lut;
    const { offset } = curve;
    const most = 2 ** bits - 1;
    return (x) => {
      const index = Math.min(Math.max(Math.floor(x * scale + offset), 0), entries.length - 1);
      return (entries[index] ?? 0) / most;
    };
  }
  const { kind, middle } = curve;
  if (kind === "sigmoid") return (x) => 1 / (1 + Math.exp(-4 * (x - middle) * scale));
  if (kind === "threshold") return (x) => ((x - middle) * scale > 0 ? 1 : 0);
  return (x) => Math.min(Math.max((x - middle) * scale + 0.5, 0), 1);
}
