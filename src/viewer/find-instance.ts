import type { DisplaySet } from "#core/study/display-set.ts";
import type { Instance } from "#core/study/instance.ts";

/** Where an object is shown: the display set that holds it, and the frame to begin with. */
export interface FoundInstance {
  readonly displaySet: DisplaySet;
  readonly instance: Instance;
  /** Of the display set, from 0; undefined for what has no frames. */
  readonly frameIndex: number | undefined;
}

/**
 * Finds what a reference means among what is open; undefined when it is not there, or has no such frame.
 * @param frameNumber from 1, as recorded; 1 where no frame is named
 */
export function findInstance(
  sets: readonly DisplaySet[],
  sopInstanceUid: string,
  frameNumber = 1,
): FoundInstance | undefined {
  for (const displaySet of sets) {
    const instance = displaySet.instances.find((one) => one.sopInstanceUid === sopInstanceUid);
    if (instance === undefined) continue;
    if (displaySet.frames.length === 0) return { displaySet, instance, frameIndex: undefined };
    const frameIndex = displaySet.frames.findIndex(
      (frame) =>
        frame.instance.sopInstanceUid === sopInstanceUid && frame.frameIndex === frameNumber - 1,
    );
    if (frameIndex >= 0) return { displaySet, instance, frameIndex };
  }
  return undefined;
}
