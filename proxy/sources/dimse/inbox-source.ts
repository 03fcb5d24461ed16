import type { AssociationPool } from "../../dimse/association-pool.ts";
import type { ListenerOptions } from "../../dimse/dicom-listener.ts";
import type { RemoteAe } from "../../dimse/remote-ae.ts";
import type { ObjectStore } from "../../object-store/object-store.ts";
import { type Source, SourceError } from "../source.ts";

/** What the inbox is made of. */
export interface InboxOptions {
  /** Name in addresses: `/sources/inbox/dicom-web`. */
  readonly name: string;
  /** Opened for the inbox alone, with a bound that is not reached by eviction: `received` objects. */
  readonly store: ObjectStore;
  /** Calling AE titles that may store here. */
  readonly allowedAeTitles: readonly string[];
  /** Where its objects may be forwarded to by C-STORE; empty: forwarding is off. */
  readonly forwardTo?: readonly { readonly remote: RemoteAe; readonly pool: AssociationPool }[];
}

/** What modalities and archives stored here unasked, as a source; and the end that they store to. */
export interface InboxSource extends Source {
  readonly kind: "inbox";
  /** For `ListenerOptions.inbox`. */
  readonly receiver: NonNullable<ListenerOptions["inbox"]>;
}

/** Opens the inbox; its index is made from what the store holds. */
export function openInboxSource(_options: InboxOptions): Promise<InboxSource> {
  return Promise.reject(new SourceError("not-implemented", "Nothing is received yet"));
}
