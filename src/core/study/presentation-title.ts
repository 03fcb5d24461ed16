import { displayPersonName } from "../dicom/person-name.ts";
import { sopClassName } from "../dicom/sop-class-names.ts";
import * as TAGS from "../dicom/tags.generated.ts";
import type { Instance } from "./instance.ts";
import type { PresentationStateTitle } from "./presentation-state.ts";

/** What a presentation state is called (PS3.3 C.11.10). */
export function presentationTitle({
  dataSet,
  sopInstanceUid,
  sopClassUid,
  number,
}: Instance): PresentationStateTitle {
  const creator = dataSet.personName(TAGS.ContentCreatorName);
  return {
    sopInstanceUid,
    sopClassUid,
    className: sopClassName(sopClassUid) ?? "Presentation State",
    label: dataSet.string(TAGS.ContentLabel) ?? "",
    description: dataSet.string(TAGS.ContentDescription) ?? "",
    creator: creator === undefined ? "" : displayPersonName(creator),
    date: dataSet.string(TAGS.PresentationCreationDate) ?? "",
    time: dataSet.string(TAGS.PresentationCreationTime) ?? "",
    instanceNumber: number,
  };
}

/** The newest first: by date and time of creation, then by instance number, then by UID, so that the order is one. */
export function newestFirst(a: PresentationStateTitle, b: PresentationStateTitle): number {
  return (
    compareTexts(b.date, a.date) ||
    compareTexts(b.time, a.time) ||
    (b.instanceNumber ?? -1) - (a.instanceNumber ?? -1) ||
    compareTexts(b.sopInstanceUid, a.sopInstanceUid)
  );
}

function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
