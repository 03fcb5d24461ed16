import { errorOfResponse } from "./response-error.ts";
import { RetrieveError } from "./study-source.ts";

/** Longest line of a stream; a step of a test or an event of a trace has some hundred characters. */
const LONGEST_LINE = 1024 * 1024;
/** How long an answer that is no stream is waited for: the companion knows it, or asks a PACS that may be silent. */
const PATIENCE_MS = 20_000;

/** What requests to a companion are made with. */
export interface CompanionClientOptions {
  readonly fetch?: typeof fetch;
  readonly patienceMs?: number;
}

/** Requests to the companion that stands before an archive, beyond DICOMweb: JSON, and JSON line by line. */
export class CompanionClient {
  /** Address of the archive, without a slash at its end. */
  readonly dicomwebUrl: string;
  /** Name of the archive in its address; undefined for the default one. */
  readonly sourceName: string | undefined;
  readonly #root: string;
  readonly #fetch: typeof fetch;
  readonly #patienceMs: number;

  private constructor(
    dicomwebUrl: string,
    root: string,
    name: string | undefined,
    options: CompanionClientOptions,
  ) {
    this.dicomwebUrl = dicomwebUrl;
    this.sourceName = name;
    this.#root = root;
    this.#fetch = options.fetch ?? ((...request) => globalThis.fetch(...request));
    this.#patienceMs = options.patienceMs ?? PATIENCE_MS;
  }

  /**
   * The client where the address of the archive, which is absolute, may be one of a companion's; undefined elsewhere.
   * Asks nothing.
   */
  static above(
    dicomwebUrl: string,
    options: CompanionClientOptions = {},
  ): CompanionClient | undefined {
    const parts = /^(.*?)\/(?:sources\/([^/?#]+)\/)?dicom-web\/*$/.exec(dicomwebUrl);
    if (parts === null) return undefined;
    const [, root = "", name] = parts;
    const source = name === undefined ? undefined : decodeURIComponent(name);
    return new CompanionClient(dicomwebUrl.replace(/\/+$/, ""), `${root}/`, source, options);
  }

  /** Absolute address of a path below the companion's root. */
  addressOf(path: string): string {
    return this.#root + path;
  }

  /**
   * The answer to a GET, read as JSON.
   * @throws RetrieveError `not-found` also where no companion answers
   */
  async json(path: string, signal: AbortSignal): Promise<unknown> {
    const patience = AbortSignal.any([signal, AbortSignal.timeout(this.#patienceMs)]);
    const response = await this.#answer(path, {}, signal, patience);
    const type = response.headers.get("content-type") ?? "";
    if (response.status === 204) return [];
    if (!/^application\/(?:[\w.-]+\+)?json\b/.test(type)) {
      await response.body?.cancel().catch(() => undefined);
      throw new RetrieveError("not-found", "No companion answers at this address.");
    }
    try {
      return await response.json();
    } catch (cause) {
      throw errorOf(cause, signal);
    }
  }

  /**
   * The lines of an answer as they come, each read as JSON (`application/x-ndjson`), or the data of server-sent events. A
   * POST where there is something to send.
   * @throws RetrieveError also when the answer breaks off within a line
   */
  async *lines(
    path: string,
    send: { readonly body: unknown } | undefined,
    signal: AbortSignal,
  ): AsyncGenerator<unknown> {
    const request: RequestInit =
      send === undefined
        ? {}
        : {
            method: "POST",
            headers: { "content-type": "application/json" },
            body: JSON.stringify(send.body),
          };
    const response = await this.#answer(path, request, signal, signal);
    try {
      const isEvents = response.headers.get("content-type")?.startsWith("text/event-stream");
      for await (const line of linesOf(response)) {
        if (isEvents !== true) yield JSON.parse(line);
        else if (line.startsWith("data:")) yield JSON.parse(line.slice(5));
      }
    } catch (cause) {
      throw errorOf(cause, signal);
    }
  }

  async #answer(
    path: string,
    request: RequestInit,
    signal: AbortSignal,
    patience: AbortSignal,
  ): Promise<Response> {
    try {
      const init: RequestInit = { ...request, cache: "no-store", signal: patience };
      const response = await this.#fetch(this.addressOf(path), init);
      if (response.ok) return response;
      throw await errorOfResponse(response);
    } catch (cause) {
      throw errorOf(cause, signal);
    }
  }
}

async function* linesOf(response: Response): AsyncGenerator<string> {
  const reader = response.body?.getReader();
  if (reader === undefined) return;
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      rest += done ? decoder.decode() : decoder.decode(value, { stream: true });
      const lines = rest.split("\n");
      rest = done ? "" : (lines.pop() ?? "");
      if (rest.length > LONGEST_LINE)
        throw new RetrieveError("bad-response", "A line of the companion's answer is too long.");
      yield* lines.filter((line) => line.trim() !== "");
      if (done) return;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function errorOf(cause: unknown, signal: AbortSignal): RetrieveError {
  if (signal.aborted)
    return new RetrieveError("aborted", "The request is no longer needed.", { cause });
  if (cause instanceof RetrieveError) return cause;
  if (cause instanceof SyntaxError)
    return new RetrieveError("bad-response", "The companion's answer is damaged or incomplete.", {
      cause,
    });
  return new RetrieveError(
    "network",
    "The companion cannot be reached, or the connection broke off.",
    {
      cause,
    },
  );
}
