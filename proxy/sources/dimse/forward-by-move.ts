import type { PacsSettings } from "../../config/pacs-settings.ts";
import type { AssociationPool } from "../../dimse/association-pool.ts";
import type { move } from "../../dimse/services/retrieve.ts";
import { type Forwarding, SourceError } from "../source.ts";

/** What forwarding from a PACS works with. */
export interface ForwardParts {
  readonly settings: PacsSettings;
  readonly pool: AssociationPool;
  /** The Patient ID of a study, which the Patient Root model needs; asked of the PACS by C-FIND. */
  readonly patientIdOf?: (studyInstanceUid: string, signal: AbortSignal) => Promise<string>;
  /** The service; another in tests. */
  readonly move?: typeof move;
}

/** Has the PACS send what it holds to the AE titles of `settings.forwardTo`, by C-MOVE on behalf of a user. */
export function forwardingByMove({ settings }: ForwardParts, _user: string): Forwarding {
  return {
    destinations: settings.forwardTo,
    forward: () => {
      throw new SourceError("not-implemented", "Nothing is forwarded yet");
    },
  };
}
