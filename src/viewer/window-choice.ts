import { automaticWindow, windowOfVoi } from "#core/pixels/automatic-window.ts";
import type { DisplayAttributes } from "#core/pixels/display-pipeline.ts";
import { modalityValue } from "#core/pixels/modality-lut.ts";
import type { VoiLut, VoiWindow } from "#core/pixels/voi-lut.ts";
import { windowPresets } from "#core/pixels/window-presets.ts";

/** Which VOI LUT a person wants. Only `manual` and `preset` are the same for every frame. */
export type WindowChoice =
  /** The first that each frame offers, else one that it shares with its like, else as `automatic`. */
  | { readonly kind: "default" }
  /** One that each frame offers, by its place; frames that offer fewer show their first. */
  | { readonly kind: "offered"; readonly index: number }
  /** One of the presentation state that is applied; frames without one, or with fewer, show their first. */
  | { readonly kind: "presented"; readonly index: number }
  | { readonly kind: "preset"; readonly window: VoiWindow }
  /** From the smallest to the largest value of each frame. */
  | { readonly kind: "automatic" }
  | { readonly kind: "manual"; readonly window: VoiWindow };

/** A choice that can be made for a frame, in the order of the number keys and menus. */
export interface WindowOption {
  readonly choice: WindowChoice;
  readonly voi: VoiLut;
  /** Number key that makes it; undefined beyond nine, and for the automatic one, which has its own. */
  readonly digit?: number;
}

/** What of a decoded frame the choice of a window depends on. */
export interface ValueRange {
  /** Smallest and largest stored value. */
  readonly minimum: number;
  readonly maximum: number;
}

const MOST_DIGITS = 9;

/**
 * The VOI LUT of a frame under a choice.
 * @param presented those of a presentation state, which come before the image's own
 * @param shared for a frame that brings none, the window of all frames like it
 */
export function chosenVoi(
  choice: WindowChoice,
  attributes: DisplayAttributes,
  range: ValueRange,
  presented: readonly VoiLut[] = [],
  shared?: VoiWindow,
): VoiLut {
  const preferred = presented[0] ?? attributes.vois[0] ?? shared;
  const automatic = (): VoiWindow =>
    automaticWindow(range.minimum, range.maximum, attributes.modality);
  switch (choice.kind) {
    case "default":
      return preferred ?? automatic();
    case "offered":
      return attributes.vois[choice.index] ?? preferred ?? automatic();
    case "presented":
      return presented[choice.index] ?? preferred ?? automatic();
    case "automatic":
      return automatic();
    case "preset":
    case "manual":
      return choice.window;
  }
}

/**
 * What can be chosen for a frame. Presets of the modality hold for values with their unit only (CT in Hounsfield
 * units); where there are none, the number keys stand for what the frame itself offers.
 */
export function windowOptions(
  modality: string | undefined,
  attributes: DisplayAttributes,
  range: ValueRange,
  presented: readonly VoiLut[] = [],
): readonly WindowOption[] {
  const ofState = presented.map(
    (voi, index): WindowOption => ({ choice: { kind: "presented", index }, voi }),
  );
  const offered = attributes.vois.map(
    (voi, index): WindowOption => ({ choice: { kind: "offered", index }, voi }),
  );
  const presets = (attributes.unit === "HU" ? windowPresets(modality) : []).map(
    (window): WindowOption => ({ choice: { kind: "preset", window }, voi: window }),
  );
  const automatic: WindowOption = {
    choice: { kind: "automatic" },
    voi: chosenVoi({ kind: "automatic" }, attributes, range),
  };
  const own = [...ofState, ...offered];
  const numbered = presets.length > 0 ? presets : own;
  const others = presets.length > 0 ? own : [];
  return [
    ...numbered.map((option, at) => (at < MOST_DIGITS ? { ...option, digit: at + 1 } : option)),
    ...others,
    automatic,
  ];
}

/** Drag distance that doubles a window's width, CSS pixels. */
const PIXELS_PER_WIDTH = 200;

/**
 * Modality values per CSS pixel of a window drag: a drag of 200 pixels is as wide as the window it begins with, yet
 * never finer than a fiftieth nor coarser than the double of the range of the data, if they have one.
 */
export function windowDragStep(
  start: VoiWindow,
  attributes: DisplayAttributes,
  range: ValueRange,
): number {
  const ends = [range.minimum, range.maximum].map((value) =>
    modalityValue(attributes.modality, value),
  );
  const span = Math.abs((ends[1] ?? 0) - (ends[0] ?? 0));
  const most = span > 0 ? span * 2 : Number.POSITIVE_INFINITY;
  return Math.min(Math.max(start.windowWidth, span / 50), most) / PIXELS_PER_WIDTH;
}

/**
 * A window after a drag: right widens, down raises the centre, so that the image becomes darker. Values are whole
 * numbers where the step is coarse. The width stays at least 1 for LINEAR (PS3.3 C.11.2.1.2.1), and above 0 for others.
 */
export function draggedWindow(start: VoiLut, step: number, dx: number, dy: number): VoiWindow {
  const from = windowOfVoi(start);
  const grain = grainOf(step);
  const smallest = from.function === "LINEAR" ? 1 : grain;
  return {
    ...from,
    windowWidth: Math.max(rounded(from.windowWidth + dx * step, grain), smallest),
    windowCenter: rounded(from.windowCenter + dy * step, grain),
    explanation: "",
  };
}

/** The power of ten to which dragged values are rounded: 1, or finer for data in small fractions. */
function grainOf(step: number): number {
  return Math.min(1, 10 ** Math.floor(Math.log10(Math.max(step, 1e-12))));
}

function rounded(value: number, grain: number): number {
  return grain >= 1 ? Math.round(value) : Math.round(value / grain) * grain;
}
