import type { PacsSettings } from "../../config/pacs-settings.ts";
import type { AssociationPool } from "../../dimse/association-pool.ts";
import type {
  CommitmentReports,
  requestCommitment,
} from "../../dimse/services/storage-commitment.ts";
import type { store } from "../../dimse/services/store.ts";
import { type InstanceSelector, SourceError, type StoreTransaction } from "../source.ts";

/** What storing at a PACS works with. */
export interface StoreParts {
  readonly settings: PacsSettings;
  readonly pool: AssociationPool;
  /** Where reports of Storage Commitment arrive: the listener; undefined where nothing listens. */
  readonly reports: CommitmentReports | undefined;
  /** Told of each instance that the PACS has taken: lists and metadata that are kept are out of date. */
  readonly onStored: (selector: InstanceSelector) => void;
  /** The services; others in tests. */
  readonly services?: {
    readonly store: typeof store;
    readonly requestCommitment: typeof requestCommitment;
  };
}

/** Stores at one PACS, for all its requests. */
export interface PacsStore {
  /** The objects of one request of one user (empty where nobody signs in). */
  open(expectedStudy: string | undefined, user: string): StoreTransaction;
}

/** Stores by C-STORE, and confirms by Storage Commitment where the settings say so. */
export function pacsStore(_parts: StoreParts): PacsStore {
  return {
    open: () => {
      throw new SourceError("not-implemented", "Nothing is stored at a PACS yet");
    },
  };
}
