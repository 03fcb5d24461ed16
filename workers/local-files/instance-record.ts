import { type DataElement, DataSet } from "#core/dicom/data-set.ts";
import type { DicomFile } from "#core/dicom/dicom-file.ts";
import type { Tag } from "#core/dicom/tag.ts";
import { dataSetToJson } from "#core/dicom-json/to-json.ts";
import type { LocalInstance } from "../../src/retrieve/local-protocol.ts";
import { FileError } from "./found-file.ts";

const AVAILABLE_TRANSFER_SYNTAX_UID = 0x00083002;
const SOP_INSTANCE_UID = 0x00080018;
const STUDY_INSTANCE_UID = 0x0020000d;
const SERIES_INSTANCE_UID = 0x0020000e;
const PIXEL_DATA: ReadonlySet<Tag> = new Set([0x7fe00008, 0x7fe00009, 0x7fe00010]);

/** Prefix of the bulk data addresses that the worker itself resolves: `local:UID/00420011`. */
export const LOCAL_SCHEME = "local:";

/**
 * What the page gets of a file. A file without identifiers (ACR-NEMA, exports of other programs) gets made-up
 * ones, so that it can be looked at.
 * @param fallback identifiers of the study and series that such files make up together
 * @throws FileError `broken` when the file has neither identifiers nor pixel data
 */
export function instanceRecord(
  file: DicomFile,
  fallback: { readonly study: string; readonly series: string },
): LocalInstance {
  const { dataSet } = file;
  if (!dataSet.has(SOP_INSTANCE_UID) && file.pixelData.kind === "none")
    throw new FileError("broken", "The file breaks off, or holds nothing that could be shown.");
  const studyInstanceUid = dataSet.string(STUDY_INSTANCE_UID) ?? fallback.study;
  const seriesInstanceUid = dataSet.string(SERIES_INSTANCE_UID) ?? fallback.series;
  const sopInstanceUid = dataSet.string(SOP_INSTANCE_UID) ?? madeUpUid();
  const kept = [...dataSet.elements.values()].filter(({ tag }) => !PIXEL_DATA.has(tag));
  const complete = new DataSet(
    [
      ...kept,
      uidElement(STUDY_INSTANCE_UID, studyInstanceUid),
      uidElement(SERIES_INSTANCE_UID, seriesInstanceUid),
      uidElement(SOP_INSTANCE_UID, sopInstanceUid),
      uidElement(AVAILABLE_TRANSFER_SYNTAX_UID, file.transferSyntaxUid),
    ],
    dataSet.encoding,
  );
  const json = JSON.stringify(
    dataSetToJson(complete, {
      bulkDataUri: (path) => `${LOCAL_SCHEME}${sopInstanceUid}/${path.join("/")}`,
    }),
  );
  return { studyInstanceUid, seriesInstanceUid, sopInstanceUid, json };
}

/** A UID from a random UUID (PS3.5 B.2). */
export function madeUpUid(): string {
  return `2.25.${BigInt(`0x${crypto.randomUUID().replaceAll("-", "")}`)}`;
}

function uidElement(tag: Tag, uid: string): DataElement {
  return { tag, vr: "UI", value: { kind: "strings", strings: [uid] } };
}
