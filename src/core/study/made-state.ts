import { buildDataSet, type MadeDataSet } from "../dicom/data-set-builder.ts";
import { readInstance } from "./instance.ts";
import { readPresentationState } from "./presentation-reader.ts";
import type { PresentationState } from "./presentation-state.ts";

/** Metadata of a grayscale presentation state for a test; it is about the instances `1.2.3.4.1` to `1.2.3.4.9`. */
export function madeStateAttributes(attributes: MadeDataSet = {}): MadeDataSet {
  return {
    SOPClassUID: "1.2.840.10008.5.1.4.1.1.11.1",
    SOPInstanceUID: "1.2.3.5.1",
    StudyInstanceUID: "1.2.3",
    SeriesInstanceUID: "1.2.3.5",
    Modality: "PR",
    ContentLabel: "TEST",
    ReferencedSeriesSequence: [
      {
        SeriesInstanceUID: "1.2.3.4",
        ReferencedImageSequence: Array.from({ length: 9 }, (_, index) => ({
          ReferencedSOPClassUID: "1.2.840.10008.5.1.4.1.1.2",
          ReferencedSOPInstanceUID: `1.2.3.4.${index + 1}`,
        })),
      },
    ],
    ...attributes,
  };
}

/** A presentation state for a test. */
export function madeState(attributes: MadeDataSet = {}): PresentationState {
  const instance = readInstance(buildDataSet(madeStateAttributes(attributes)));
  const read = instance === undefined ? undefined : readPresentationState(instance);
  if (read?.ok !== true) throw new Error("The made state cannot be read");
  return read.state;
}
