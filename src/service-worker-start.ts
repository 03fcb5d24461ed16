import type { ServiceWorkerOptions } from "./service-worker-registration.ts";

/** What a viewport sends when an image came on the screen: the files to keep must not be fetched before. */
const IMAGE_SHOWN = "negato-image-shown";
/** After this long without an image the page shows something else, such as the study list. */
const NO_IMAGE_MS = 4000;

/**
 * Registers the service worker of a built application, once the page has nothing better to do. Does nothing in
 * development and where there are no service workers (private mode, plain http, some embedded pages): the
 * application then works all the same, but for being there without a network.
 */
export function registerServiceWorkerWhenIdle(options: ServiceWorkerOptions): void {
  const container = globalThis.navigator.serviceWorker;
  if (!import.meta.env.PROD || container === undefined) return;
  whenIdle(() => {
    register(container, options).catch(() => undefined);
  });
}

async function register(
  container: ServiceWorkerContainer,
  options: ServiceWorkerOptions,
): Promise<void> {
  const { registerServiceWorker } = await import("./service-worker-registration.ts");
  await registerServiceWorker(container, options);
}

/** Runs the task when the page is idle: after the first image, or where none is opened, a while after loading. */
function whenIdle(task: () => void): void {
  const start = (): void => {
    clearTimeout(timer);
    document.removeEventListener(IMAGE_SHOWN, start);
    if (globalThis.requestIdleCallback === undefined) task();
    else requestIdleCallback(task, { timeout: 5000 });
  };
  const timer = setTimeout(start, NO_IMAGE_MS);
  document.addEventListener(IMAGE_SHOWN, start);
}
