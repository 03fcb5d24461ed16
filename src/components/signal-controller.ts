import { effect } from "@preact/signals-core";
import type { ReactiveController, ReactiveControllerHost } from "lit";

/** Draws its host again whenever a signal changes that the host read while it drew. */
export class SignalController implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  #stop: (() => void) | undefined;
  #isConnected = false;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  /**
   * What `read` gives; every signal that it reads is watched until the next call. A host that is not in the
   * document, whose last drawing was still under way, watches nothing.
   */
  track<T>(read: () => T): T {
    this.#stop?.();
    if (!this.#isConnected) return read();
    const results: T[] = [];
    this.#stop = effect(() => {
      if (results.length === 0) results.push(read());
      else this.#host.requestUpdate();
    });
    for (const result of results) return result;
    throw new Error("The effect did not run");
  }

  hostConnected(): void {
    this.#isConnected = true;
    this.#host.requestUpdate();
  }

  hostDisconnected(): void {
    this.#isConnected = false;
    this.#stop?.();
    this.#stop = undefined;
  }
}
