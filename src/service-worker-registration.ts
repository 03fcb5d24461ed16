/** What the page learns about its service worker. */
export interface ServiceWorkerOptions {
  /** A new version is ready; `activate` lets it take over and reloads the page. Call it at a safe moment. */
  onUpdateReady(activate: () => void): void;
}

/** What a viewport sends when an image came on the screen: the files to keep must not be fetched before. */
const IMAGE_SHOWN = "negato-image-shown";
/** After this long without an image the page shows something else, such as the study list. */
const NO_IMAGE_MS = 4000;
const SCRIPT = "service-worker.js";
/** A viewer stays open for days; it looks for a new version so often. */
const UPDATE_INTERVAL_MS = 60 * 60 * 1000;

/**
 * Registers the service worker of a built application, once the page has nothing better to do. Does nothing in
 * development and where there are no service workers (private mode, plain http, some embedded pages): the
 * application then works all the same, but for being there without a network.
 */
export function registerServiceWorker(options: ServiceWorkerOptions): void {
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
  const registration = await container.register(new URL(SCRIPT, document.baseURI));
  const offerWaiting = (): void => {
    if (registration.waiting !== null && container.controller !== null)
      void offer(registration.waiting, container, options);
  };
  const watchInstalling = (): void =>
    registration.installing?.addEventListener("statechange", offerWaiting);
  offerWaiting();
  // The browser looks for a new version by itself when a page opens, maybe before this listens.
  watchInstalling();
  registration.addEventListener("updatefound", watchInstalling);
  setInterval(() => {
    registration.update().catch(() => undefined);
  }, UPDATE_INTERVAL_MS);
}

async function offer(
  waiting: ServiceWorker,
  container: ServiceWorkerContainer,
  { onUpdateReady }: ServiceWorkerOptions,
): Promise<void> {
  const takeOver = (): void => waiting.postMessage({ type: "negato:take-over" });
  // This page came from the server and is new already: its worker may follow without a reload.
  if (await belongsToThisPage(waiting)) {
    takeOver();
    return;
  }
  onUpdateReady(() => {
    container.addEventListener("controllerchange", () => location.reload(), { once: true });
    takeOver();
  });
}

/** Whether the worker keeps the very script that runs here, which has a hash of its content in its name. */
async function belongsToThisPage(worker: ServiceWorker): Promise<boolean> {
  const { port1, port2 } = new MessageChannel();
  const paths = await new Promise<unknown>((resolve) => {
    port1.onmessage = ({ data }: MessageEvent<unknown>) => resolve(data);
    worker.postMessage({ type: "negato:ask-paths" }, [port2]);
  });
  port1.close();
  const scripts = [...document.querySelectorAll("script[src]")].map(
    (script) => new URL(script.getAttribute("src") ?? "", document.baseURI).href,
  );
  if (!Array.isArray(paths)) return false;
  return paths.some((path) => scripts.includes(new URL(String(path), worker.scriptURL).href));
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
