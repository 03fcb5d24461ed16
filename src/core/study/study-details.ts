import { type StorageKind, sopClassName, storageKindOf } from "../dicom/sop-class-names.ts";
import * as TAGS from "../dicom/tags.generated.ts";
import { arrangeInstance, arrangeStack, type FrameGroup } from "./arrange-frames.ts";
import type { DisplaySet } from "./display-set.ts";
import type { Instance } from "./instance.ts";
import { KeyObjects } from "./key-object-reader.ts";
import { withoutRejected } from "./rejected-images.ts";
import { slideName } from "./slide-dimensions.ts";

/**
 * What only some objects need to be put into display sets: names and reasons of what is no image, the parts of
 * multi-frame objects and of series with several images at one place. It is loaded when such an object is there.
 */
export interface StudyDetails {
  /** `Encapsulated PDF`; undefined for a class that nobody here knows. */
  sopClassName(sopClassUid: string): string | undefined;
  /** Why an object of the class shows no image, without its name. */
  reasonFor(sopClassUid: string): string;
  arrangeInstance(instance: Instance): readonly FrameGroup[];
  arrangeStack(instances: readonly Instance[]): readonly FrameGroup[];
  /** What tells a multi-frame instance from others of its series; empty when nothing is to be said. */
  instanceName(instance: Instance): string;
  /** What the key object selections among these instances say. */
  readKeyObjects(statements: readonly Instance[]): KeyObjects;
  /** Display sets with rejected images apart. */
  withoutRejected(sets: readonly DisplaySet[], keyObjects: KeyObjects): readonly DisplaySet[];
}

const REASONS: Readonly<Partial<Record<StorageKind, string>>> = {
  image: "the object has no pixels",
  segmentation: "the object has no pixels",
  "parametric-map": "the object has no pixels",
  surface: "surfaces and paths in space are not drawn here",
  registration: "it describes other images and has none of its own",
  rt: "it plans or records a treatment and has no image of its own",
  measurements: "it holds measurements or annotations and no image of its own",
  "raw-data": "it holds raw data, from which images are made elsewhere",
};

export const STUDY_DETAILS: StudyDetails = {
  sopClassName,
  arrangeInstance,
  arrangeStack,
  withoutRejected,
  readKeyObjects: (statements) => new KeyObjects(statements),
  reasonFor: (sopClassUid) =>
    REASONS[storageKindOf(sopClassUid)] ?? "it holds no image that can be shown here",
  instanceName: ({ dataSet }) => {
    if (dataSet.has(TAGS.TotalPixelMatrixColumns)) return slideName(dataSet);
    const segments = dataSet.items(TAGS.SegmentSequence);
    return segments.length === 1 ? (segments[0]?.string(TAGS.SegmentLabel) ?? "") : "";
  },
};
