import type { Socket } from "node:net";
import type { Association } from "./association.ts";
import type { AssociationObserver } from "./association-event.ts";
import { DimseError } from "./dimse-error.ts";
import type { AcceptorAnswer, IncomingRequest } from "./incoming-request.ts";

/** How the listening side deals with whoever connects. */
export interface AcceptorPolicy {
  /** Decides at once, and counts open associations itself; what it throws rejects without a reason. */
  decide(request: IncomingRequest): AcceptorAnswer;
  /** PDU length that we offer to receive; bytes. */
  readonly maximumPduLength: number;
  /** From the connection until the request is complete (ARTIM); milliseconds. */
  readonly requestTimeoutMs: number;
  /** Longest silence inside of a message, or while a write is not taken; milliseconds. */
  readonly silenceTimeoutMs: number;
  /** Longest time between operations, when nothing is asked of either side; milliseconds. */
  readonly idleTimeoutMs: number;
  /** Operations that may be outstanding, offered where the requestor asks; one without it. */
  readonly asynchronousOperations?: { readonly invoked: number; readonly performed: number };
}

/**
 * The association that whoever connected requests of us. The socket is fresh: of `connection` of a TCP server, or
 * `secureConnection` of a TLS server. It is closed when no association comes of it.
 * @throws DimseError `connect-timeout`, `rejected` (by us, by the policy or the protocol), `aborted`, `connection-lost`,
 *   `protocol-violation`, `limit-exceeded`, `cancelled` when the signal aborts
 */
export function acceptAssociation(
  _socket: Socket,
  _policy: AcceptorPolicy,
  _signal: AbortSignal,
  _observe?: AssociationObserver,
): Promise<Association> {
  return Promise.reject(new DimseError("closed", "Associations are not accepted yet"));
}
