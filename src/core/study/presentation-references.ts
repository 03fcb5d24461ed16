import type { DataSet } from "../dicom/data-set.ts";
import * as TAGS from "../dicom/tags.generated.ts";
import type { ForFrames, ReferencedFrames } from "./presentation-state.ts";

/** The images of a Referenced Image Sequence (PS3.3 table 10-3); undefined when the item has none. */
export function readReferencedFrames(item: DataSet): ReferencedFrames | undefined {
  const images = item.items(TAGS.ReferencedImageSequence);
  return images.length === 0 ? undefined : { byInstance: framesByInstance(images) };
}

/** The images that a presentation state is about (PS3.3 C.11.11), or that it blends (C.11.14). */
export function readStateReferences(dataSet: DataSet): ReferencedFrames {
  const holders = [dataSet, ...dataSet.items(TAGS.BlendingSequence)];
  const series = holders.flatMap((item) => item.items(TAGS.ReferencedSeriesSequence));
  return {
    byInstance: framesByInstance(series.flatMap((one) => one.items(TAGS.ReferencedImageSequence))),
  };
}

/** Whether a frame is among those that are referenced. */
export function isReferenced(
  frames: ReferencedFrames,
  sopInstanceUid: string,
  frameNumber: number,
): boolean {
  const named = frames.byInstance.get(sopInstanceUid);
  return named === "all" || named?.has(frameNumber) === true;
}

/** What of several parts holds for a frame: those that name it, and those that name no frames. */
export function partsFor<Value>(
  parts: readonly ForFrames<Value>[],
  sopInstanceUid: string,
  frameNumber: number,
): readonly Value[] {
  return parts
    .filter(
      ({ frames }) => frames === undefined || isReferenced(frames, sopInstanceUid, frameNumber),
    )
    .map(({ value }) => value);
}

/** An item that several references name holds for all that any of them names. */
function framesByInstance(
  images: readonly DataSet[],
): ReadonlyMap<string, ReadonlySet<number> | "all"> {
  const byInstance = new Map<string, ReadonlySet<number> | "all">();
  for (const image of images) {
    const uid = image.string(TAGS.ReferencedSOPInstanceUID);
    if (uid === undefined) continue;
    const numbers = image.numbers(TAGS.ReferencedFrameNumber);
    const before = byInstance.get(uid);
    const isAll = numbers.length === 0 || before === "all";
    byInstance.set(uid, isAll ? "all" : new Set([...(before ?? []), ...numbers]));
  }
  return byInstance;
}
