import type { DataSet } from "#core/dicom/data-set.ts";
import type { QidoQuery } from "#core/dicomweb/qido-query.ts";

/** What a retrieval is about: a study, one of its series, or one of its instances. */
export interface ResourceSelector {
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid?: string;
  readonly sopInstanceUid?: string;
}

/** A selector that names one instance. */
export interface InstanceSelector extends Required<ResourceSelector> {}

/** An instance as a Part 10 stream in the transfer syntax it is stored in; nothing is read before it is opened. */
export interface StoredInstance {
  readonly selector: InstanceSelector;
  readonly sopClassUid: string;
  readonly transferSyntaxUid: string;
  /** Length of the whole Part 10 stream where it is known before it is read. */
  readonly byteLength?: number;
  /** Identity of the content: changes when the bytes do. */
  readonly etag?: string;
  /** The Part 10 bytes, read as they are asked for; back-pressure reaches the archive. */
  open(range?: { readonly first: number; readonly last: number }): AsyncIterable<Uint8Array>;
}

/** One frame as it is stored. */
export interface StoredFrame {
  readonly frameNumber: number;
  readonly transferSyntaxUid: string;
  readonly byteLength: number;
  open(): AsyncIterable<Uint8Array>;
}

/** A bulk data value as it is stored, little endian. */
export interface StoredBulkData {
  readonly byteLength: number;
  open(range?: { readonly first: number; readonly last: number }): AsyncIterable<Uint8Array>;
}

/** Metadata of one instance: its attributes, large values left out by reference. */
export interface InstanceMetadata {
  readonly dataSet: DataSet;
  readonly transferSyntaxUid: string;
}

/**
 * A UPS-RS search (PS3.18 11.9); keys and fields are UPS attributes. It reads like a QIDO-RS search: what
 * `parseQidoQuery` gives for `{ level: "study" }` is one.
 */
export type WorkitemQuery = Pick<
  QidoQuery,
  "keys" | "includeFields" | "includeAll" | "fuzzyMatching" | "limit" | "offset"
>;

/** A page of search results. */
export interface SearchPage {
  readonly matches: readonly DataSet[];
  /** Text of a Warning 299 header, for what the source could not do. */
  readonly warnings: readonly string[];
  readonly hasMore: boolean;
}

/** What became of one instance that was to be stored (PS3.18 10.5.3, PS3.4 table GG.4-1). */
export interface StoreOutcome {
  readonly sopClassUid: string | undefined;
  readonly sopInstanceUid: string | undefined;
  readonly studyInstanceUid: string | undefined;
  readonly seriesInstanceUid: string | undefined;
  /** 0 for success; a failure reason or warning reason of PS3.18 table I.2.2 otherwise. */
  readonly status: number;
  readonly kind: "stored" | "warning" | "failed";
  readonly message: string;
}

/** The objects of one store request, which are answered for together. */
export interface StoreTransaction {
  /** Aborts with a SourceError as its reason once nothing was stored and nothing can be: there is no need to read on. */
  readonly failure: AbortSignal;
  /**
   * Takes one Part 10 stream; settles when its bytes were taken, before it is known what became of it.
   * @throws SourceError when nothing was stored yet and nothing can be; what the stream throws
   */
  add(part10: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<void>;
  /**
   * What became of all of them, in order.
   * @throws SourceError when nothing was stored because the archive could not be reached or did not answer
   */
  finish(signal: AbortSignal): Promise<readonly StoreOutcome[]>;
  /** Ends what is under way; what the archive has already stays there. */
  abort(): void;
}

/** How far a forwarding is: numbers of instances. */
export interface ForwardProgress {
  readonly remaining: number;
  readonly completed: number;
  readonly failed: number;
  readonly warning: number;
}

/** How a forwarding ended. */
export interface ForwardResult extends Omit<ForwardProgress, "remaining"> {
  /** `completed`: all arrived, perhaps with warnings; `partial`: some did not. */
  readonly status: "completed" | "partial" | "failed" | "cancelled";
  /** Instances that did not arrive, as far as they were named. */
  readonly failedInstances: readonly {
    readonly sopInstanceUID: string;
    readonly reason?: string;
  }[];
  /** Of what is not `completed`: a stable code, and a sentence without patient data. */
  readonly code?: string;
  readonly detail?: string;
  readonly dimse?: DimseFacts;
}

/** Sends what an archive holds to other application entities. */
export interface Forwarding {
  /** AE titles; nothing is sent to another. */
  readonly destinations: readonly string[];
  /**
   * Progress while it goes on, and the result last. An abort of the signal, or leaving the loop, cancels it.
   * @throws SourceError before the first value: `not-found` for what is not there, and when the archive cannot be reached
   */
  forward(
    selector: ResourceSelector,
    destination: string,
    signal: AbortSignal,
  ): AsyncIterable<ForwardProgress | ForwardResult>;
}

/** Something that arrived, or is gone. */
export interface SourceChange {
  readonly kind: "arrived" | "removed";
  readonly selector: ResourceSelector;
}

/** A file or object that could not be offered, or not as it is, and why. */
export interface SourceProblem {
  /** `failure`: not offered; `warning`: offered, but something is wrong; `remark`: offered, with help. */
  readonly severity: "failure" | "warning" | "remark";
  /** Path below the root of the source, or another name that its owner can find. */
  readonly where: string;
  readonly code: string;
  readonly message: string;
}

/** How far a source is, and how much it holds as far as it knows. */
export interface SourceStatus {
  /** `indexing`: it answers, with what it knows so far. */
  readonly state: "ready" | "indexing" | "unavailable";
  /** Files looked at and files found; only while indexing. */
  readonly progress?: { readonly done: number; readonly total: number };
  readonly studies?: number;
  readonly series?: number;
  readonly instances?: number;
  /** Failures and warnings; remarks are not counted. */
  readonly problems?: number;
}

/** Why a source cannot answer; the HTTP room turns it into a status and a problem document. */
export type SourceErrorCode =
  | "not-found"
  /** The object is there, and holds no pixel data. */
  | "no-pixel-data"
  | "bad-request"
  | "not-acceptable"
  | "conflict"
  | "unavailable"
  | "timeout"
  | "upstream-failure"
  | "not-implemented"
  | "insufficient-storage";

/** What is known of a failure at a PACS, for the problem document. */
export interface DimseFacts {
  /** A `DimseErrorCode`. */
  readonly code: string;
  /** Status (0000,0900), such as 0xA900. */
  readonly status?: number;
  /** Result, source and reason of A-ASSOCIATE-RJ and A-ABORT (PS3.8 tables 9-21 and 9-26). */
  readonly result?: number;
  readonly source?: number;
  readonly reason?: number;
  /** Error Comment (0000,0902) as the PACS wrote it: it may name a patient, so it is for the client alone. */
  readonly comment?: string;
}

/** What a client is told beside code and message; nothing of it is logged. */
export interface SourceErrorFacts {
  /** Name of the source. */
  readonly pacs?: string;
  readonly dimse?: DimseFacts;
  /** What to change, and where, as a sentence. */
  readonly hint?: string;
  /** When it is worth trying again; seconds. */
  readonly retryAfterSeconds?: number;
}

export class SourceError extends Error {
  override readonly name = "SourceError";
  readonly code: SourceErrorCode;
  readonly facts: SourceErrorFacts;

  constructor(
    code: SourceErrorCode,
    message: string,
    cause?: unknown,
    facts: SourceErrorFacts = {},
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.facts = facts;
  }
}

/**
 * An archive behind the companion's DICOMweb: a folder, a PACS by DIMSE, or another DICOMweb service.
 * Everything streams, settles promptly after an abort, and throws `SourceError` for what can be expected.
 */
export interface Source {
  readonly name: string;
  readonly kind: "folder" | "dimse" | "dicomweb" | "inbox";
  readonly canStore: boolean;
  search(query: QidoQuery, signal: AbortSignal): Promise<SearchPage>;
  /**
   * What is scheduled and not yet acquired, as UPS Instances (PS3.18 11.9); absent where the source has no worklist.
   */
  searchWorkitems?(query: WorkitemQuery, signal: AbortSignal): Promise<SearchPage>;
  /** Identity of the metadata of a resource: changes when any instance of it does; undefined where unknown. */
  etag(selector: ResourceSelector, signal: AbortSignal): Promise<string | undefined>;
  /**
   * Of what is kept of an archive that does not answer at present: when the archive last confirmed it, in milliseconds
   * since 1970, 0 where it has not since the start. Undefined for what is not in doubt.
   */
  unverifiedSince?(selector: ResourceSelector): number | undefined;
  /**
   * Yields as instances arrive, in any order. What did not arrive is named by a SourceError after the last that did.
   * @throws SourceError `not-found` before the first value where the resource does not exist.
   */
  metadata(selector: ResourceSelector, signal: AbortSignal): AsyncIterable<InstanceMetadata>;
  /** Like `metadata`. */
  instances(selector: ResourceSelector, signal: AbortSignal): AsyncIterable<StoredInstance>;
  /** Frames in the order asked for; numbers count from 1. */
  frames(
    selector: InstanceSelector,
    frameNumbers: readonly number[],
    signal: AbortSignal,
  ): AsyncIterable<StoredFrame>;
  /** `path`: attribute path such as `00420011` or `0040A730/2/00420011`. */
  bulkData(selector: InstanceSelector, path: string, signal: AbortSignal): Promise<StoredBulkData>;
  /** Stores one Part 10 stream; atomic and idempotent. `expectedStudy`: the study it must belong to. */
  store(
    part10: AsyncIterable<Uint8Array>,
    expectedStudy: string | undefined,
    signal: AbortSignal,
  ): Promise<StoreOutcome>;
  /** Stores the objects of one request together, where the archive gains by it; `store` is the same for one object. */
  openStore?(expectedStudy: string | undefined): StoreTransaction;
  /** Absent where nothing is sent to others. */
  readonly forwarding?: Forwarding;
  /** What arrives from now on, until the signal aborts; absent where nobody tells. */
  changes?(signal: AbortSignal): AsyncIterable<SourceChange>;
  /** The same archive on behalf of one signed-in user, where sources share their limits between users. */
  forUser?(subject: string): Source;
  problems(): Promise<readonly SourceProblem[]>;
  status(): SourceStatus;
  close(): Promise<void>;
}
