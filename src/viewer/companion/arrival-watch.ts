import type { CompanionRequests } from "./companion-requests.ts";
import { sourcePath } from "./companion-requests.ts";

/** Looks whether an archive has something new; gives whether it has. Rejects when it could not be asked. */
export type LookForNew = (signal: AbortSignal) => Promise<boolean>;

export interface ArrivalWatchOptions {
  readonly firstMs?: number;
  readonly longestMs?: number;
  /** Shortest time between two looks, however much arrives. */
  readonly shortestMs?: number;
  /** Whether somebody can see the list. */
  readonly isVisible?: () => boolean;
}

/** How the companion tells what arrives. */
export interface ChangeTeller {
  readonly requests: CompanionRequests;
  readonly sourceName: string;
}

/**
 * Decides when a list looks for new studies: when the companion tells that something arrived, and where nobody tells,
 * now and again, the more rarely the longer nothing comes. A list that nobody sees is left alone.
 */
export class ArrivalWatch {
  readonly #look: LookForNew;
  readonly #options: Required<ArrivalWatchOptions>;
  #running: AbortController | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #delayMs: number;
  #lookedAt = 0;
  #isTold = false;

  constructor(look: LookForNew, options: ArrivalWatchOptions = {}) {
    this.#look = look;
    this.#options = {
      firstMs: options.firstMs ?? 30_000,
      longestMs: options.longestMs ?? 300_000,
      shortestMs: options.shortestMs ?? 5000,
      isVisible: options.isVisible ?? (() => document.visibilityState === "visible"),
    };
    this.#delayMs = this.#options.firstMs;
  }

  /** Begins to watch; with a teller the list is not asked again and again. */
  start(teller?: ChangeTeller): void {
    this.stop();
    const running = new AbortController();
    this.#running = running;
    this.#lookedAt = Date.now();
    this.#delayMs = this.#options.firstMs;
    if (teller === undefined) this.#plan(this.#delayMs);
    else void this.#listen(teller, running.signal);
  }

  stop(): void {
    this.#running?.abort();
    this.#running = undefined;
    this.#isTold = false;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** To be called when the list is seen again. */
  seenAgain(): void {
    if (this.#running === undefined) return;
    const sinceMs = Date.now() - this.#lookedAt;
    this.#plan(Math.max(0, this.#options.firstMs - sinceMs));
  }

  /** Until the companion no longer tells; then the list is asked now and again. */
  async #listen({ requests, sourceName }: ChangeTeller, signal: AbortSignal): Promise<void> {
    this.#isTold = true;
    try {
      const path = sourcePath(sourceName, "changes");
      for await (const _change of requests.lines(path, undefined, signal)) {
        if (signal.aborted) return;
        const sinceMs = Date.now() - this.#lookedAt;
        if (this.#timer === undefined)
          this.#plan(Math.max(1000, this.#options.shortestMs - sinceMs));
      }
    } catch {
      // Not offered, not permitted or broken off: asking is the other way.
    }
    if (signal.aborted) return;
    this.#isTold = false;
    this.#plan(this.#delayMs);
  }

  #plan(delayMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#lookNow();
    }, delayMs);
  }

  async #lookNow(): Promise<void> {
    const signal = this.#running?.signal;
    if (signal === undefined) return;
    if (this.#options.isVisible()) {
      this.#lookedAt = Date.now();
      const hasNew = await this.#look(signal).catch(() => false);
      if (signal.aborted) return;
      const longer = Math.min(this.#delayMs * 1.5, this.#options.longestMs);
      this.#delayMs = hasNew ? this.#options.firstMs : longer;
    }
    if (!this.#isTold && this.#timer === undefined) this.#plan(this.#delayMs);
  }
}
