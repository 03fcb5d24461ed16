import type { VoiWindow } from "./voi-lut.ts";

/** Name, centre and width, in the unit of the modality (HU for CT). */
type Preset = readonly [name: string, windowCenter: number, windowWidth: number];

const CT: readonly Preset[] = [
  ["Soft tissue", 40, 400],
  ["Lung", -600, 1500],
  ["Bone", 480, 2500],
  ["Brain", 40, 80],
  ["Mediastinum", 50, 350],
  ["Liver", 90, 150],
  ["Angio", 300, 600],
  ["Stroke", 35, 30],
  ["Subdural", 75, 215],
];

const PRESETS: ReadonlyMap<string, readonly VoiWindow[]> = new Map([["CT", CT.map(windowOf)]]);

/**
 * The usual windows of a modality (Modality, CS), the most used first; empty where values have no absolute scale.
 * They hold only for values in the unit that they are meant for: Hounsfield units.
 */
export function windowPresets(modality: string | undefined): readonly VoiWindow[] {
  return PRESETS.get(modality ?? "") ?? [];
}

function windowOf([explanation, windowCenter, windowWidth]: Preset): VoiWindow {
  return { kind: "window", windowCenter, windowWidth, function: "LINEAR", explanation };
}
