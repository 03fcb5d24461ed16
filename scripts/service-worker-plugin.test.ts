import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { type Browser, chromium, type Page } from "playwright";
import { build } from "vite";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { serviceWorker } from "./service-worker-plugin.mjs";
import { findChromium } from "./system-parts.mjs";

const project = fileURLToPath(new URL("../", import.meta.url));
const executablePath = findChromium();
/** Below another path than `/`, as behind a reverse proxy. */
const BASE = "/apps/negato/";
const TYPES: Readonly<Record<string, string>> = { html: "text/html", js: "text/javascript" };

const MAIN = `
  import { registerServiceWorker } from ${JSON.stringify(`${project}src/service-worker-registration.ts`)};
  import { serviceWorkerKeeper } from ${JSON.stringify(`${project}src/cache/service-worker-keeper.ts`)};
  import { acquireSessionKeys } from ${JSON.stringify(`${project}src/cache/session-keys.ts`)};
  globalThis.version = "VERSION";
  globalThis.lazy = () => import("./lazy.js").then((module) => module.text);
  registerServiceWorker(navigator.serviceWorker, {
    onUpdateReady: (activate) => { globalThis.activate = activate; },
  });
  navigator.serviceWorker.ready.then(async () => {
    const keys = await acquireSessionKeys([serviceWorkerKeeper(navigator.serviceWorker)]);
    globalThis.keyId = keys.keyId;
  });
`;

describe.skipIf(executablePath === undefined)("the service worker", () => {
  let browser: Browser;
  let folder: string;
  let server: Server;
  let page: Page;

  beforeAll(async () => {
    browser = await chromium.launch({
      args: ["--no-sandbox"],
      ...(executablePath === undefined ? {} : { executablePath }),
    });
    folder = await mkdtemp(path.join(tmpdir(), "negato-service-worker-"));
  }, 30_000);
  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true, force: true });
  });

  beforeEach(async () => {
    await buildVersion("one");
    await startServer();
    page = await (await browser.newContext()).newPage();
    page.setDefaultTimeout(8000);
  }, 30_000);
  afterEach(async () => {
    await page.context().close();
    await stopServer();
  });

  test("opens the application when the server is gone, parts that were not loaded yet included", async () => {
    await openAndInstall();
    await stopServer();
    await page.reload();
    expect(await evaluate("version")).toBe("one");
    expect(await evaluate("lazy()")).toBe("lazy one");
    await page.goto(`${origin()}${BASE}viewer?StudyInstanceUIDs=1.2.3`);
    expect(await evaluate("version")).toBe("one");
  }, 30_000);

  test("gives the keys of the session to the page that is loaded again, also without a server", async () => {
    await openAndInstall();
    const before = await keyId();
    await page.reload();
    expect(await keyId()).toBe(before);
    await stopServer();
    await page.reload();
    expect(await keyId()).toBe(before);
  }, 30_000);

  test("shows a new version at the next navigation, and follows it without a reload", async () => {
    await openAndInstall();
    await buildVersion("two");
    await page.reload();
    expect(await evaluate("version")).toBe("two");
    await expect.poll(workerStates, { timeout: 8000 }).toEqual({ caches: 2, isSettled: true });
    await stopServer();
    await page.reload();
    expect(await evaluate("version")).toBe("two");
    expect(await evaluate("lazy()")).toBe("lazy two");
  }, 30_000);

  test("offers a new version to a page that is open, which keeps its own parts until it agrees", async () => {
    await openAndInstall();
    await buildVersion("two");
    await page.evaluate(async () => (await navigator.serviceWorker.ready).update());
    await page.waitForFunction(() => "activate" in globalThis);
    expect(await evaluate("version")).toBe("one");
    expect(await evaluate("lazy()")).toBe("lazy one");
    await Promise.all([page.waitForEvent("load"), page.evaluate("activate()")]);
    expect(await evaluate("version")).toBe("two");
  }, 30_000);

  test("keeps the application only: patient data pass it by", async () => {
    await openAndInstall();
    await page.evaluate(async (base) => {
      await fetch(`${base}dicom-web/studies`);
      await fetch(`${base}sources/a/dicom-web/studies`);
    }, BASE);
    const kept = await page.evaluate(async () => {
      const caching = await Promise.all((await caches.keys()).map((name) => caches.open(name)));
      const requests = await Promise.all(caching.map((cache) => cache.keys()));
      return requests.flat().map(({ url }) => new URL(url).pathname);
    });
    expect(kept).toContain(`${BASE}index.html`);
    expect(kept.filter((name) => /dicom-web|sources|\.map$/.test(name))).toEqual([]);
    await page.goto(`${origin()}${BASE}dicom-web/studies`);
    expect(await page.textContent("body")).toBe("[]");
  }, 30_000);

  test("lets a refusal of the server be seen, but not that it is broken", async () => {
    await openAndInstall();
    await stopServer();
    await startServer(403);
    expect((await page.goto(`${origin()}${BASE}`))?.status()).toBe(403);
    await stopServer();
    await startServer(502);
    await page.goto(`${origin()}${BASE}`);
    expect(await evaluate("version")).toBe("one");
  }, 30_000);

  let port = 0;
  const origin = (): string => `http://localhost:${port}`;
  const evaluate = (expression: string): Promise<unknown> => page.evaluate(expression);

  async function keyId(): Promise<unknown> {
    await page.waitForFunction(() => "keyId" in globalThis);
    return evaluate("keyId");
  }

  async function openAndInstall(): Promise<void> {
    await page.goto(`${origin()}${BASE}`);
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    await keyId();
  }

  /** How many versions are kept, and whether the newest one is in charge. */
  function workerStates(): Promise<unknown> {
    return page.evaluate(async () => {
      const { installing, waiting, active } = await navigator.serviceWorker.ready;
      return {
        caches: (await caches.keys()).length,
        isSettled: installing === null && waiting === null && active?.state === "activated",
      };
    });
  }

  async function buildVersion(version: string): Promise<void> {
    const source = path.join(folder, "source");
    await mkdir(source, { recursive: true });
    const html = `<!doctype html><script type="module" src="./main.js"></script>`;
    await writeFile(path.join(source, "index.html"), html);
    await writeFile(path.join(source, "main.js"), MAIN.replace("VERSION", version));
    await writeFile(path.join(source, "lazy.js"), `export const text = "lazy ${version}";`);
    await build({
      configFile: false,
      logLevel: "error",
      root: source,
      base: "./",
      // The test runner's NODE_ENV would make this a development build.
      define: { "import.meta.env.PROD": "true" },
      build: { outDir: path.join(folder, "site"), emptyOutDir: true, sourcemap: true },
      plugins: [serviceWorker({ entry: path.join(project, "workers/service-worker.ts") })],
    });
  }

  async function startServer(failure?: number): Promise<void> {
    server = createServer((request, response) => {
      const name = new URL(request.url ?? "/", "http://x").pathname.slice(BASE.length);
      const isData = /^(dicom-web|sources)/.test(name);
      if (failure !== undefined) response.writeHead(failure).end("no");
      else if (isData) response.writeHead(200, { "content-type": "text/plain" }).end("[]");
      else
        void answerFile(name === "" || name.startsWith("viewer") ? "index.html" : name, response);
    });
    await new Promise<void>((resolve) => {
      server.listen(port, "127.0.0.1", resolve);
    });
    const address = server.address();
    if (typeof address === "object" && address !== null) port = address.port;
  }

  async function answerFile(
    name: string,
    response: Parameters<Parameters<typeof createServer>[1] & object>[1],
  ): Promise<void> {
    const file = path.join(folder, "site", name);
    if (!existsSync(file)) {
      response.writeHead(404).end();
      return;
    }
    const type = TYPES[name.split(".").at(-1) ?? ""] ?? "application/octet-stream";
    response.writeHead(200, { "content-type": type, vary: "Origin" }).end(await readFile(file));
  }

  async function stopServer(): Promise<void> {
    if (!server.listening) return;
    const closed = new Promise((resolve) => {
      server.close(resolve);
    });
    server.closeAllConnections();
    await closed;
  }
});
