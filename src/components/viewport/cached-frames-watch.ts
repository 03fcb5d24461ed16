import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { ViewportController } from "../../viewer/viewport-controller.ts";

/** Frames come in quick succession; the slider is painted anew at most this often. */
const RENEW_MS = 200;

/** Knows which frames of a viewport are cached, and draws its host again when that changed, not too often. */
export class CachedFramesWatch implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  #viewport: ViewportController | undefined;
  #stop: (() => void) | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isConnected = false;

  /** Whether each frame can be had without the network. */
  frames: readonly boolean[] = [];

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  watch(viewport: ViewportController | undefined): void {
    this.#viewport = viewport;
    this.frames = [];
    this.#unsubscribe();
    if (this.#isConnected) this.#subscribe();
  }

  hostConnected(): void {
    this.#isConnected = true;
    this.#subscribe();
  }

  hostDisconnected(): void {
    this.#isConnected = false;
    this.#unsubscribe();
  }

  #subscribe(): void {
    const viewport = this.#viewport;
    if (viewport === undefined) return;
    const stopCache = viewport.onCachedChanged(() => this.#renewSoon());
    const stopContent = viewport.state.content.subscribe(() => this.#renewSoon());
    this.#stop = () => {
      stopCache();
      stopContent();
    };
  }

  #unsubscribe(): void {
    this.#stop?.();
    this.#stop = undefined;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #renewSoon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.frames = this.#viewport?.cachedFrames() ?? [];
      this.#host.requestUpdate();
    }, RENEW_MS);
  }
}
