import type { AssociationObserver } from "../dimse/association-event.ts";
import type { DimseErrorCode } from "../dimse/dimse-error.ts";

/** What is known of a PACS without asking it. */
export type Reachability = "reachable" | "unreachable" | "unknown";

/** Codes with which no association is had at all. */
const UNREACHABLE: ReadonlySet<DimseErrorCode> = new Set<DimseErrorCode>([
  "unreachable",
  "connect-timeout",
  "tls-failure",
  "rejected",
]);

/** How long an answer is believed before the PACS is asked again, in milliseconds. */
const BELIEVED_MS = 30_000;

interface Known {
  state: Reachability;
  since: number;
  probing: boolean;
}

/**
 * Whether each PACS accepts associations: learnt from all that is asked of it, and by a C-ECHO in the background when
 * somebody wants to know and nothing was learnt lately.
 */
export class PacsReachability {
  readonly #known = new Map<string, Known>();
  readonly #probe: (name: string) => Promise<void>;
  readonly #now: () => number;

  /** `probe` asks for an association; how it ends is observed. */
  constructor(names: readonly string[], probe: (name: string) => Promise<void>, now = Date.now) {
    for (const name of names) {
      this.#known.set(name, { state: "unknown", since: Number.NEGATIVE_INFINITY, probing: false });
    }
    this.#probe = probe;
    this.#now = now;
  }

  readonly observe: AssociationObserver = ({ remote, time, event }) => {
    const known = this.#known.get(remote);
    if (known === undefined) return;
    if (event.kind === "accepted") Object.assign(known, { state: "reachable", since: time });
    if (event.kind !== "ended" || event.code === undefined) return;
    if (UNREACHABLE.has(event.code)) Object.assign(known, { state: "unreachable", since: time });
  };

  /** Undefined for what is no PACS. Asks the PACS again, for the next time, when the answer is old. */
  state(name: string): Reachability | undefined {
    const known = this.#known.get(name);
    if (known === undefined) return undefined;
    if (this.#now() - known.since > BELIEVED_MS) void this.ask(name);
    return known.state;
  }

  /** The same without asking. */
  lastState(name: string): Reachability | undefined {
    return this.#known.get(name)?.state;
  }

  /** Asks the PACS in the background; gives how that failed, undefined when it did not or is being asked already. */
  async ask(name: string): Promise<unknown> {
    const known = this.#known.get(name);
    if (known === undefined || known.probing) return undefined;
    known.probing = true;
    try {
      await this.#probe(name);
      return undefined;
    } catch (error) {
      return error;
    } finally {
      known.probing = false;
    }
  }
}
