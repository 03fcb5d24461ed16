import type { Association } from "./association.ts";
import type { AssociationObserver } from "./association-event.ts";
import { DimseError } from "./dimse-error.ts";
import type { RemoteAe } from "./remote-ae.ts";
import type { AssociationRequest } from "./request-association.ts";

/** What an association is wanted for. */
export interface AssociationNeed {
  readonly request: AssociationRequest;
  /** Idle associations are used again for the same purpose: the same contexts, by this name. */
  readonly purpose: string;
  /** Who waits for it: turns go round between users. */
  readonly user: string;
  /** Goes before what is not; one association beyond the others is kept free for it where the limit is above one. */
  readonly isUrgent: boolean;
}

/** Numbers of associations with one PACS. */
export interface PoolStatus {
  readonly open: number;
  readonly idle: number;
  readonly waiting: number;
}

/** The associations with one remote application entity: at most a number at a time, used again, closed when idle. */
export interface AssociationPool {
  /**
   * Does the task on an association. Afterwards it is kept for a short while; one that failed is not. An idle
   * association that turns out to be dead before anything came on it is replaced once.
   * @throws DimseError of the association, `busy` when no turn came in time, and what the task throws
   */
  use<Result>(
    need: AssociationNeed,
    task: (association: Association) => Promise<Result>,
    signal: AbortSignal,
  ): Promise<Result>;
  status(): PoolStatus;
  /** Releases what is idle, aborts what is not. */
  close(): Promise<void>;
}

/** How many associations there may be with one PACS, and for how long. */
export interface PoolLimits {
  /** All of them, at a time. */
  readonly most: number;
  /** Those of one user, at a time. */
  readonly perUser: number;
  /** Longest wait for a turn, then `busy`; milliseconds. */
  readonly waitTimeoutMs: number;
  /** What nobody has used for so long is released; milliseconds, 2000 by default. */
  readonly idleTimeoutMs?: number;
}

/** The associations with one PACS. Nothing is opened before somebody needs it. */
export function createAssociationPool(
  _remote: RemoteAe,
  _limits: PoolLimits,
  _observe?: AssociationObserver,
): AssociationPool {
  throw new DimseError("closed", "Associations are not pooled yet");
}
