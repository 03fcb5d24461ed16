import type { DataElement, DataSet } from "../dicom/data-set.ts";

/** Where values go that are not written inline. */
export interface JsonOptions {
  /**
   * The address of a value that is a range, or bytes longer than `inlineLimit`. The path is `["00420011"]`, or
   * `["0040A730", "1", "00420011"]` with item numbers from 1. Without an address, bytes go inline and a range
   * is left out.
   */
  readonly bulkDataUri?: (path: readonly string[], element: DataElement) => string | undefined;
  /** Bytes of a binary value that go inline as Base64; 1024 by default. */
  readonly inlineLimit?: number;
}

/** An attribute in the DICOM JSON model (PS3.18 F.2.2). */
export interface JsonAttribute {
  vr: string;
  Value?: JsonValue[];
  InlineBinary?: string;
  BulkDataURI?: string;
}

/** A name with its component groups (PS3.18 F.2.2). */
export interface JsonPersonName {
  Alphabetic?: string;
  Ideographic?: string;
  Phonetic?: string;
}

export type JsonValue = string | number | null | JsonPersonName | JsonDataSet;

/** A data set in the DICOM JSON model, by tag in eight hexadecimal digits. */
export interface JsonDataSet {
  [tag: string]: JsonAttribute;
}

/** The data set in the DICOM JSON model (PS3.18 annex F); its character set becomes UTF-8. */
export function dataSetToJson(_dataSet: DataSet, _options: JsonOptions = {}): JsonDataSet {
  return {};
}
