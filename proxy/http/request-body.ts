import type { Readable } from "node:stream";
import { HttpProblem } from "./problem.ts";

/** How long a client may go on sending after it was answered. */
const DRAIN_MS = 2000;

/**
 * The body of a request as it arrives, up to a number of bytes. Reading it can be ended at any time, also while the
 * client is silent.
 */
export class RequestBody implements AsyncIterable<Uint8Array>, AsyncIterator<Uint8Array> {
  readonly #stream: Readable;
  readonly #most: number;
  #count = 0;
  #wake: () => void = () => undefined;
  #end: "open" | "whole" | "stopped" = "open";
  #failure: { readonly error: unknown } | undefined;

  /** @param most bytes; more of them are a problem 413 */
  constructor(stream: Readable, most: number) {
    this.#stream = stream;
    this.#most = most;
    stream.on("readable", () => this.#wake());
    stream.on("end", () => this.#finish("whole"));
    stream.on("error", () => this.#fail(clientLeft()));
    stream.on("close", () => this.#fail(clientLeft()));
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<Uint8Array, undefined>> {
    for (;;) {
      if (this.#failure !== undefined) throw this.#failure.error;
      if (this.#end === "stopped") return { done: true, value: undefined };
      const chunk: unknown = this.#stream.read();
      if (chunk instanceof Uint8Array) return { done: false, value: this.#counted(chunk) };
      if (this.#end === "whole") return { done: true, value: undefined };
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  async return(): Promise<IteratorResult<Uint8Array, undefined>> {
    this.#finish("stopped");
    return { done: true, value: undefined };
  }

  /** Whoever reads gets this error. */
  stop(error: unknown): void {
    this.#fail(error);
  }

  /**
   * Lets the client finish sending for a short while, so that it reads the answer instead of a reset, and then cuts
   * the connection. To be called when the answer is on its way.
   */
  drain(): void {
    if (this.#end === "whole" || this.#stream.destroyed) return;
    this.#finish("stopped");
    this.#stream.removeAllListeners("readable");
    this.#stream.resume();
    const timer = setTimeout(() => this.#stream.destroy(), DRAIN_MS);
    this.#stream.once("close", () => clearTimeout(timer));
    this.#stream.once("end", () => clearTimeout(timer));
  }

  #counted(chunk: Uint8Array): Uint8Array {
    this.#count += chunk.byteLength;
    if (this.#count <= this.#most) return chunk;
    throw new HttpProblem(
      413,
      "body-too-large",
      `At most ${this.#most} bytes are taken in one request`,
    );
  }

  #finish(end: "whole" | "stopped"): void {
    if (this.#end === "open") this.#end = end;
    this.#wake();
  }

  #fail(error: unknown): void {
    if (this.#end === "open") this.#failure ??= { error };
    this.#wake();
  }
}

function clientLeft(): HttpProblem {
  return new HttpProblem(400, "truncated-body", "The client left before its request was complete");
}
