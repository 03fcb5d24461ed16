import type { DataSet } from "#core/dicom/data-set.ts";

/** One frame of one instance. */
export interface FrameAddress {
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly sopInstanceUid: string;
  /** From 1, as on the wire. */
  readonly frameNumber: number;
}

/** One frame as it is stored. */
export interface EncodedFrame {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly transferSyntaxUid: string;
}

/** What a study list asks for; text values may hold the wildcards `*` and `?`. Empty keys match all. */
export interface StudySearch {
  readonly patientName?: string;
  readonly patientId?: string;
  readonly accessionNumber?: string;
  readonly studyDescription?: string;
  readonly studyInstanceUid?: string;
  /** Code of one modality (`CT`). */
  readonly modality?: string;
  /** `YYYYMMDD`, inclusive; either may be missing. */
  readonly dateFrom?: string;
  readonly dateTo?: string;
  readonly limit: number;
  readonly offset: number;
}

/** A page of studies, and whether there are more. */
export interface StudyPage {
  readonly studies: readonly DataSet[];
  readonly hasMore: boolean;
  /** What the archive says beside it, as sentences for people: what it ignored, what it does not know yet. */
  readonly warnings?: readonly string[];
}

/** Why an archive did not answer; expected, and shown to people in words. */
export type RetrieveErrorCode =
  | "network"
  | "unauthorized"
  | "forbidden"
  | "not-found"
  /** The object is there, and holds no pixel data. */
  | "no-pixel-data"
  | "not-acceptable"
  | "busy"
  /** A gateway asked the archive for it, and says why it could not be had; asking at once again is in vain. */
  | "not-retrieved"
  | "server-error"
  | "bad-response"
  | "aborted";

/** What is known of a failed retrieval beside its code. */
interface RetrieveErrorFacts {
  readonly status?: number;
  readonly retryAfterMs?: number | undefined;
  readonly cause?: unknown;
}

/** A failed retrieval. `message` says what is the matter, in words for people, without patient data. */
export class RetrieveError extends Error {
  override readonly name = "RetrieveError";
  readonly code: RetrieveErrorCode;
  readonly status: number | undefined;
  /** What `Retry-After` asked for. */
  readonly retryAfterMs: number | undefined;

  constructor(code: RetrieveErrorCode, message: string, facts: RetrieveErrorFacts = {}) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.code = code;
    this.status = facts.status;
    this.retryAfterMs = facts.retryAfterMs;
  }
}

/** One instance as metadata gives it. */
export interface RetrievedInstance {
  /** Its attributes, without pixel data. */
  readonly dataSet: DataSet;
  /** The same as text of one DICOM JSON object (PS3.18 F.2), as it came. */
  readonly json: string;
}

/** What a question for the metadata of a study is answered with. */
export type StudyMetadata =
  | {
      readonly kind: "instances";
      /** Identity of this state of the study, for the next question; undefined where the archive gives none. */
      readonly etag: string | undefined;
      /** In the order of arrival. Must be read to its end or left by `return`, as `for await` does. */
      readonly instances: AsyncIterable<RetrievedInstance>;
    }
  /** The study is as it was when the archive gave the etag. */
  | { readonly kind: "not-modified" };

/** How metadata is asked for. */
export interface MetadataOptions {
  /** Etag of the state that is known already; `not-modified` is answered only when it is given. */
  readonly etag?: string | undefined;
}

/**
 * Where studies come from: an archive that speaks DICOMweb, or files that the user opened. Every method
 * settles promptly after an abort and throws `RetrieveError` and nothing else.
 */
export interface StudySource {
  /** Identity of the archive in cache keys: its absolute address, or `local:` and a random part. */
  readonly id: string;
  /** Whether what it gives may be kept in the browser. Local files never are. */
  readonly isCacheable: boolean;
  /** Requests under way that are not for frames; they take connections too. 0 where it is not given. */
  readonly requestsBesidesFrames?: number;
  searchForStudies(search: StudySearch, signal: AbortSignal): Promise<StudyPage>;
  /** The metadata of every instance of a study. An unknown study is `not-found`, never an empty answer. */
  retrieveStudyMetadata(
    studyInstanceUid: string,
    options: MetadataOptions,
    signal: AbortSignal,
  ): Promise<StudyMetadata>;
  retrieveFrame(address: FrameAddress, signal: AbortSignal): Promise<EncodedFrame>;
  /** A value that metadata gave by URI. */
  retrieveBulkData(uri: string, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>>;
}
