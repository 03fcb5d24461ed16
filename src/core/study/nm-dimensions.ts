import type { DataSet } from "../dicom/data-set.ts";
import type { Tag } from "../dicom/tag.ts";
import * as TAGS from "../dicom/tags.generated.ts";
import type { FrameDimension } from "./frame-dimension.ts";

/** The vectors of nuclear medicine (PS3.3 C.8.4.8): one number per frame, counted from 1. */
const VECTORS: readonly (readonly [Tag, FrameDimension["role"], name: string])[] = [
  [TAGS.EnergyWindowVector, "stack", "energy window"],
  [TAGS.DetectorVector, "stack", "detector"],
  [TAGS.RotationVector, "stack", "rotation"],
  [TAGS.RRIntervalVector, "stack", "R-R interval"],
  [TAGS.PhaseVector, "note", "phase"],
  [TAGS.TimeSlotVector, "note", "time slot"],
  [TAGS.TimeSliceVector, "note", "time"],
  [TAGS.AngularViewVector, "note", "view"],
  [TAGS.SliceVector, "note", "slice"],
];

/**
 * What the vectors of a nuclear medicine object say of its frames; empty for objects without vectors. Frames of other
 * energies, detectors, rotations and R-R intervals do not belong together; the others are one film or volume.
 */
export function nmDimensions(dataSet: DataSet): readonly FrameDimension[] {
  return VECTORS.flatMap(([tag, role, name]): readonly FrameDimension[] => {
    const vector = dataSet.numbers(tag);
    if (vector.length === 0) return [];
    const names = NAMES.get(tag)?.(dataSet) ?? [];
    return [
      {
        role,
        value: ({ frameIndex }) => vector[frameIndex],
        text: (value, _, count) => {
          const own = names[Number(value) - 1];
          const of = role === "note" ? `/${count}` : "";
          return own === undefined ? `${name} ${value}${of}` : `${name} ${value} ${own}`;
        },
      },
    ];
  });
}

/** Names that energy windows and detectors give themselves, from the first one. */
const NAMES: ReadonlyMap<Tag, (dataSet: DataSet) => readonly (string | undefined)[]> = new Map([
  [
    TAGS.EnergyWindowVector,
    (dataSet: DataSet) =>
      dataSet
        .items(TAGS.EnergyWindowInformationSequence)
        .map((item) => item.string(TAGS.EnergyWindowName)),
  ],
  [
    TAGS.DetectorVector,
    (dataSet: DataSet) =>
      dataSet
        .items(TAGS.DetectorInformationSequence)
        .map((item) => item.items(TAGS.ViewCodeSequence)[0]?.string(TAGS.CodeMeaning)),
  ],
]);
