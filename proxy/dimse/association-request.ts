import type { ProposedContext } from "./presentation-context.ts";
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
