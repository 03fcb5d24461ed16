import type { AssociationObserver, ObservedEvent } from "../dimse/association-event.ts";

/** Stands for events that a slow reader has missed. */
export interface TraceGap {
  readonly time: number;
  readonly event: { readonly kind: "gap"; readonly missed: number };
}

/** Which events a reader wants. */
export type TraceFilter = (event: ObservedEvent) => boolean;

interface Follower {
  readonly isWanted: TraceFilter;
  readonly waiting: ObservedEvent[];
  missed: number;
  wake: () => void;
}

/** Events that are remembered of each remote application entity, and that wait for one reader. */
const MOST_EVENTS = 2000;

/** What happened lately on associations, of each remote application entity apart, and what happens now. */
export class AssociationTrace {
  readonly #most: number;
  readonly #recent = new Map<string, ObservedEvent[]>();
  readonly #followers = new Set<Follower>();

  constructor(most: number = MOST_EVENTS) {
    this.#most = most;
  }

  readonly observe: AssociationObserver = (event) => {
    const known = this.#recent.get(event.remote) ?? [];
    this.#recent.set(event.remote, known);
    known.push(event);
    // In halves, so that a push costs little on the whole.
    if (known.length >= this.#most * 2) known.splice(0, known.length - this.#most);
    for (const follower of this.#followers) this.#tell(follower, event);
  };

  /** Oldest first. */
  recent(isWanted: TraceFilter): readonly ObservedEvent[] {
    return [...this.#recent.values()]
      .flatMap((events) => events.slice(-this.#most).filter(isWanted))
      .toSorted((one, other) => one.time - other.time);
  }

  /** The recent ones, and those that follow until the signal aborts. A slow reader misses some, and is told. */
  async *follow(
    isWanted: TraceFilter,
    signal: AbortSignal,
  ): AsyncGenerator<ObservedEvent | TraceGap> {
    const follower: Follower = { isWanted, waiting: [], missed: 0, wake: () => undefined };
    const recent = this.recent(isWanted);
    this.#followers.add(follower);
    const wake = () => follower.wake();
    signal.addEventListener("abort", wake);
    try {
      yield* recent;
      while (!signal.aborted) {
        yield* taken(follower);
        if (!signal.aborted && follower.waiting.length === 0) await woken(follower);
      }
    } finally {
      signal.removeEventListener("abort", wake);
      this.#followers.delete(follower);
    }
  }

  #tell(follower: Follower, event: ObservedEvent): void {
    if (!follower.isWanted(event)) return;
    if (follower.waiting.length < this.#most) follower.waiting.push(event);
    else follower.missed += 1;
    follower.wake();
  }
}

/** What waits for the reader, the gap behind it. */
function* taken(follower: Follower): Generator<ObservedEvent | TraceGap> {
  const { missed } = follower;
  follower.missed = 0;
  const events = follower.waiting.splice(0);
  yield* events;
  const last = events.at(-1);
  if (missed > 0 && last !== undefined) yield { time: last.time, event: { kind: "gap", missed } };
}

function woken(follower: Follower): Promise<void> {
  return new Promise((resolve) => {
    follower.wake = resolve;
  });
}
