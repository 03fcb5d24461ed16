import type { DimseError } from "./dimse-error.ts";

/** Whoever waits for an association. */
export interface Waiter<Grant> {
  readonly purpose: string;
  readonly user: string;
  readonly isUrgent: boolean;
  /** When it began to wait, by `performance.now`. */
  readonly since: number;
  readonly grant: (given: Grant) => void;
  readonly refuse: (error: unknown) => void;
}

/** Those who wait: who is urgent first; turns go round between users, and each user's needs keep their order. */
export class PoolQueue<Grant> {
  readonly #waiting = new Set<Waiter<Grant>>();
  /** When each user had the last turn; a number that only grows. */
  readonly #lastTurns = new Map<string, number>();
  #turn = 0;

  get size(): number {
    return this.#waiting.size;
  }

  add(waiter: Waiter<Grant>): void {
    this.#waiting.add(waiter);
  }

  remove(waiter: Waiter<Grant>): void {
    this.#waiting.delete(waiter);
  }

  /** Whose turn it is, among those who may have one now. */
  next(may: (waiter: Waiter<Grant>) => boolean): Waiter<Grant> | undefined {
    let best: Waiter<Grant> | undefined;
    for (const waiter of this.#waiting)
      if (may(waiter) && (best === undefined || this.#isBefore(waiter, best))) best = waiter;
    return best;
  }

  /** The waiter has its turn. */
  take(waiter: Waiter<Grant>): void {
    this.#waiting.delete(waiter);
    this.#turn++;
    // Forgetting the oldest costs at most a turn; the number of users is not bounded.
    if (this.#lastTurns.size > MOST_REMEMBERED) this.#lastTurns.clear();
    this.#lastTurns.set(waiter.user, this.#turn);
  }

  /** Refuses those who began to wait until then. */
  refuse(error: DimseError, until = Number.POSITIVE_INFINITY): void {
    for (const waiter of [...this.#waiting]) {
      if (waiter.since > until) continue;
      this.#waiting.delete(waiter);
      waiter.refuse(error);
    }
  }

  #isBefore(one: Waiter<Grant>, other: Waiter<Grant>): boolean {
    if (one.isUrgent !== other.isUrgent) return one.isUrgent;
    return this.#lastTurnOf(one) < this.#lastTurnOf(other);
  }

  #lastTurnOf({ user }: Waiter<Grant>): number {
    return this.#lastTurns.get(user) ?? 0;
  }
}

const MOST_REMEMBERED = 10_000;
