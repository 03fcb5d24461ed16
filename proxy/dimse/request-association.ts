import type { Association } from "./association.ts";
import type { AssociationObserver } from "./association-event.ts";
import { DimseError } from "./dimse-error.ts";
import type { ProposedContext } from "./presentation-context.ts";
import type { RemoteAe } from "./remote-ae.ts";
import type { UserIdentity } from "./user-identity.ts";

/** What an association is requested for. */
export interface AssociationRequest {
  /** At most `MOST_CONTEXTS`. */
  readonly contexts: readonly ProposedContext[];
  /** Service class application information by SOP class: relational queries, date-time matching, fuzzy, time zone (PS3.4 C.5.1.1). */
  readonly extendedNegotiations?: ReadonlyMap<string, Uint8Array>;
  readonly userIdentity?: UserIdentity;
  /** Operations that may be outstanding; not negotiated without it. */
  readonly asynchronousOperations?: { readonly invoked: number; readonly performed: number };
}

/**
 * An association with the remote application entity.
 * @throws DimseError `unreachable`, `connect-timeout`, `tls-failure`, `rejected`, `aborted`, `connection-lost`,
 *   `protocol-violation`, `cancelled` when the signal aborts. That no context was accepted is not an error here.
 */
export function requestAssociation(
  _remote: RemoteAe,
  _request: AssociationRequest,
  _signal: AbortSignal,
  _observe?: AssociationObserver,
): Promise<Association> {
  return Promise.reject(new DimseError("closed", "Associations are not made yet"));
}
