/** What the page learns about its service worker. */
export interface ServiceWorkerOptions {
  /** A new version is ready; `activate` lets it take over and reloads the page. Call it at a safe moment. */
  onUpdateReady(activate: () => void): void;
}

const SCRIPT = "service-worker.js";
/** A viewer stays open for days; it looks for a new version so often. */
const UPDATE_INTERVAL_MS = 60 * 60 * 1000;

/** Registers the service worker. @throws whatever the browser has against it: private mode, plain http, a policy */
export async function registerServiceWorker(
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
