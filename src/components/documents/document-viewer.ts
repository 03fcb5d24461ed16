import { objectKindOf } from "#core/dicom/sop-class.ts";
import * as TAGS from "#core/dicom/tags.generated.ts";
import { transferSyntaxOf } from "#core/dicom/transfer-syntax.ts";
import type { Instance } from "#core/study/instance.ts";

/** What shows an object that is not a frame image. */
export type DocumentViewer = "pdf" | "cda" | "report" | "waveform" | "video" | "file" | "facts";

/** Which viewer an object is for, by what it is rather than by what it is listed as. */
export function documentViewerOf(instance: Instance): DocumentViewer {
  const { sopClassUid, transferSyntaxUid = "" } = instance;
  if (transferSyntaxOf(transferSyntaxUid)?.frameEncoding === "video") return "video";
  switch (objectKindOf(sopClassUid)) {
    case "report":
    case "key-objects":
      return "report";
    case "waveform":
      return instance.dataSet.has(TAGS.WaveformSequence) ? "waveform" : "facts";
    case "document":
      return viewerOfMimeType(mimeTypeOf(instance));
    default:
      return instance.dataSet.has(TAGS.EncapsulatedDocument) ? "file" : "facts";
  }
}

/** Media type of an encapsulated document in lower case, by its attribute, else by its SOP class. */
export function mimeTypeOf({ dataSet, sopClassUid }: Instance): string {
  const stated = dataSet.string(TAGS.MIMETypeOfEncapsulatedDocument)?.trim().toLowerCase();
  return stated ?? MIME_TYPE_OF_CLASS.get(sopClassUid) ?? "application/octet-stream";
}

const MIME_TYPE_OF_CLASS: ReadonlyMap<string, string> = new Map([
  ["1.2.840.10008.5.1.4.1.1.104.1", "application/pdf"],
  ["1.2.840.10008.5.1.4.1.1.104.2", "text/xml"],
  ["1.2.840.10008.5.1.4.1.1.104.3", "model/stl"],
  ["1.2.840.10008.5.1.4.1.1.104.4", "model/obj"],
  ["1.2.840.10008.5.1.4.1.1.104.5", "model/mtl"],
]);

export function viewerOfMimeType(mimeType: string): "pdf" | "cda" | "file" {
  const essence = mimeType.split(";")[0]?.trim() ?? "";
  if (essence === "application/pdf") return "pdf";
  return /^(text|application)\/([\w.-]+\+)?xml$/.test(essence) ? "cda" : "file";
}
