import { msg, str } from "@lit/localize";
import * as TAGS from "#core/dicom/tags.generated.ts";
import type { FrameReference } from "#core/study/display-set.ts";
import type { TagSection } from "./tag-tree.ts";

/** What there is to read about a frame: its own functional groups first (PS3.3 C.7.6.16), then all of its object. */
export function tagSections({ instance, frameIndex }: FrameReference): readonly TagSection[] {
  const { dataSet } = instance;
  const own = dataSet.items(TAGS.PerFrameFunctionalGroupsSequence)[frameIndex];
  if (own === undefined) return [{ heading: "", dataSet }];
  return [
    { heading: msg(str`Frame ${(frameIndex + 1).toLocaleString()}`), dataSet: own },
    { heading: msg("Whole object"), dataSet },
  ];
}
