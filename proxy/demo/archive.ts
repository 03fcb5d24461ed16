import type { ArchivePart } from "./archive-part.ts";
import { chestCtParts } from "./ct-chest.ts";
import { ecgParts } from "./ecg.ts";
import { keyImageParts } from "./key-images.ts";
import { headMrParts } from "./mr-head.ts";
import { radiographParts } from "./radiograph.ts";
import { pdfReportParts } from "./report-pdf.ts";
import { structuredReportParts } from "./report-sr.ts";
import { ultrasoundParts } from "./ultrasound.ts";

/** All parts of the archive, in a fixed order, the longest first; the same on every thread. */
export function archiveParts(scale: number): readonly ArchivePart[] {
  return [
    ...ultrasoundParts(scale),
    ...radiographParts(scale),
    ...chestCtParts(scale),
    ...headMrParts(scale),
    ...pdfReportParts(),
    ...structuredReportParts(),
    ...keyImageParts(),
    ...ecgParts(),
  ];
}
