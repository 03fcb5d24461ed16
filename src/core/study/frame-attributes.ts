import { type DataElement, DataSet } from "../dicom/data-set.ts";
import type { Tag } from "../dicom/tag.ts";
import * as TAGS from "../dicom/tags.generated.ts";
import { impliedPose } from "./frame-pose.ts";
import type { Instance } from "./instance.ts";

/**
 * The attributes of one frame as one flat data set: those of the instance, overlaid with the contents of the shared
 * and then of the frame's own functional groups (PS3.3 C.7.6.16): Pixel Measures, Plane Position, Plane Orientation,
 * Frame VOI LUT, Pixel Value Transformation, Frame Content and all others, which also stay as sequences (Real World
 * Value Mapping has several items). What dose and nuclear medicine say otherwise is said in the same words: the place of
 * a frame, Dose Grid Scaling as a rescale slope in Gy, and the whole range of a segmentation as its window, so that one
 * value looks alike in all frames. An instance with none of this is given as it is.
 */
export function frameDataSet(instance: Pick<Instance, "dataSet">, frameIndex: number): DataSet {
  const { dataSet } = instance;
  const shared = dataSet.items(TAGS.SharedFunctionalGroupsSequence)[0];
  const own = dataSet.items(TAGS.PerFrameFunctionalGroupsSequence)[frameIndex];
  const implied = [
    ...impliedPlace(dataSet, frameIndex),
    ...doseScale(dataSet),
    ...segmentWindow(dataSet),
  ];
  if (shared === undefined && own === undefined && implied.length === 0) return dataSet;
  const elements = new Map<Tag, DataElement>(dataSet.elements);
  elements.delete(TAGS.SharedFunctionalGroupsSequence);
  elements.delete(TAGS.PerFrameFunctionalGroupsSequence);
  for (const groups of [shared, own]) overlay(elements, groups);
  for (const element of implied) elements.set(element.tag, element);
  return new DataSet(elements.values(), dataSet.encoding);
}

/** A functional group macro is a sequence whose first item holds the attributes that describe the frame. */
function overlay(elements: Map<Tag, DataElement>, groups: DataSet | undefined): void {
  for (const macro of groups?.elements.values() ?? []) {
    elements.set(macro.tag, macro);
    for (const element of groups?.items(macro.tag)[0]?.elements.values() ?? [])
      elements.set(element.tag, element);
  }
}

function impliedPlace(dataSet: DataSet, frameIndex: number): readonly DataElement[] {
  const pose = impliedPose(dataSet, frameIndex);
  if (pose === undefined) return [];
  return [
    numbers(TAGS.ImagePositionPatient, pose.position),
    numbers(TAGS.ImageOrientationPatient, pose.orientation),
  ];
}

/** Dose = stored value * Dose Grid Scaling, in Dose Units (PS3.3 C.8.8.3.4). */
function doseScale(dataSet: DataSet): readonly DataElement[] {
  const scale = dataSet.number(TAGS.DoseGridScaling);
  if (scale === undefined) return [];
  const unit: DataElement = {
    tag: TAGS.RescaleType,
    vr: "LO",
    value: { kind: "strings", strings: [dataSet.string(TAGS.DoseUnits) ?? "GY"] },
  };
  return [numbers(TAGS.RescaleSlope, [scale]), numbers(TAGS.RescaleIntercept, [0]), unit];
}

/** From nothing to the largest value that a segmentation can have (PS3.3 C.8.20.2). */
function segmentWindow(dataSet: DataSet): readonly DataElement[] {
  const segments = dataSet.items(TAGS.SegmentSequence);
  if (segments.length === 0 || dataSet.has(TAGS.WindowCenter)) return [];
  const labels = segments.map((segment) => segment.number(TAGS.SegmentNumber) ?? 1);
  const type = dataSet.string(TAGS.SegmentationType);
  const fraction = type === "FRACTIONAL" ? dataSet.number(TAGS.MaximumFractionalValue) : undefined;
  const largest = type === "LABELMAP" ? Math.max(...labels) : (fraction ?? 1);
  return [
    numbers(TAGS.WindowCenter, [largest / 2]),
    numbers(TAGS.WindowWidth, [Math.max(largest, 1)]),
    {
      tag: TAGS.VOILUTFunction,
      vr: "CS",
      value: { kind: "strings", strings: ["LINEAR_EXACT"] },
    },
  ];
}

function numbers(tag: Tag, values: readonly number[]): DataElement {
  return { tag, vr: "DS", value: { kind: "numbers", numbers: values } };
}
