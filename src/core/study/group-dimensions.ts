import type { DataSet } from "../dicom/data-set.ts";
import type { Tag } from "../dicom/tag.ts";
import * as TAGS from "../dicom/tags.generated.ts";
import type { DimensionValue, FrameDimension } from "./frame-dimension.ts";
import { frameMacro } from "./frame-pose.ts";

/** Attributes in functional groups, each the first that a frame has (PS3.3 C.7.6.16.2, C.8.13.5). */
const GROUP_DIMENSIONS: readonly (readonly [
  FrameDimension["role"],
  FrameDimension["text"],
  ...(readonly [macro: Tag, tag: Tag])[],
])[] = [
  ["stack", (value) => `stack ${value}`, [TAGS.FrameContentSequence, TAGS.StackID]],
  ["stack", String, [TAGS.FrameAnatomySequence, TAGS.FrameLaterality]],
  ["weighting", lower, [TAGS.MRImageFrameTypeSequence, TAGS.ComplexImageComponent]],
  ["weighting", (value) => `${value} kV`, [TAGS.CTXRayDetailsSequence, TAGS.KVP]],
  ["weighting", bValue, [TAGS.MRDiffusionSequence, TAGS.DiffusionBValue]],
  ["weighting", (value) => `TE ${round(value)} ms`, [TAGS.MREchoSequence, TAGS.EffectiveEchoTime]],
  ["weighting", String, [TAGS.RealWorldValueMappingSequence, TAGS.LUTLabel]],
  [
    "cycle",
    (value) => `cardiac phase ${round(value)} %`,
    [TAGS.CardiacSynchronizationSequence, TAGS.NominalPercentageOfCardiacPhase],
  ],
  [
    "cycle",
    (value) => `trigger ${round(value)} ms`,
    [TAGS.CardiacSynchronizationSequence, TAGS.NominalCardiacTriggerDelayTime],
  ],
  [
    "cycle",
    (value) => `respiratory phase ${round(value)} %`,
    [TAGS.RespiratorySynchronizationSequence, TAGS.NominalPercentageOfRespiratoryPhase],
  ],
  [
    "moment",
    (_, rank, count) => `time ${rank}/${count}`,
    [TAGS.FrameContentSequence, TAGS.TemporalPositionIndex],
    [TAGS.TemporalPositionSequence, TAGS.TemporalPositionTimeOffset],
  ],
  ["name", String, [TAGS.FrameContentSequence, TAGS.FrameLabel]],
];

/** What functional groups say of the frames of an instance, in the order in which it divides them. */
export function groupDimensions(dataSet: DataSet): readonly FrameDimension[] {
  const dimensions = GROUP_DIMENSIONS.map(([role, text, ...places]): FrameDimension => {
    const value: FrameDimension["value"] = ({ instance, frameIndex }) => {
      for (const [macro, tag] of places) {
        const item = frameMacro(instance.dataSet, frameIndex, macro);
        const found = item?.number(tag) ?? item?.string(tag);
        if (found !== undefined) return found;
      }
      return undefined;
    };
    return { role, text, value };
  });
  return dataSet.has(TAGS.SegmentSequence) ? [segments(dataSet), ...dimensions] : dimensions;
}

/** The segment of a frame, by its label (PS3.3 C.8.20.2); label maps hold all segments in each frame and have none. */
function segments(dataSet: DataSet): FrameDimension {
  const labels = new Map(
    dataSet
      .items(TAGS.SegmentSequence)
      .map((item) => [item.number(TAGS.SegmentNumber), item.string(TAGS.SegmentLabel)]),
  );
  return {
    role: "stack",
    value: ({ instance, frameIndex }) =>
      frameMacro(instance.dataSet, frameIndex, TAGS.SegmentIdentificationSequence)?.number(
        TAGS.ReferencedSegmentNumber,
      ),
    text: (value) => labels.get(Number(value)) ?? `segment ${value}`,
  };
}

function bValue(value: DimensionValue): string {
  return `b ${round(value)}`;
}

function lower(value: DimensionValue): string {
  return String(value).toLowerCase();
}

function round(value: DimensionValue): string {
  return typeof value === "number" ? String(Math.round(value * 10) / 10) : value;
}
