import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import axe from "axe-core";
import { freePort } from "../scripts/free-port.mjs";
import { hasOrthanc } from "../scripts/orthanc.mjs";
import { hasPacs, type RunningPacs, startOrthancPacs } from "../scripts/pacs.mjs";
import { type CompanionProcess, startCompanion } from "./setup/companion-process.ts";
import { expectVisibleFocus, tabTo } from "./setup/focus.ts";
import { readPicture } from "./setup/picture.ts";
import { DATA_FOLDER } from "./setup/prepare-archive.ts";
import { type SlowRelay, startSlowRelay } from "./setup/slow-relay.ts";
import { expect, type Page, test } from "./setup/test.ts";
import {
  bareImageOnScreen,
  DEMO,
  goToFirstImage,
  openByLink,
  seriesButtons,
  studyLinks,
  studyUid,
  untilImageShown,
  viewport,
} from "./setup/viewer-page.ts";

/** Slow enough that a study of 80 MB takes some seconds, bytes per second and association. */
const SLOW = 4_000_000;

test.describe("a PACS without a web, behind the companion", () => {
  test.skip(!hasOrthanc || !hasPacs, "needs Orthanc and DCMTK");
  test.describe.configure({ mode: "serial" });
  test.slow();

  let pacs: RunningPacs;
  let relay: SlowRelay;
  let folder: string;
  let own: CompanionProcess;

  test.beforeAll(async () => {
    const dicomPort = await freePort();
    pacs = await startOrthancPacs({ knows: [{ aeTitle: "NEGATO", port: dicomPort }] });
    await pacs.load([path.join(DATA_FOLDER, "demo")]);
    relay = await startSlowRelay(pacs.port, SLOW);
    folder = await mkdtemp(path.join(tmpdir(), "negato-e2e-"));
    const remote = ["--pacs", `${pacs.aeTitle}@127.0.0.1:${relay.port}?name=pacs`];
    const options = [...remote, "--dicom-port", String(dicomPort), "--data", folder];
    own = await startCompanion(options);
  });

  test.afterAll(async () => {
    await own?.stop();
    await relay?.stop();
    await pacs?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  // First, as what fails later is told there.
  for (const [width, height] of [
    [1440, 900],
    [1024, 768],
    [390, 844],
  ] as const)
    test(`its diagnostics look as they did at ${width}×${height}`, async ({ page }) => {
      test.skip(process.platform !== "linux", "fonts of other platforms look different");
      await page.setViewportSize({ width, height });
      await page.goto(`${own.address}/?diagnostics`);
      await expect(page.getByText("ORTHANC", { exact: true })).toBeVisible();
      await page.getByRole("button", { name: "Test connection" }).click();
      await expect(page.getByText("Everything that was tried works.")).toBeVisible({
        timeout: 30_000,
      });
      expect(await violations(page)).toEqual([]);
      await expect(page).toHaveScreenshot(`diagnostics-${width}.png`, {
        mask: [page.locator("dd"), page.locator(".ms"), page.locator("li .text")],
        maskColor: "#333",
        maxDiffPixelRatio: 0.02,
        threshold: 0.2,
      });
    });

  test("lists its studies, shows the first image while the others arrive, and each image is the right one", async ({
    page,
    companion,
  }) => {
    await page.goto(own.address);
    await expect(studyLinks(page)).toHaveCount(5);
    const study = await studyUid(companion.address, DEMO.chestCt);
    await page.goto(`${own.address}/?StudyInstanceUIDs=${study}`);
    await untilImageShown(page, "any");
    await expect(wholeChest(page), "the study is still arriving").toHaveCount(0);
    relay.limit(undefined);
    await expect(wholeChest(page)).toBeVisible({ timeout: 30_000 });
    await goToFirstImage(page);
    const theirs = await picturesOfChest(page);
    await openByLink(page, companion.address, DEMO.chestCt);
    const ours = await picturesOfChest(page);
    expect(ours).toHaveLength(5);
    for (const [index, picture] of ours.entries())
      expect(differing(picture, theirs[index]), `pixels that differ in picture ${index}`).toBe(0);
  });

  test("shows another study on a phone, as its files do", async ({ browser, companion }) => {
    const context = await browser.newContext({
      viewport: { width: 390, height: 844 },
      hasTouch: true,
      isMobile: true,
    });
    const page = await context.newPage();
    const pictures: Buffer[] = [];
    for (const address of [own.address, companion.address]) {
      await openByLink(page, address, DEMO.headMr);
      for (const series of await seriesButtons(page).all()) {
        await series.click();
        await untilImageShown(page, 1);
        pictures.push(await bareImageOnScreen(page));
      }
    }
    await context.close();
    expect(pictures).toHaveLength(6);
    for (const [index, picture] of pictures.slice(3).entries())
      expect(differing(picture, pictures[index]), `pixels that differ in series ${index}`).toBe(0);
  });

  test("says what is the matter when the PACS goes away in the middle, and goes on when it is back", async ({
    page,
    companion,
  }) => {
    relay.limit(200_000);
    const prior = await studyUid(companion.address, "25CT0080213");
    await page.goto(`${own.address}/?StudyInstanceUIDs=${prior}`);
    await untilImageShown(page, "any");
    await pacs.end();
    await expect(page.getByText("The study did not arrive completely.")).toBeVisible({
      timeout: 30_000,
    });
    await untilImageShown(page, "any");
    await expect(page.getByRole("button", { name: /missing|incomplete/ })).not.toHaveText(
      / 0 missing/,
    );

    await page.getByRole("button", { name: "Back to the studies" }).click();
    const alert = page.getByRole("alert");
    await expect(alert).toContainText("The archive did not answer", { timeout: 30_000 });
    await expect(alert).toContainText("ORTHANC");
    await expect(alert.getByRole("button", { name: "Diagnostics" })).toBeVisible();

    relay.limit(undefined);
    await pacs.start();
    await alert.getByRole("button", { name: "Try again" }).click();
    await expect(studyLinks(page)).toHaveCount(5);
    await page.goto(`${own.address}/?StudyInstanceUIDs=${prior}`);
    await expect(page.getByText(/66 of 66 images/).first()).toBeVisible({ timeout: 30_000 });
  });

  test("takes up a study that broke off where it stands, by one button", async ({
    page,
    companion,
  }) => {
    relay.limit(400_000);
    const radiographs = await studyUid(companion.address, DEMO.chestRadiographs);
    await page.goto(`${own.address}/?StudyInstanceUIDs=${radiographs}`);
    await untilImageShown(page, "any");
    await pacs.end();
    const tryAgain = page.getByRole("button", { name: "Try again" }).first();
    await expect(tryAgain).toBeVisible({ timeout: 30_000 });
    await untilImageShown(page, "any");
    relay.limit(undefined);
    await pacs.start();
    await tryAgain.click();
    await untilImageShown(page, "any");
    await expect(page.getByText(/2 of 2 images · 0 missing/).first()).toBeVisible({
      timeout: 30_000,
    });
  });

  test("is examined from the viewer by keyboard: every step of the test works, and the associations are seen", async ({
    page,
  }) => {
    relay.limit(undefined);
    await page.goto(own.address);
    await expect(studyLinks(page)).toHaveCount(5);
    await tabTo(page, /^About/);
    await page.keyboard.press("Enter");
    await expect(page.getByRole("dialog")).toBeVisible();
    await tabTo(page, /^Diagnostics of the archive/);
    await page.keyboard.press("Enter");
    const diagnostics = page.locator("negato-diagnostics");
    await expect(diagnostics.getByText("ORTHANC", { exact: true })).toBeVisible();
    await tabTo(page, /^Test connection$/);
    await page.keyboard.press("Enter");
    await expect(diagnostics.getByText("Everything that was tried works.")).toBeVisible({
      timeout: 30_000,
    });
    const steps = diagnostics.getByRole("log").getByRole("listitem");
    await expect(steps.filter({ hasText: "C-ECHO" }).first()).toBeVisible();
    await expect(steps.filter({ hasText: /failed/ })).toHaveCount(0);
    await tabTo(page, /^Watch the associations$/);
    await page.keyboard.press("Enter");
    await expect(diagnostics.getByRole("cell", { name: /^C-ECHO-RQ/ }).first()).toBeVisible();
    await expect(diagnostics.getByRole("link", { name: "Save as a file" })).toHaveAttribute(
      "href",
      `${own.address}/sources/pacs/trace?download`,
    );
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await expect(page.getByRole("dialog")).toHaveCount(0);
    await expectVisibleFocus(page, /^About/);
  });
});

function wholeChest(page: Page) {
  return page.getByText(/240 of 240 images .* 0 missing/).first();
}

/** Images 1, 31, 61, 91 and 120 of the shown series, without what is written over them. */
async function picturesOfChest(page: Page): Promise<readonly Buffer[]> {
  const pictures = [await bareImageOnScreen(page)];
  for (let number = 11; number <= 91; number += 10) {
    await viewport(page).press("PageDown");
    await untilImageShown(page, number);
    if (number % 30 === 1) pictures.push(await bareImageOnScreen(page));
  }
  await viewport(page).press("End");
  await untilImageShown(page, 120);
  pictures.push(await bareImageOnScreen(page));
  return pictures;
}

/** How many bytes of two pictures differ; all when one is missing or of another size. */
function differing(one: Buffer, other: Buffer | undefined): number {
  const ours = readPicture(one).rgb;
  const theirs = other === undefined ? undefined : readPicture(other).rgb;
  return ours.filter((value, index) => value !== theirs?.[index]).length;
}

async function violations(page: Page): Promise<readonly unknown[]> {
  await page.evaluate(axe.source);
  return await page.evaluate(async () => {
    const { violations: found } = await Reflect.get(globalThis, "axe").run();
    return found.map((one: { readonly id: string; readonly nodes: readonly unknown[] }) => one.id);
  });
}
