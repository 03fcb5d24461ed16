/**
 * The application without a network: its own files in Cache Storage, nothing else. Patient data never pass
 * through here; of patients this worker holds only the keys of the session, in memory.
 */
declare const self: ServiceWorkerGlobalScope;
/** Changes when any file of the application does. */
declare const __PRECACHE_VERSION__: string;
/** Paths of the application's files, relative to this script. */
declare const __PRECACHE_PATHS__: readonly string[];

const CACHE_PREFIX = "negato-app-";
const CACHE_NAME = CACHE_PREFIX + __PRECACHE_VERSION__;
const SHELL = "index.html";
/** How long a navigation waits for the server before the kept page answers in its place. */
const NAVIGATION_PATIENCE_MS = 1000;
/** What the companion serves beside the application; a navigation to these is not for the application. */
const NOT_THE_APPLICATION = /^(dicom-web|sources|healthz|readyz|metrics)(\/|$)/;
/** Vite puts a hash of the content into these names: the same name is the same content for ever. */
const HASHED = /^assets\/.+-[\w-]{8}\.\w+$/;

const scope = new URL("./", self.location.href);
const precached = new Set(__PRECACHE_PATHS__);

/** Keys of the session, which a page gave and a page may ask for; see src/cache/service-worker-keeper.ts. */
let sessionKeys: unknown;

self.addEventListener("install", (event) => event.waitUntil(precache()));
self.addEventListener("activate", (event) => event.waitUntil(takeOver()));
self.addEventListener("fetch", (event) => {
  const path = applicationPath(event.request);
  if (path === undefined) return;
  if (event.request.mode === "navigate") {
    if (!NOT_THE_APPLICATION.test(path)) event.respondWith(navigate(event));
  } else if (precached.has(path) || HASHED.test(path)) {
    event.respondWith(applicationFile(event.request));
  }
});
self.addEventListener("message", (event) => {
  const message: unknown = event.data;
  if (typeof message !== "object" || message === null || !("type" in message)) return;
  switch (message.type) {
    case "negato:ask-keys":
      event.ports[0]?.postMessage(sessionKeys);
      break;
    case "negato:give-keys":
      sessionKeys = "keys" in message ? message.keys : undefined;
      break;
    case "negato:forget-keys":
      sessionKeys = undefined;
      break;
    case "negato:ask-paths":
      event.ports[0]?.postMessage(__PRECACHE_PATHS__);
      break;
    case "negato:take-over":
      event.waitUntil(self.skipWaiting());
      break;
  }
});

/** Path below the scope, undefined for requests that are none of this worker's business. */
function applicationPath(request: Request): string | undefined {
  const url = new URL(request.url);
  const isOurs = request.method === "GET" && url.href.startsWith(scope.href);
  return isOurs ? url.pathname.slice(scope.pathname.length) : undefined;
}

/** Stores all files or fails; the worker before this one goes on then. */
async function precache(): Promise<void> {
  const cache = await caches.open(CACHE_NAME);
  await Promise.all(
    __PRECACHE_PATHS__.map(async (path) => {
      const url = new URL(path, scope).href;
      const kept = HASHED.test(path) ? await caches.match(url, { ignoreVary: true }) : undefined;
      await cache.put(url, kept ?? (await download(path)));
    }),
  );
}

async function download(path: string): Promise<Response> {
  // The page itself is asked for by the address that people use, which every server answers without a redirect.
  const url = path === SHELL ? scope.href : new URL(path, scope).href;
  // Past the HTTP cache, or an old copy would be stored under the new version.
  const response = await fetch(new Request(url, { cache: "reload" }));
  if (!response.ok) throw new Error(`${path} answered with status ${response.status}`);
  return response.redirected ? withoutRedirect(response) : response;
}

/**
 * Takes over all tabs. The files of the version before stay until the next one: a tab that was opened with
 * it may still load parts of it.
 */
async function takeOver(): Promise<void> {
  const names = (await caches.keys()).filter((name) => name.startsWith(CACHE_PREFIX));
  // In the order in which they were made; the last two are this one and the one before.
  const older = names.filter((name) => name !== CACHE_NAME).slice(0, -1);
  await Promise.all(older.map((name) => caches.delete(name)));
  await self.registration.navigationPreload?.enable();
  await self.clients.claim();
}

/**
 * The page from the server, so that a new version, a sign-in page or a refusal is never hidden; the kept page
 * when the server cannot be reached, is broken, or is slow.
 */
async function navigate(event: FetchEvent): Promise<Response> {
  const answer = fromServer(event);
  event.waitUntil(answer.catch(() => undefined));
  const response = await Promise.race([answer.catch(() => undefined), pause()]);
  if (response !== undefined && response.status < 500) return response;
  const cache = await caches.open(CACHE_NAME);
  const kept = await cache.match(new URL(SHELL, scope).href, { ignoreVary: true });
  return kept ?? answer;
}

async function fromServer(event: FetchEvent): Promise<Response> {
  const preloaded: unknown = await event.preloadResponse;
  return preloaded instanceof Response ? preloaded : fetch(event.request);
}

function pause(): Promise<undefined> {
  return new Promise((resolve) => {
    setTimeout(() => resolve(undefined), NAVIGATION_PATIENCE_MS);
  });
}

/** Module scripts are fetched with an Origin, and servers answer with `Vary: Origin`: that must not matter here. */
async function applicationFile(request: Request): Promise<Response> {
  const current = await caches.open(CACHE_NAME);
  const kept =
    (await current.match(request, { ignoreVary: true })) ??
    (await caches.match(request, { ignoreVary: true }));
  return kept ?? fetch(request);
}

/** A navigation must not be answered with a response that remembers a redirect. */
function withoutRedirect({ body, status, statusText, headers }: Response): Response {
  return new Response(body, { status, statusText, headers });
}

export {};
