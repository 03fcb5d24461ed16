/** Time and chance as the retry policy sees them; tests give their own. */
export interface RetryClock {
  /** Settles after the time, or rejects with the signal's reason at an abort. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** From 0 to just below 1. */
  random(): number;
}

/** One failed attempt, as far as the decision to repeat it goes. */
export interface FailedAttempt {
  /** From 1. */
  readonly attempt: number;
  /** Whether the request may be answered when it is simply repeated. */
  readonly isTransient: boolean;
  /** What `Retry-After` asks for (RFC 9110 section 10.2.3), in milliseconds. */
  readonly retryAfterMs: number | undefined;
}

const MAX_ATTEMPTS = 3;
const FIRST_DELAY_MS = 200;
/** A server that asks for more patience than this is answered by a message to the person instead. */
const LONGEST_WAIT_MS = 10_000;

/**
 * Milliseconds until the next attempt, undefined when there is to be none. The delay doubles three times over
 * with each attempt and is spread over half to all of itself, so that clients that failed together do not
 * return together.
 */
export function retryDelayMs(failed: FailedAttempt, random: number): number | undefined {
  if (!failed.isTransient || failed.attempt >= MAX_ATTEMPTS) return undefined;
  const backOff = FIRST_DELAY_MS * 3 ** (failed.attempt - 1) * (0.5 + random / 2);
  const delay = Math.max(backOff, failed.retryAfterMs ?? 0);
  return delay > LONGEST_WAIT_MS ? undefined : delay;
}

/** Milliseconds that a `Retry-After` header asks for: seconds or a date; undefined when it says neither. */
export function parseRetryAfter(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  if (/^\s*\d+\s*$/.test(header)) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/** The clock of the platform. */
export const SYSTEM_RETRY_CLOCK: RetryClock = {
  random: Math.random,
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const stop = (): void => {
        clearTimeout(timer);
        reject(signal.reason);
      };
      const timer = setTimeout(() => {
        signal.removeEventListener("abort", stop);
        resolve();
      }, ms);
      signal.addEventListener("abort", stop, { once: true });
    }),
};
