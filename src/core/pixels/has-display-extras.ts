import type { DataSet } from "../dicom/data-set.ts";
import type { Tag } from "../dicom/tag.ts";
import * as TAGS from "../dicom/tags.generated.ts";

const EXTRAS: ReadonlySet<Tag> = new Set([
  TAGS.ShutterShape,
  TAGS.ICCProfile,
  TAGS.ColorSpace,
  TAGS.OpticalPathSequence,
  TAGS.PresentationLUTSequence,
  TAGS.RealWorldValueMappingSequence,
  TAGS.RealWorldValueSlope,
  TAGS.RealWorldValueLUTData,
  TAGS.EnhancedPaletteColorLookupTableSequence,
]);

/**
 * Whether a frame may have more to its display than `readDisplayAttributes` says: overlay planes, shutters, an ICC profile,
 * a supplemental palette … Then it is to be shown with what `readDisplayExtras` gives, and not before. Cheap: this one
 * is for the application's shell, `display-extras.ts` is loaded by need.
 * @param dataSet the attributes of that frame, functional groups overlaid (core/study `frameDataSet`).
 */
export function hasDisplayExtras(dataSet: DataSet): boolean {
  for (const tag of dataSet.elements.keys()) if (EXTRAS.has(tag) || isOverlayRows(tag)) return true;
  return (
    dataSet.has(TAGS.RedPaletteColorLookupTableDescriptor) &&
    dataSet.string(TAGS.PhotometricInterpretation) !== "PALETTE COLOR"
  );
}

/** Overlay Rows (60xx,0010) of any of the sixteen groups 6000 to 601E (PS3.5 7.6). */
function isOverlayRows(tag: Tag): boolean {
  return tag >>> 21 === 0x6000_0000 >>> 21 && (tag & 0x1ffff) === 0x10;
}
