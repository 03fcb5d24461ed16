import type { DataSet } from "#core/dicom/data-set.ts";
import { DicomError } from "#core/dicom/dicom-error.ts";
import { type DisplayAttributes, readDisplayAttributes } from "#core/pixels/display-pipeline.ts";
import type { ImagePixel } from "#core/pixels/image-pixel.ts";
import { displayBulkDataUris } from "#core/study/bulk-data.ts";
import type { FrameReference } from "#core/study/display-set.ts";
import { frameDataSet } from "#core/study/frame-attributes.ts";
import { type ImageFacts, readImageFacts } from "#core/study/image-facts.ts";
import type { Failure } from "../frames/failure.ts";
import type { FrameRequest } from "../frames/frame-request.ts";

/** What the header of one frame says: how it is displayed, where it is and how large. */
export interface FrameDescription {
  readonly attributes: DisplayAttributes;
  readonly facts: ImageFacts;
}

/** A description, or why the header does not allow the frame to be displayed. */
export type DescribedFrame =
  | { readonly ok: true; readonly description: FrameDescription }
  | { readonly ok: false; readonly failure: Failure };

/** Frames of one instance without functional groups share a data set, and so a description. */
const described = new WeakMap<DataSet, DescribedFrame>();

/** Reads what the header says about a frame; the same objects come again as long as the data set is the same. */
export function describeFrame(reference: FrameReference, imagePixel: ImagePixel): DescribedFrame {
  const dataSet = frameDataSet(reference.instance, reference.frameIndex);
  const before = described.get(dataSet);
  if (before !== undefined) return before;
  const made = readDescription(dataSet, imagePixel);
  described.set(dataSet, made);
  return made;
}

/** Identifies a frame within everything that can be shown. */
export function frameKey({ instance, frameIndex }: FrameReference): string {
  return `${instance.sopInstanceUid}/${frameIndex}`;
}

/** The request that gives the frame, or why its header makes that impossible. */
export function frameRequest(
  reference: FrameReference,
):
  | { readonly ok: true; readonly request: FrameRequest }
  | { readonly ok: false; readonly failure: Failure } {
  const { instance, frameIndex } = reference;
  const { image, studyInstanceUid, seriesInstanceUid, sopInstanceUid } = instance;
  switch (image.kind) {
    case "image": {
      const frameNumber = frameIndex + 1;
      const address = { studyInstanceUid, seriesInstanceUid, sopInstanceUid, frameNumber };
      const request = { address, imagePixel: image.imagePixel };
      const { transferSyntaxUid: expectedTransferSyntaxUid } = instance;
      if (expectedTransferSyntaxUid === undefined) return { ok: true, request };
      return { ok: true, request: { ...request, expectedTransferSyntaxUid } };
    }
    case "unusable":
      return { ok: false, failure: { code: image.code, message: image.reason, advice: "" } };
    case "none":
      return {
        ok: false,
        failure: { code: "no-pixels", message: "This object has no image.", advice: "" },
      };
  }
}

function readDescription(dataSet: DataSet, imagePixel: ImagePixel): DescribedFrame {
  if (displayBulkDataUris(dataSet).length > 0) return { ok: false, failure: TABLE_MISSING };
  try {
    const attributes = readDisplayAttributes(dataSet, imagePixel);
    return { ok: true, description: { attributes, facts: readImageFacts(dataSet) } };
  } catch (error) {
    if (!(error instanceof DicomError)) throw error;
    return { ok: false, failure: { code: error.code, message: error.message, advice: "" } };
  }
}

/** An image is not shown with other greys or colours than its own tables give (PS3.4 N.2.1). */
const TABLE_MISSING: Failure = {
  code: "table-missing",
  message: "A table for the greys or colours of this image could not be fetched.",
  advice: "Load the study again; if it stays so, tell the administrator of the archive.",
};
