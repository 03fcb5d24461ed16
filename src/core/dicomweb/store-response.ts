import { type DataElement, DataSet } from "../dicom/data-set.ts";
import type { Tag } from "../dicom/tag.ts";
import type { Vr } from "../dicom/vr.ts";

/** What became of one object of a store request. */
export interface StoredObject {
  readonly sopClassUid: string | undefined;
  readonly sopInstanceUid: string | undefined;
  readonly kind: "stored" | "warning" | "failed";
  /** Failure or warning reason (PS3.18 table I.2-2); 0 for success. */
  readonly status: number;
  /** Where it can be retrieved; of stored objects only. */
  readonly retrieveUrl: string | undefined;
}

/**
 * The Store Instances Response (PS3.18 table I.1-1): Referenced SOP Sequence, Failed SOP Sequence, and Other Failures
 * Sequence for what could not even be named.
 */
export function storeResponse(
  objects: readonly StoredObject[],
  studyUrl: string | undefined,
): DataSet {
  const stored = objects.filter(({ kind }) => kind !== "failed");
  const failed = objects.filter(({ kind }) => kind === "failed");
  const named = failed.filter(({ sopInstanceUid }) => sopInstanceUid !== undefined);
  const unnamed = failed.filter(({ sopInstanceUid }) => sopInstanceUid === undefined);
  return new DataSet([
    ...(studyUrl === undefined ? [] : [text(0x00081190, "UR", studyUrl)]),
    ...sequence(0x00081198, named.map(failedItem)),
    ...sequence(0x00081199, stored.map(storedItem)),
    ...sequence(
      0x0008119a,
      unnamed.map(({ status }) => new DataSet([reason(0x00081197, status)])),
    ),
  ]);
}

/** 200 when all are stored, 409 when none is, 202 else (PS3.18 table 10.5.3-1). */
export function storeStatus(objects: readonly StoredObject[]): 200 | 202 | 409 {
  const failed = objects.filter(({ kind }) => kind === "failed").length;
  const warned = objects.some(({ kind }) => kind === "warning");
  if (failed === objects.length) return 409;
  return failed > 0 || warned ? 202 : 200;
}

function storedItem(object: StoredObject): DataSet {
  return new DataSet([
    ...uids(object),
    ...(object.retrieveUrl === undefined ? [] : [text(0x00081190, "UR", object.retrieveUrl)]),
    ...(object.kind === "warning" ? [reason(0x00081196, object.status)] : []),
  ]);
}

function failedItem(object: StoredObject): DataSet {
  return new DataSet([...uids(object), reason(0x00081197, object.status)]);
}

function uids({ sopClassUid, sopInstanceUid }: StoredObject): readonly DataElement[] {
  return [
    ...(sopClassUid === undefined ? [] : [text(0x00081150, "UI", sopClassUid)]),
    ...(sopInstanceUid === undefined ? [] : [text(0x00081155, "UI", sopInstanceUid)]),
  ];
}

function text(tag: Tag, vr: Vr, value: string): DataElement {
  return { tag, vr, value: { kind: "strings", strings: [value] } };
}

function reason(tag: Tag, status: number): DataElement {
  return { tag, vr: "US", value: { kind: "numbers", numbers: [status] } };
}

function sequence(tag: Tag, items: readonly DataSet[]): readonly DataElement[] {
  return items.length === 0 ? [] : [{ tag, vr: "SQ", value: { kind: "items", items } }];
}
