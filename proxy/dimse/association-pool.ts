import type { Association } from "./association.ts";
import type { AssociationObserver } from "./association-event.ts";
import type { AssociationRequest } from "./association-request.ts";
import { DimseError } from "./dimse-error.ts";
import { PoolTurns, type Slot } from "./pool-turns.ts";
import { PooledAssociation, type Use } from "./pooled-association.ts";
import type { RemoteAe } from "./remote-ae.ts";
import { requestAssociation } from "./request-association.ts";
import { drained } from "./services/draining.ts";

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

/** How the pool makes associations; `requestAssociation` by default. */
export type MakeAssociation = typeof requestAssociation;

/** The associations with one PACS. Nothing is opened before somebody needs it. */
export function createAssociationPool(
  remote: RemoteAe,
  limits: PoolLimits,
  observe?: AssociationObserver,
  make: MakeAssociation = requestAssociation,
): AssociationPool {
  return new Pool(remote, limits, observe, make);
}

const IDLE_TIMEOUT_MS = 2000;
const UNREACHED: ReadonlySet<string> = new Set(["unreachable", "connect-timeout", "tls-failure"]);
/** Result of A-ASSOCIATE-RJ: rejected transient (PS3.8 table 9-21). */
const REJECTED_TRANSIENT = 2;
/** Source and reason of A-ASSOCIATE-RJ for a rejection that says nothing. */
const SERVICE_USER = 1;
const NO_REASON_GIVEN = 1;

class Pool implements AssociationPool {
  readonly #remote: RemoteAe;
  readonly #limits: PoolLimits;
  readonly #observe: AssociationObserver | undefined;
  readonly #make: MakeAssociation;
  readonly #turns: PoolTurns;
  readonly #closing = new AbortController();

  constructor(
    remote: RemoteAe,
    limits: PoolLimits,
    observe: AssociationObserver | undefined,
    make: MakeAssociation,
  ) {
    this.#remote = remote;
    this.#limits = limits;
    this.#observe = observe;
    this.#make = make;
    this.#turns = new PoolTurns(limits, remote.aeTitle, (slot) => void this.#release(slot));
  }

  async use<Result>(
    need: AssociationNeed,
    task: (association: Association) => Promise<Result>,
    signal: AbortSignal,
  ): Promise<Result> {
    const deadline = performance.now() + this.#limits.waitTimeoutMs;
    let mayReplace = true;
    for (;;) {
      const { slot, pooled, isFresh } = await this.#acquire(need, deadline, signal);
      const use = pooled.use();
      try {
        const result = await this.#within(use, task);
        this.#giveBack(slot, use);
        return result;
      } catch (error) {
        this.#settleFailed(slot, use, error);
        const isStale = !isFresh && use.isRepeatable && isDeath(error) && !signal.aborted;
        if (!(isStale && mayReplace)) throw error;
        mayReplace = false;
        // What died with the peer behind its back is not tried again.
        for (const idle of this.#turns.idle()) void this.#release(idle);
      }
    }
  }

  status(): PoolStatus {
    return {
      open: this.#turns.slots.filter(({ pooled }) => pooled !== undefined).length,
      idle: this.#turns.idle().length,
      waiting: this.#turns.waiting,
    };
  }

  async close(): Promise<void> {
    const error = new DimseError("closed", "The associations with the PACS are being closed");
    this.#closing.abort(error);
    this.#turns.close(error);
    for (const { state, pooled } of this.#turns.slots)
      if (state === "busy") pooled?.association.abort(error);
    await Promise.all(this.#turns.idle().map((slot) => this.#release(slot)));
  }

  /** The task, as long as one operation may take. */
  async #within<Result>(
    use: Use,
    task: (association: Association) => Promise<Result>,
  ): Promise<Result> {
    const { operationTimeoutMs, aeTitle } = this.#remote;
    const timer = setTimeout(() => {
      const text = `The operation at ${aeTitle} took longer than ${operationTimeoutMs} ms`;
      use.abort(new DimseError("overdue", text));
    }, operationTimeoutMs);
    try {
      return await task(use);
    } finally {
      clearTimeout(timer);
    }
  }

  /** An association for the need: an idle one of the same purpose, or one that is made for it. */
  async #acquire(need: AssociationNeed, deadline: number, signal: AbortSignal): Promise<Acquired> {
    for (;;) {
      const slot = await this.#turns.wait(need, deadline, signal);
      if (slot.pooled !== undefined) return { slot, pooled: slot.pooled, isFresh: false };
      const startedAt = performance.now();
      try {
        return { slot, pooled: await this.#open(slot, need, signal), isFresh: true };
      } catch (error) {
        const isToWait = isCongestion(error) && this.#turns.isCongested();
        // Those who have waited for most of the time.
        const half = (startedAt + performance.now()) / 2;
        if (isUnreached(error)) this.#turns.unreached(half, error);
        this.#turns.remove(slot);
        if (!isToWait) throw error;
      }
    }
  }

  async #open(slot: Slot, need: AssociationNeed, signal: AbortSignal): Promise<PooledAssociation> {
    const either = AbortSignal.any([signal, this.#closing.signal]);
    const association = await this.#make(this.#remote, need.request, either, this.#observe);
    const pooled = new PooledAssociation(association, () => this.#turns.remove(slot));
    slot.pooled = pooled;
    slot.state = "busy";
    if (!either.aborted) return pooled;
    association.abort();
    throw new DimseError("cancelled", "The association is not needed any more");
  }

  /** Keeps the association for the next need, once what was left early on it is at its end. */
  #giveBack(slot: Slot, use: Use): void {
    slot.user = undefined;
    slot.state = "ending";
    void drained(use).then(() => {
      if (this.#closing.signal.aborted || !use.isOpen) void this.#release(slot);
      else this.#rest(slot);
    });
  }

  #rest(slot: Slot): void {
    const idleMs = this.#limits.idleTimeoutMs ?? IDLE_TIMEOUT_MS;
    slot.state = "idle";
    slot.idleTimer = setTimeout(() => void this.#release(slot), idleMs);
    this.#turns.schedule();
  }

  /** An answer that says no leaves an association as good as before; after anything else it is not used again. */
  #settleFailed(slot: Slot, use: Use, error: unknown): void {
    const isAnswer =
      error instanceof DimseError && (error.code === "failed-status" || error.code === "cancelled");
    if (isAnswer && use.isOpen) {
      this.#giveBack(slot, use);
      return;
    }
    slot.user = undefined;
    slot.state = "ending";
    void drained(use).then(() => this.#release(slot));
  }

  /** Releases the association, and gives its place to others when it is gone. */
  async #release(slot: Slot): Promise<void> {
    clearTimeout(slot.idleTimer);
    slot.state = "ending";
    await slot.pooled?.association.release();
    this.#turns.remove(slot);
  }
}

/** A place with its association, and whether that was made just now. */
interface Acquired {
  readonly slot: Slot;
  readonly pooled: PooledAssociation;
  readonly isFresh: boolean;
}

/** Whether the association ended without our doing. */
function isDeath(error: unknown): boolean {
  return (
    error instanceof DimseError && (error.code === "connection-lost" || error.code === "aborted")
  );
}

/** Whether there was no PACS to speak with. */
function isUnreached(error: unknown): error is DimseError {
  return error instanceof DimseError && UNREACHED.has(error.code);
}

/**
 * Whether the PACS may have refused because it has enough associations at the moment: it says so, gives no reason, or
 * closes the connection. When it takes others of ours, it seldom has another reason for that.
 */
function isCongestion(error: unknown): boolean {
  if (!(error instanceof DimseError)) return false;
  if (error.code !== "rejected") return isDeath(error);
  const { result, source, reason } = error.facts;
  return result === REJECTED_TRANSIENT || (source === SERVICE_USER && reason === NO_REASON_GIVEN);
}
