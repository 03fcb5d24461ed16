import { type DataElement, DataSet } from "../dicom/data-set.ts";
import type { Tag } from "../dicom/tag.ts";
import * as TAGS from "../dicom/tags.generated.ts";
import type { Instance } from "./instance.ts";

/**
 * The attributes of one frame as one flat data set: those of the instance, overlaid with the contents of the shared
 * and then of the frame's own functional groups (PS3.3 C.7.6.16): Pixel Measures, Plane Position, Plane Orientation,
 * Frame VOI LUT, Pixel Value Transformation, Frame Content and all others. An instance without groups is given as it is.
 */
export function frameDataSet(instance: Pick<Instance, "dataSet">, frameIndex: number): DataSet {
  const { dataSet } = instance;
  const shared = dataSet.items(TAGS.SharedFunctionalGroupsSequence)[0];
  const own = dataSet.items(TAGS.PerFrameFunctionalGroupsSequence)[frameIndex];
  if (shared === undefined && own === undefined) return dataSet;
  const elements = new Map<Tag, DataElement>(dataSet.elements);
  elements.delete(TAGS.SharedFunctionalGroupsSequence);
  elements.delete(TAGS.PerFrameFunctionalGroupsSequence);
  for (const groups of [shared, own]) overlay(elements, groups);
  return new DataSet(elements.values(), dataSet.encoding);
}

/** A functional group macro is a sequence with one item, whose attributes describe the frame. */
function overlay(elements: Map<Tag, DataElement>, groups: DataSet | undefined): void {
  for (const { tag } of groups?.elements.values() ?? []) {
    for (const element of groups?.items(tag)[0]?.elements.values() ?? [])
      elements.set(element.tag, element);
  }
}
