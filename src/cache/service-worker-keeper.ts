import { type KeyKeeper, readSessionKeys, type SessionKeys } from "./session-keys.ts";

/** A service worker has to start before it answers; one that was killed starts again without keys. */
const ANSWER_LIMIT_MS = 500;

/** The messages that `workers/service-worker.ts` answers. */
type ToServiceWorker =
  | { readonly type: "negato:ask-keys" }
  | { readonly type: "negato:give-keys"; readonly keys: SessionKeys }
  | { readonly type: "negato:forget-keys" };

/**
 * The service worker as keeper: its memory outlives a reload of the page. The browser stops it half a minute
 * after it was last used, so a page that goes away gives it the keys once more.
 */
export function serviceWorkerKeeper(container: ServiceWorkerContainer | undefined): KeyKeeper {
  let held: SessionKeys | undefined;
  const giveAgain = (): void => {
    if (held !== undefined) post(container, { type: "negato:give-keys", keys: held });
  };
  globalThis.addEventListener("pagehide", giveAgain);
  // The event of the document bubbles up to here.
  globalThis.addEventListener("visibilitychange", giveAgain);
  container?.addEventListener("controllerchange", giveAgain);
  return {
    ask: () => ask(container),
    give(keys) {
      held = keys;
      giveAgain();
    },
    forget() {
      held = undefined;
      post(container, { type: "negato:forget-keys" });
    },
  };
}

async function ask(
  container: ServiceWorkerContainer | undefined,
): Promise<SessionKeys | undefined> {
  const worker = container?.controller;
  if (worker === undefined || worker === null) return undefined;
  const { port1, port2 } = new MessageChannel();
  return new Promise<SessionKeys | undefined>((resolve) => {
    const timer = setTimeout(() => resolve(undefined), ANSWER_LIMIT_MS);
    port1.onmessage = (event: MessageEvent<unknown>) => {
      clearTimeout(timer);
      resolve(readSessionKeys(event.data));
    };
    worker.postMessage({ type: "negato:ask-keys" } satisfies ToServiceWorker, [port2]);
  }).finally(() => port1.close());
}

function post(container: ServiceWorkerContainer | undefined, message: ToServiceWorker): void {
  container?.controller?.postMessage(message);
}
