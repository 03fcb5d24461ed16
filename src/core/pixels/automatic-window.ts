import { type ModalityLut, modalityValue } from "./modality-lut.ts";
import type { VoiLut, VoiWindow } from "./voi-lut.ts";

/**
 * A window from the smallest to the largest stored value, padding left out by whoever counted them: black is the
 * smaller, white the larger modality value; a frame of one value is black. It is LINEAR_EXACT, so that it fits floating
 * point data as well.
 */
export function automaticWindow(
  minimum: number,
  maximum: number,
  modality: ModalityLut,
): VoiWindow {
  const [low, high] = modalityRange(minimum, maximum, modality);
  const width = high > low ? high - low : 1;
  return {
    kind: "window",
    windowCenter: low + width / 2,
    windowWidth: width,
    function: "LINEAR_EXACT",
    explanation: "",
  };
}

/** The window that a VOI LUT amounts to, to go on from when a person drags: a table's is its input range. */
export function windowOfVoi(voi: VoiLut): VoiWindow {
  if (voi.kind === "window") return voi;
  const { firstMapped, entries } = voi.lut;
  return {
    kind: "window",
    windowCenter: firstMapped + entries.length / 2,
    windowWidth: Math.max(entries.length, 2),
    function: "LINEAR",
    explanation: "",
  };
}

/** Smallest and largest modality value between two stored values; a table need not be monotonic. */
export function modalityRange(
  minimum: number,
  maximum: number,
  modality: ModalityLut,
): readonly [low: number, high: number] {
  const ends = [modalityValue(modality, minimum), modalityValue(modality, maximum)];
  let low = Math.min(...ends);
  let high = Math.max(...ends);
  if (modality.kind !== "lut") return [low, high];
  const { firstMapped, entries } = modality.lut;
  const from = Math.max(minimum - firstMapped, 0);
  const to = Math.min(maximum - firstMapped + 1, entries.length);
  for (const entry of entries.subarray(Math.min(from, entries.length), Math.max(to, 0))) {
    low = Math.min(low, entry);
    high = Math.max(high, entry);
  }
  return [low, high];
}
