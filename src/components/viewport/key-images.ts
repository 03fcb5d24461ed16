import type { DisplaySet, FrameReference } from "#core/study/display-set.ts";
import type { KeyObjectMark } from "#core/study/key-objects.ts";

/** A frame that key object selections mark, by its place in the display set (from 0). */
export interface KeyImage {
  readonly index: number;
  readonly marks: readonly KeyObjectMark[];
}

/** The key images of a display set; marks of withdrawn images are none. Reads signals as `marksOf` does. */
export function keyImages(
  { frames }: DisplaySet,
  marksOf: (reference: FrameReference) => readonly KeyObjectMark[],
): readonly KeyImage[] {
  return frames.flatMap((reference, index) => {
    const marks = marksOf(reference).filter(({ rejection }) => rejection === undefined);
    return marks.length === 0 ? [] : [{ index, marks }];
  });
}
