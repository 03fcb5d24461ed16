import { objectKindOf } from "../dicom/sop-class.ts";
import * as TAGS from "../dicom/tags.generated.ts";
import type { Instance } from "./instance.ts";

/**
 * SOP Instance UIDs of the images that the presentation states among these instances are about: the Referenced Series
 * Sequence of the Presentation State Relationship module (PS3.3 C.11.11).
 */
export function presentedImages(instances: readonly Instance[]): ReadonlySet<string> {
  const states = instances.filter(
    ({ sopClassUid }) => objectKindOf(sopClassUid) === "presentation-state",
  );
  const uids = states
    .flatMap(({ dataSet }) => [dataSet, ...dataSet.items(TAGS.BlendingSequence)])
    .flatMap((item) => item.items(TAGS.ReferencedSeriesSequence))
    .flatMap((series) => series.items(TAGS.ReferencedImageSequence))
    .map((image) => image.string(TAGS.ReferencedSOPInstanceUID));
  return new Set(uids.filter((uid) => uid !== undefined));
}
