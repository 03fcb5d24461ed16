import { type ReadonlySignal, signal } from "@preact/signals-core";
import type { StudyListState } from "../study-list-state.ts";
import { ArrivalWatch } from "./arrival-watch.ts";
import type { CompanionRequests } from "./companion-requests.ts";
import { forwardDestinations } from "./forwarding.ts";
import { type ScheduledEntry, searchScheduledWork } from "./scheduled-work.ts";
import { readSources, type SourceReport, sourceShown } from "./source-report.ts";

/** A worklist is asked again after this time. */
const WORKLIST_EVERY_MS = 120_000;

/** Worklists and tellers that were not there: they are not asked for again as long as the page is open. */
const absent = new Set<string>();

/** What the companion adds to a study list: other archives, scheduled work, where to forward to, and what arrives. */
export class ListCompanion {
  readonly #requests: CompanionRequests | undefined;
  readonly #watch: ArrivalWatch;
  readonly #sources = signal<readonly SourceReport[]>([]);
  readonly #current = signal<SourceReport | undefined>(undefined);
  readonly #scheduled = signal<readonly ScheduledEntry[]>([]);
  readonly #destinations = signal<readonly string[]>([]);
  #running: AbortController | undefined;

  /** All archives of the companion; none where there is no companion. */
  readonly sources: ReadonlySignal<readonly SourceReport[]> = this.#sources;
  /** The archive whose studies are listed. */
  readonly current: ReadonlySignal<SourceReport | undefined> = this.#current;
  /** What is scheduled for today and not yet acquired. */
  readonly scheduled: ReadonlySignal<readonly ScheduledEntry[]> = this.#scheduled;
  /** AE titles that studies may be forwarded to. */
  readonly destinations: ReadonlySignal<readonly string[]> = this.#destinations;

  constructor(requests: CompanionRequests | undefined, list: StudyListState) {
    this.#requests = requests;
    this.#watch = new ArrivalWatch((abort) => list.lookForNew(abort));
  }

  /** Asks what there is, and keeps it up to date until `stop`. Never rejects. */
  async start(): Promise<void> {
    this.stop();
    const running = new AbortController();
    this.#running = running;
    document.addEventListener("visibilitychange", this.#seen, { signal: running.signal });
    const source = await this.#findSource(running.signal);
    if (running.signal.aborted) return;
    this.#watch.start(this.#teller(source));
    if (source === undefined || this.#requests === undefined) return;
    this.#destinations.value = source.canForward
      ? await forwardDestinations(this.#requests, source.name, running.signal)
      : [];
    if (source.hasWorklist) await this.#followWorklist(this.#requests, source.name, running.signal);
  }

  stop(): void {
    this.#running?.abort();
    this.#running = undefined;
    this.#watch.stop();
  }

  async #findSource(abort: AbortSignal): Promise<SourceReport | undefined> {
    if (this.#requests === undefined) return undefined;
    try {
      const sources = readSources(await this.#requests.json("sources", abort)) ?? [];
      this.#sources.value = sources;
      this.#current.value = sourceShown(this.#requests, sources);
    } catch {
      // Another archive, or a companion that does not answer: the list itself says so.
    }
    return this.#current.peek();
  }

  #teller(source: SourceReport | undefined) {
    if (source === undefined || !source.tellsChanges || this.#requests === undefined)
      return undefined;
    return { requests: this.#requests, sourceName: source.name };
  }

  async #followWorklist(
    requests: CompanionRequests,
    name: string,
    abort: AbortSignal,
  ): Promise<void> {
    const key = requests.addressOf(name);
    while (!abort.aborted && !absent.has(key)) {
      if (document.visibilityState === "visible") {
        try {
          this.#scheduled.value = await searchScheduledWork(requests, name, new Date(), abort);
        } catch (error) {
          // A worklist that fails is asked again later; what was known of it stays.
          if (isAbsent(error)) absent.add(key);
        }
      }
      await new Promise((resolve) => setTimeout(resolve, WORKLIST_EVERY_MS));
    }
  }

  readonly #seen = (): void => {
    if (document.visibilityState === "visible") this.#watch.seenAgain();
  };
}

function isAbsent(error: unknown): boolean {
  if (!(error instanceof Error) || !("status" in error)) return false;
  const { status } = error;
  return status === 404 || status === 501 || status === 403;
}
