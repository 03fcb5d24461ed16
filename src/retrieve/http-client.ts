import { errorOfResponse, isTransient } from "./response-error.ts";
import { type RetryClock, retryDelayMs, SYSTEM_RETRY_CLOCK } from "./retry-policy.ts";
import { RetrieveError } from "./study-source.ts";

/** What requests are made with. */
export interface HttpClientOptions {
  readonly fetch: typeof fetch;
  readonly clock?: RetryClock;
  /** How long a silent server is waited for: until the answer begins, and between two pieces of its body. */
  readonly silenceLimitMs?: number;
  /** Whether the platform believes to have a network; retrying without one is in vain. */
  readonly isOnline?: () => boolean;
}

/** GET requests with retry, time limits and errors in the words of `RetrieveError`. */
export class HttpClient {
  readonly #fetch: typeof fetch;
  readonly #clock: RetryClock;
  readonly #silenceLimitMs: number;
  readonly #isOnline: () => boolean;

  constructor(options: HttpClientOptions) {
    this.#fetch = options.fetch;
    this.#clock = options.clock ?? SYSTEM_RETRY_CLOCK;
    this.#silenceLimitMs = options.silenceLimitMs ?? 30_000;
    this.#isOnline = options.isOnline ?? (() => globalThis.navigator?.onLine !== false);
  }

  /**
   * The answer when its status is 2xx or 304. Nothing of it enters the HTTP cache of the browser, which lies
   * on the disk in the clear.
   * @throws RetrieveError
   */
  async get(url: string, headers: Record<string, string>, signal: AbortSignal): Promise<Response> {
    for (let attempt = 1; ; attempt++) {
      const result = await this.#attempt(url, headers, signal);
      if (result instanceof Response) return result;
      const delay = retryDelayMs({ attempt, ...result }, this.#clock.random());
      if (delay === undefined) throw result.error;
      await this.#clock.sleep(delay, signal).catch(() => undefined);
      if (signal.aborted) throw abortedError(signal);
    }
  }

  async #attempt(url: string, headers: Record<string, string>, signal: AbortSignal) {
    const silence = new AbortController();
    const timer = setTimeout(() => silence.abort(), this.#silenceLimitMs);
    try {
      const response = await this.#fetch(url, {
        headers,
        cache: "no-store",
        signal: AbortSignal.any([signal, silence.signal]),
      });
      if (response.ok || response.status === 304) return response;
      const error = await errorOfResponse(response);
      return { error, isTransient: isTransient(error), retryAfterMs: error.retryAfterMs };
    } catch (cause) {
      if (signal.aborted) throw abortedError(signal);
      const isSilent = silence.signal.aborted;
      return {
        error: new RetrieveError("network", isSilent ? SILENT : UNREACHABLE, { cause }),
        isTransient: !isSilent && this.#isOnline(),
        retryAfterMs: undefined,
      };
    } finally {
      clearTimeout(timer);
    }
  }

  /**
   * The body in pieces. Leaving the loop early cancels the transfer.
   * @throws RetrieveError `bad-response` beyond the limit, `network` when the body breaks off or stalls
   */
  async *body(
    response: Response,
    limitBytes: number,
    signal: AbortSignal,
  ): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    const reader = response.body?.getReader();
    if (reader === undefined) return;
    let received = 0;
    try {
      for (;;) {
        const { done, value } = await this.#readPiece(reader, signal);
        if (done) return;
        received += value.length;
        if (received > limitBytes)
          throw new RetrieveError("bad-response", `The answer is larger than ${limitBytes} bytes.`);
        yield value;
      }
    } finally {
      await reader.cancel().catch(() => undefined);
    }
  }

  /** The whole body, up to a limit. */
  async bytes(
    response: Response,
    limitBytes: number,
    signal: AbortSignal,
  ): Promise<Uint8Array<ArrayBuffer>> {
    const pieces: Uint8Array<ArrayBuffer>[] = [];
    for await (const piece of this.body(response, limitBytes, signal)) pieces.push(piece);
    const [only] = pieces;
    return pieces.length === 1 && only !== undefined ? only : concatenate(pieces);
  }

  async #readPiece(
    reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>,
    signal: AbortSignal,
  ) {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let stop = (): void => undefined;
    const interrupted = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new RetrieveError("network", SILENT)), this.#silenceLimitMs);
      stop = () => reject(abortedError(signal));
      signal.addEventListener("abort", stop, { once: true });
    });
    try {
      if (signal.aborted) throw abortedError(signal);
      return await Promise.race([reader.read(), interrupted]);
    } catch (cause) {
      if (signal.aborted) throw abortedError(signal);
      if (cause instanceof RetrieveError) throw cause;
      throw new RetrieveError("network", BROKEN_OFF, { cause });
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", stop);
    }
  }
}

const UNREACHABLE = "The archive cannot be reached.";
const SILENT = "The archive does not answer.";
const BROKEN_OFF = "The connection to the archive broke off.";

/** The error that every aborted retrieval ends with. */
export function abortedError(signal: AbortSignal): RetrieveError {
  return new RetrieveError("aborted", "The request is no longer needed.", { cause: signal.reason });
}

function concatenate(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
