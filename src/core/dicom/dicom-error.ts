import { formatTag, type Tag } from "./tag.ts";

/** What can be wrong with DICOM data, as a closed list. */
export type DicomErrorCode =
  /** The bytes are not DICOM in any form that is recognised. */
  | "not-dicom"
  /** The source ends before the structure does. */
  | "truncated"
  /** A length, tag or delimiter contradicts the encoding rules of PS3.5. */
  | "malformed"
  /** Sequences are nested deeper than the reader accepts, or a limit on size or count is exceeded. */
  | "limit-exceeded"
  /** The transfer syntax is unknown. */
  | "unknown-transfer-syntax"
  /** The transfer syntax is known, but nothing here decodes it. */
  | "unsupported-transfer-syntax"
  /** An attribute that the operation cannot do without is missing. */
  | "missing-attribute"
  /** An attribute has a value that the operation cannot work with. */
  | "invalid-value"
  /** The object is whole, and holds no pixel data. */
  | "no-pixel-data"
  /** A frame number outside 1 to Number of Frames. */
  | "no-such-frame"
  /** A codec refused the encoded frame, or its answer contradicts the header. */
  | "codec-failure"
  /** A multipart body, media type or DICOM JSON document breaks PS3.18. */
  | "bad-message";

/** The facts of an error; what is not known is left out. */
export interface DicomErrorFacts {
  /** Byte offset in the source at which the problem stands. */
  readonly offset?: number;
  readonly tag?: Tag;
  readonly cause?: unknown;
}

/** An error about DICOM data: a stable code, where it stands, and a sentence without patient data. */
export class DicomError extends Error {
  override readonly name = "DicomError";
  readonly code: DicomErrorCode;
  readonly offset: number | undefined;
  readonly tag: Tag | undefined;

  constructor(code: DicomErrorCode, message: string, facts: DicomErrorFacts = {}) {
    const where = [
      facts.tag === undefined ? "" : ` at ${formatTag(facts.tag)}`,
      facts.offset === undefined ? "" : `, byte ${facts.offset}`,
    ].join("");
    super(message + where, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.code = code;
    this.offset = facts.offset;
    this.tag = facts.tag;
  }
}
