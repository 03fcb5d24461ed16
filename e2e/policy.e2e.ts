import { gzipSync } from "node:zlib";
import type { Gateway } from "./setup/gateway.ts";
import { expect, type Page, test } from "./setup/test.ts";
import {
  DEMO,
  dragBy,
  goToFirstImage,
  openFromList,
  seriesButtons,
  studyRow,
  studyUid,
  untilImageShown,
} from "./setup/viewer-page.ts";

/** HTML, CSS and JavaScript that must arrive before the first image, without codecs; bytes after gzip. */
const APP_SHELL_LIMIT = 90_000;
/**
 * Tools, other series, kept images, priors, pictures of buttons, and drawing with graphics, which software does as well:
 * they load while the first image is on the wire.
 */
const AFTER_FIRST_IMAGE =
  /\/assets\/(negato-toolbar|menu-keys|command-labels|negato-series-list|negato-stack-slider|repeat|patient-cache|schema|prior-studies|study-details|sop-class-names|presentation-references|graphics-words|study-list-entry|icons|gl-painter|service-worker-registration)\b/;
/** Adapters, glue code and WASM of the codecs, and what only they import. */
const CODEC =
  /\/assets\/(?:(?:lib)?(?:openjpeg|jpeg|charls|openjph|rle)|kernel|byte-reader|codec-runtime|decode-with|stored-samples|iso-boxes).*\.(?:js|wasm)$/i;
/** The WASM of a codec, by the name of its format. */
const CODEC_WASM = /\/assets\/(?:lib)?(openjpeg|charls|openjph|kernels)[^/]*\.wasm$/;

test("a whole journey breaks no policy, asks nobody else, and leaves no name behind", async ({
  page,
  companion,
}) => {
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  const foreign: string[] = [];
  page.context().on("request", (request) => {
    const { origin, protocol } = new URL(request.url());
    if (origin !== companion.address && !["blob:", "data:"].includes(protocol))
      foreign.push(request.url());
  });

  await openFromList(page, companion.address, DEMO.chestCt);
  await page.keyboard.press("PageDown");
  await untilImageShown(page, 11);
  await dragBy(page, 40, 10);
  await seriesButtons(page).filter({ hasText: "Measurement" }).click();
  await expect(page.locator("negato-document-dialog").getByText(/DEMO/).first()).toBeVisible();
  await page.keyboard.press("Escape");
  await page.evaluate(async () => await navigator.serviceWorker.ready);
  await expectNoNames(page);
  await page.getByRole("button", { name: "Back to the studies" }).click();
  await page.getByLabel("Patient name").fill("demo");
  await expect(studyRow(page, DEMO.headMr)).toHaveCount(0);
  await studyRow(page, DEMO.heartUs).getByRole("link").click();
  await goToFirstImage(page);
  await page.keyboard.press("Space");
  await expect(page.getByRole("application")).not.toHaveAccessibleName(/image 1 of 40/i);
  await expectNoNames(page);
  expect(complaints).toEqual([]);
  expect(foreign).toEqual([]);
});

test("every answer of the companion carries the headers that protect it", async ({ companion }) => {
  for (const path of ["/", "/dicom-web/studies", "/dicom-web/studies/1.2.3/metadata", "/nothing"]) {
    const { headers } = await fetch(companion.address + path);
    expect(headers.get("content-security-policy")).toContain(
      "script-src 'self' 'wasm-unsafe-eval'",
    );
    expect(headers.get("content-security-policy")).not.toContain("unsafe-inline");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
  }
});

test("the application that must arrive before the first image is small, and its codecs come when needed", async ({
  page,
  companion,
  gatewayTo,
}) => {
  const gateway = await gatewayTo({ viewer: companion.address });
  const early = await askedBeforeFirstImage(page, gateway, DEMO.chestCt);
  const all = await bytesOf(early, companion.address);
  // What can be refused and the image is shown all the same did not have to arrive before it.
  gateway.decide((asked) => (AFTER_FIRST_IMAGE.test(asked) ? "refuse" : "pass"));
  const needed = await askedBeforeFirstImage(page, gateway, DEMO.chestCt);
  const shell = await bytesOf(
    needed.filter((asked) => !AFTER_FIRST_IMAGE.test(asked)),
    companion.address,
  );
  process.stdout.write(`app shell: ${shell} bytes gzip; ${all} were asked for before the image\n`);
  expect(shell).toBeGreaterThan(20_000);
  expect(shell).toBeLessThanOrEqual(APP_SHELL_LIMIT);

  expect(codecsOf(early)).toEqual(["openjpeg"]);
  expect(codecsOf(await askedBeforeFirstImage(page, gateway, DEMO.heartUs))).toEqual(["kernels"]);
});

/** Paths of what a browser that knows nothing yet asked for until the first image of a study was on the screen. */
async function askedBeforeFirstImage(
  page: Page,
  gateway: Gateway,
  accession: string,
): Promise<readonly string[]> {
  const context = await page.context().browser()?.newContext({ serviceWorkers: "block" });
  if (context === undefined) throw new Error("There is no browser.");
  const fresh = await context.newPage();
  await fresh.addInitScript(() => {
    const shown = new Promise((resolve) => {
      addEventListener("negato-image-shown", () => resolve(Date.now()), { once: true });
    });
    Object.assign(globalThis, { firstImageShown: shown });
  });
  const study = await studyUid(gateway.address, accession);
  const before = gateway.requests.length;
  await fresh.goto(`${gateway.address}/?StudyInstanceUIDs=${study}`);
  const shownAt = Number(await fresh.evaluate("firstImageShown"));
  await context.close();
  return gateway.requests
    .slice(before)
    .filter(({ at }) => at <= shownAt)
    .map(({ path }) => path.split("?")[0] ?? "");
}

/** Bytes of the HTML, CSS and JavaScript among the paths after gzip, without codecs. */
async function bytesOf(paths: readonly string[], address: string): Promise<number> {
  const shell = paths.filter((path) => /\.(js|css)$|^\/$/.test(path) && !CODEC.test(path));
  const sizes = await Promise.all([...new Set(shell)].map((path) => gzipSize(address + path)));
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function gzipSize(url: string): Promise<number> {
  const response = await fetch(url);
  expect(response.status).toBe(200);
  return gzipSync(new Uint8Array(await response.arrayBuffer()), { level: 9 }).length;
}

/** Which codecs are among the paths; each has a WASM module. */
function codecsOf(paths: readonly string[]): readonly string[] {
  const names = paths.flatMap((path) => CODEC_WASM.exec(path)?.[1] ?? []);
  return [...new Set(names)].sort();
}

/** No name or ID of a patient in what outlives the page or is seen beside it: title, address, unencrypted storage. */
async function expectNoNames(page: Page): Promise<void> {
  const seen = await page.evaluate(async () => {
    const cached = await Promise.all(
      (await caches.keys()).map(async (name) => {
        const requests = await (await caches.open(name)).keys();
        return requests.map(({ url }) => url);
      }),
    );
    const stored = [{ ...localStorage }, { ...sessionStorage }, history.state];
    return JSON.stringify([document.title, location.href, document.cookie, stored, cached]);
  });
  expect(seen).not.toMatch(/demo\b|chest|maria|heart|s.ren|4471|dicom-web/i);
}
