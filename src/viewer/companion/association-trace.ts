import { batch, computed, type ReadonlySignal, signal } from "@preact/signals-core";
import { type Failure, failureOfError } from "../../frames/failure.ts";
import { type CompanionRequests, sourcePath } from "./companion-requests.ts";
import { readTraceEvent, type TraceEvent, type TraceRow, withEvents } from "./trace-event.ts";

export type TraceStatus =
  | { readonly kind: "off" }
  | { readonly kind: "following" }
  | { readonly kind: "paused" }
  /** The companion ended it. */
  | { readonly kind: "ended" }
  | { readonly kind: "failed"; readonly failure: Failure };

/** An association that the trace knows. */
export interface TracedAssociation {
  readonly number: number;
  readonly callingAeTitle: string;
  readonly calledAeTitle: string;
}

/** Rows that are held; older ones are in the file. */
const MOST_ROWS = 500;
const MOST_WAITING = 5000;
const DRAW_EVERY_MS = 100;

/** Follows what happens on the associations with a PACS. */
export class AssociationTrace {
  readonly #requests: CompanionRequests;
  readonly #source: string;
  readonly #drawEveryMs: number;
  readonly #status = signal<TraceStatus>({ kind: "off" });
  readonly #rows = signal<readonly TraceRow[]>([]);
  readonly #chosen = signal<number | undefined>(undefined);
  readonly #waitingCount = signal(0);
  #waiting: TraceEvent[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: AbortController | undefined;

  readonly status: ReadonlySignal<TraceStatus> = this.#status;
  /** The association that is shown alone; undefined: all. */
  readonly chosen: ReadonlySignal<number | undefined> = this.#chosen;
  /** Events that came while it was paused. */
  readonly waitingCount: ReadonlySignal<number> = this.#waitingCount;
  /** Oldest first. */
  readonly rows: ReadonlySignal<readonly TraceRow[]> = computed(() => {
    const chosen = this.#chosen.value;
    const rows = this.#rows.value;
    return chosen === undefined ? rows : rows.filter(({ first }) => first.association === chosen);
  });
  /** The associations of all rows, the newest first. */
  readonly associations: ReadonlySignal<readonly TracedAssociation[]> = computed(() => {
    const known = new Map<number, TracedAssociation>();
    for (const { first } of this.#rows.value) {
      const { association: number, callingAeTitle, calledAeTitle } = first;
      known.set(number, { number, callingAeTitle, calledAeTitle });
    }
    return [...known.values()].sort((a, b) => b.number - a.number);
  });

  constructor(requests: CompanionRequests, source: string, drawEveryMs = DRAW_EVERY_MS) {
    this.#requests = requests;
    this.#source = source;
    this.#drawEveryMs = drawEveryMs;
  }

  /** Follows from the recent past on. Never rejects. */
  async follow(): Promise<void> {
    this.stop();
    const running = new AbortController();
    this.#running = running;
    batch(() => {
      this.#rows.value = [];
      this.#status.value = { kind: "following" };
    });
    try {
      const path = sourcePath(this.#source, "trace?follow");
      for await (const line of this.#requests.lines(path, undefined, running.signal)) {
        if (running.signal.aborted) return;
        this.#take(readTraceEvent(line));
      }
      if (!running.signal.aborted) this.#end({ kind: "ended" });
    } catch (error) {
      if (!running.signal.aborted) this.#end({ kind: "failed", failure: failureOfError(error) });
    }
  }

  /** Lets the rows stand still; what comes meanwhile is shown when it goes on. */
  pause(): void {
    if (this.#status.peek().kind === "following") this.#status.value = { kind: "paused" };
  }

  goOn(): void {
    if (this.#status.peek().kind !== "paused") return;
    this.#status.value = { kind: "following" };
    this.#draw();
  }

  /** Shows one association alone, or all. */
  choose(association: number | undefined): void {
    this.#chosen.value = association;
  }

  stop(): void {
    this.#running?.abort();
    this.#running = undefined;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#waiting = [];
    batch(() => {
      this.#waitingCount.value = 0;
      this.#status.value = { kind: "off" };
    });
  }

  #take(event: TraceEvent | undefined): void {
    if (event === undefined) return;
    this.#waiting.push(event);
    if (this.#waiting.length > MOST_WAITING) this.#waiting.shift();
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      if (this.#status.peek().kind === "paused") this.#waitingCount.value = this.#waiting.length;
      else this.#draw();
    }, this.#drawEveryMs);
  }

  #draw(): void {
    const events = this.#waiting;
    this.#waiting = [];
    batch(() => {
      this.#waitingCount.value = 0;
      if (events.length > 0) this.#rows.value = withEvents(this.#rows.peek(), events, MOST_ROWS);
    });
  }

  #end(status: TraceStatus): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#draw();
    this.#status.value = status;
  }
}
