import { DimseError } from "./dimse-error.ts";
import { PoolQueue, type Waiter } from "./pool-queue.ts";
import type { PooledAssociation } from "./pooled-association.ts";

/** How long a limit is kept to that the PACS showed by rejecting for congestion. */
const CONGESTION_MS = 30_000;

/** A place for one association. */
export interface Slot {
  /** Undefined while it is being made. */
  pooled: PooledAssociation | undefined;
  purpose: string;
  /** Whose use it is in; undefined when it is idle or on its way out. */
  user: string | undefined;
  state: "making" | "busy" | "idle" | "ending";
  idleTimer: NodeJS.Timeout | undefined;
}

/** What turns depend on (`AssociationNeed`). */
export interface Wish {
  readonly purpose: string;
  readonly user: string;
  readonly isUrgent: boolean;
}

/** What turns are bounded by (`PoolLimits`). */
export interface TurnLimits {
  readonly most: number;
  readonly perUser: number;
  readonly waitTimeoutMs: number;
}

/** The places of a pool, and who gets one next. */
export class PoolTurns {
  readonly #limits: TurnLimits;
  readonly #remoteAeTitle: string;
  readonly #makeRoom: (idle: Slot) => void;
  readonly #slots = new Set<Slot>();
  readonly #queue = new PoolQueue<Slot>();
  /** What the PACS has room for, as it showed, and until when that is believed. */
  #congestion: { readonly most: number; readonly until: number } | undefined;
  #closed: DimseError | undefined;

  /** `makeRoom` releases an idle association, and removes its slot when it is gone. */
  constructor(limits: TurnLimits, remoteAeTitle: string, makeRoom: (idle: Slot) => void) {
    this.#limits = limits;
    this.#remoteAeTitle = remoteAeTitle;
    this.#makeRoom = makeRoom;
  }

  get slots(): readonly Slot[] {
    return [...this.#slots];
  }

  get waiting(): number {
    return this.#queue.size;
  }

  idle(): readonly Slot[] {
    return this.slots.filter(({ state }) => state === "idle");
  }

  /**
   * Waits for a turn: gives a slot with an idle association of the same purpose, or an empty one.
   * @throws DimseError `busy` at the deadline, `cancelled`, `closed`
   */
  wait(wish: Wish, deadline: number, signal: AbortSignal): Promise<Slot> {
    return new Promise((resolve, reject) => {
      const settled = () => {
        clearTimeout(timer);
        signal.removeEventListener("abort", stop);
        this.#queue.remove(waiter);
      };
      const waiter: Waiter<Slot> = {
        ...wish,
        since: performance.now(),
        grant: (slot) => {
          settled();
          resolve(slot);
        },
        refuse: (error) => {
          settled();
          reject(error);
        },
      };
      const stop = () =>
        waiter.refuse(new DimseError("cancelled", "The wait for an association was cancelled"));
      const waitMs = Math.max(0, deadline - performance.now());
      const timer = setTimeout(() => waiter.refuse(this.#busyError()), waitMs);
      signal.addEventListener("abort", stop, { once: true });
      this.#queue.add(waiter);
      if (signal.aborted) stop();
      else if (this.#closed !== undefined) waiter.refuse(this.#closed);
      else this.schedule();
    });
  }

  /** Gives turns as long as there are places. */
  schedule(): void {
    for (;;) {
      const waiter = this.#queue.next((one) => this.#may(one));
      const slot = waiter === undefined ? undefined : this.#placeFor(waiter);
      if (waiter === undefined || slot === undefined) return;
      this.#queue.take(waiter);
      waiter.grant(slot);
    }
  }

  /** The slot is gone, with whatever it held. */
  remove(slot: Slot): void {
    clearTimeout(slot.idleTimer);
    if (this.#slots.delete(slot)) this.schedule();
  }

  /**
   * The PACS rejected one association more than there are: for a while that many are enough. Whether there are any,
   * so that waiting makes sense.
   */
  isCongested(): boolean {
    const others = this.#slots.size - 1;
    if (others < 1) return false;
    this.#congestion = { most: others, until: performance.now() + CONGESTION_MS };
    return true;
  }

  /** The PACS could not be reached: those who have waited since then would meet with the same. */
  unreached(since: number, error: DimseError): void {
    const isReached = this.slots.some(({ pooled }) => pooled !== undefined);
    if (!isReached) this.#queue.refuse(error, since);
  }

  /** Nobody waits any more. */
  close(error: DimseError): void {
    this.#closed = error;
    this.#queue.refuse(error);
  }

  #busyError(): DimseError {
    const most = this.#most();
    const advice =
      most < this.#limits.most
        ? "It refused more of them at a time; raise its limit there"
        : "If it takes more of them at a time, raise the limit here";
    return new DimseError(
      "busy",
      `All ${most} associations with ${this.#remoteAeTitle} stayed in use for ${this.#limits.waitTimeoutMs} ms. ${advice}`,
    );
  }

  /** Associations that there may be at a time, now. */
  #most(): number {
    const { most } = this.#limits;
    if (this.#congestion === undefined || performance.now() > this.#congestion.until) return most;
    return Math.max(1, Math.min(most, this.#congestion.most));
  }

  /** Whether limits allow it one more association in use. */
  #may({ user, isUrgent }: Wish): boolean {
    const inUse = this.slots.filter((slot) => slot.user !== undefined);
    const ofUser = inUse.filter((slot) => slot.user === user).length;
    const most = this.#most();
    // What is urgent has one association beyond the others, of the PACS as of the user.
    if (isUrgent) return inUse.length < most && ofUser < this.#limits.perUser + 1;
    return inUse.length < Math.max(1, most - 1) && ofUser < this.#limits.perUser;
  }

  /** An idle association, or room for a new one; where there is none an idle one of another purpose makes room. */
  #placeFor({ purpose, user }: Wish): Slot | undefined {
    const idle = this.idle();
    const same = idle.find((slot) => slot.purpose === purpose && slot.pooled?.association.isOpen);
    if (same !== undefined) {
      clearTimeout(same.idleTimer);
      same.state = "busy";
      same.user = user;
      return same;
    }
    if (this.#slots.size < this.#most()) {
      const slot: Slot = {
        pooled: undefined,
        purpose,
        user,
        state: "making",
        idleTimer: undefined,
      };
      this.#slots.add(slot);
      return slot;
    }
    const isRoomComing = this.slots.some(({ state }) => state === "ending");
    if (idle[0] !== undefined && !isRoomComing) this.#makeRoom(idle[0]);
    return undefined;
  }
}
