/** What can go wrong between two application entities; each has its own answer over HTTP. */
export type DimseErrorCode =
  /** No TCP connection: refused, no such host, no route. */
  | "unreachable"
  /** TCP, TLS or the association request was not answered in time. */
  | "connect-timeout"
  | "tls-failure"
  /** A-ASSOCIATE-RJ; `result`, `source` and `reason` of PS3.8 table 9-21 are among the facts. */
  | "rejected"
  /** The association was accepted without a presentation context for what was to be done. */
  | "no-context"
  /** A-ABORT of the peer; `source` and `reason` of PS3.8 table 9-26 are among the facts. */
  | "aborted"
  /** The connection ended without release or abort. */
  | "connection-lost"
  /** Nothing came while an answer was due. */
  | "silent"
  /** The operation as a whole took longer than it may. */
  | "overdue"
  /** Bytes that are no PDU, PDV or command set, or come where they may not. */
  | "protocol-violation"
  /** More than this side takes: lengths, counts, sizes of command sets. */
  | "limit-exceeded"
  /** A final status that is a failure; `status` and `comment` are among the facts. */
  | "failed-status"
  /** C-CANCEL was confirmed, or the caller gave up. */
  | "cancelled"
  /** All associations that may be open are in use, and waiting took too long. */
  | "busy"
  /** This side is being closed. */
  | "closed";

/** What is known about a failure beyond its code; no patient data. */
export interface DimseErrorFacts {
  readonly result?: number;
  readonly source?: number;
  readonly reason?: number;
  /** Whether the connection ended before the association request was answered. */
  readonly isUnanswered?: boolean;
  /** Status (0000,0900) of a response. */
  readonly status?: number;
  /** Error Comment (0000,0902), as the peer wrote it; it may name a patient, so it goes into no log. */
  readonly comment?: string;
  readonly cause?: unknown;
}

/** A failure of DIMSE; `message` is a sentence for the person who runs the PACS, in DIMSE words, without patient data. */
export class DimseError extends Error {
  override readonly name = "DimseError";
  readonly code: DimseErrorCode;
  readonly facts: DimseErrorFacts;

  constructor(code: DimseErrorCode, message: string, facts: DimseErrorFacts = {}) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.code = code;
    this.facts = facts;
  }
}
