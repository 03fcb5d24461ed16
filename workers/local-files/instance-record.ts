import { type DataElement, DataSet } from "#core/dicom/data-set.ts";
import type { DicomFile } from "#core/dicom/dicom-file.ts";
import { type Identifiers, withIdentifiers } from "#core/dicom/made-up-identifiers.ts";
import type { Tag } from "#core/dicom/tag.ts";
import { dataSetToJson } from "#core/dicom-json/to-json.ts";
import type { LocalInstance } from "../../src/retrieve/local-protocol.ts";

const AVAILABLE_TRANSFER_SYNTAX_UID = 0x00083002;
const PIXEL_DATA: ReadonlySet<Tag> = new Set([0x7fe00008, 0x7fe00009, 0x7fe00010]);

/** Prefix of the bulk data addresses that the worker itself resolves: `local:UID/00420011`. */
export const LOCAL_SCHEME = "local:";

/** What the page gets of a file, under the identifiers that it is shown under. */
export function instanceRecord(file: DicomFile, identifiers: Identifiers): LocalInstance {
  const { studyInstanceUid, seriesInstanceUid, sopInstanceUid } = identifiers;
  const dataSet = withIdentifiers(file.dataSet, identifiers);
  const kept = [...dataSet.elements.values()].filter(({ tag }) => !PIXEL_DATA.has(tag));
  const syntax = uidElement(AVAILABLE_TRANSFER_SYNTAX_UID, file.transferSyntaxUid);
  const json = JSON.stringify(
    dataSetToJson(new DataSet([...kept, syntax], dataSet.encoding), {
      bulkDataUri: (path) => `${LOCAL_SCHEME}${sopInstanceUid}/${path.join("/")}`,
    }),
  );
  return { studyInstanceUid, seriesInstanceUid, sopInstanceUid, json };
}

function uidElement(tag: Tag, uid: string): DataElement {
  return { tag, vr: "UI", value: { kind: "strings", strings: [uid] } };
}
