import type { DataSet } from "#core/dicom/data-set.ts";
import type { Identifiers } from "#core/dicom/made-up-identifiers.ts";
import type { FoundFile } from "./scan-folder.ts";

/** Attributes that many files share (those of their study, or of their series), held once. */
export interface AttributeGroup {
  /** Digest of the content. */
  readonly id: string;
  /** The attributes in the DICOM JSON model. */
  readonly json: unknown;
  readonly dataSet: DataSet;
}

/** What has to be put before the bytes of a file, or cut from them, to make a Part 10 stream. */
export interface Part10Repair {
  /** `meta`: preamble and file meta information; `preamble`: preamble and prefix alone. */
  readonly prefix: "preamble" | "meta";
  /** Bytes of the file that are left out at the start. */
  readonly skip: number;
}

/** What the index knows of an instance. */
export interface InstanceFacts extends Identifiers {
  readonly kind: "instance";
  readonly transferSyntaxUid: string;
  readonly study: AttributeGroup;
  readonly series: AttributeGroup;
  readonly instanceNumber: number | undefined;
  readonly numberOfFrames: number | undefined;
  readonly rows: number | undefined;
  readonly columns: number | undefined;
  readonly bitsAllocated: number | undefined;
  readonly repair: Part10Repair | undefined;
}

/** What was found in a file. */
export type FileContent =
  | InstanceFacts
  /** DICOM, but nothing that is shown: a DICOMDIR. */
  | { readonly kind: "skipped" }
  | { readonly kind: "problem"; readonly code: string; readonly message: string };

/** A file that was looked at. */
export interface FileRecord<Content extends FileContent = FileContent> extends FoundFile {
  /** Absolute folder that `path` counts from. */
  readonly root: string;
  readonly content: Content;
}

export type InstanceRecord = FileRecord<InstanceFacts>;

export function isInstanceRecord(record: FileRecord): record is InstanceRecord {
  return record.content.kind === "instance";
}
