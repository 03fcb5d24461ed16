import type { CDPSession } from "@playwright/test";
import { expect, type Page, test } from "./setup/test.ts";
import {
  DEMO,
  goToFirstImage,
  imageOnScreen,
  middleOfImage,
  openByLink,
  seriesButtons,
  studyLinks,
  untilImageShown,
  viewport,
} from "./setup/viewer-page.ts";

interface Point {
  readonly x: number;
  readonly y: number;
}

test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

test("fingers open a study, scroll, zoom and pan it, and reach every tool", async ({
  page,
  companion,
}) => {
  await page.goto(companion.address);
  await studyLinks(page).filter({ hasText: "Yamada" }).tap();
  await goToFirstImage(page);
  await expectNoOverflow(page);

  const touch = await page.context().newCDPSession(page);
  const { x, y } = await middleOfImage(page);
  await drag(touch, [{ x, y: y - 60 }], [{ x, y: y + 60 }]);
  await expect(viewport(page)).not.toHaveAccessibleName(/image 1 of/i);
  await viewport(page).press("Home");
  await untilImageShown(page, 1);

  const fitted = await imageOnScreen(page);
  await drag(
    touch,
    [
      { x: x - 30, y },
      { x: x + 30, y },
    ],
    [
      { x: x - 90, y },
      { x: x + 90, y },
    ],
  );
  await expect.poll(async () => (await imageOnScreen(page)).equals(fitted)).toBe(false);
  const zoomed = await imageOnScreen(page);
  await drag(
    touch,
    [
      { x: x - 30, y },
      { x: x + 30, y },
    ],
    [
      { x: x - 30, y: y + 80 },
      { x: x + 30, y: y + 80 },
    ],
  );
  await expect.poll(async () => (await imageOnScreen(page)).equals(zoomed)).toBe(false);
  await untilImageShown(page, 1);

  const reset = page.getByRole("menuitem", { name: /^Reset/ });
  await expect(async () => {
    await page.getByRole("button", { name: "More tools" }).tap();
    await expect(reset).toBeVisible({ timeout: 2000 });
  }).toPass();
  await reset.tap();
  await expect.poll(async () => (await imageOnScreen(page)).equals(fitted)).toBe(true);
});

test("nothing is wider than the screen, upright or on its side, and targets fit a finger", async ({
  page,
  companion,
}) => {
  await page.goto(companion.address);
  await expect(studyLinks(page)).not.toHaveCount(0);
  await expectNoOverflow(page);
  await openByLink(page, companion.address, DEMO.headMr);
  for (const size of [
    { width: 390, height: 844 },
    { width: 844, height: 390 },
  ]) {
    await page.setViewportSize(size);
    const tools = page.getByRole("toolbar", { name: "Tools" });
    await expect(tools).toBeInViewport({ ratio: 0.99 });
    await expect(viewport(page)).toBeInViewport({ ratio: 0.99 });
    await expectNoOverflow(page);
    for (const tool of await tools.getByRole("button").all()) {
      const box = await tool.boundingBox();
      expect(Math.min(box?.width ?? 0, box?.height ?? 0)).toBeGreaterThanOrEqual(44);
    }
  }
});

test("fingers reach tags, report and ECG, and read them without moving the page sideways", async ({
  page,
  companion,
}) => {
  await openByLink(page, companion.address, DEMO.chestCt);
  await page.getByRole("button", { name: "More tools" }).tap();
  await page.getByRole("menuitemcheckbox", { name: /^Tags/ }).tap();
  const tags = page.getByRole("complementary", { name: "Tags" });
  await expect(tags).toContainText("DEMO, Chest Maria");
  await expect(tags).toBeInViewport({ ratio: 0.99 });
  await expectNoOverflow(page);
  await tags.getByRole("searchbox").tap();
  await page.keyboard.type("slice thickness");
  await expect(tags.getByRole("treeitem").first()).toContainText("2.25");
  await tags.getByRole("button", { name: "Close the tags" }).tap();
  await expect(tags).toHaveCount(0);

  await seriesButtons(page).filter({ hasText: "Measurement" }).tap();
  await expectDialogFits(page, "Imaging Measurement Report");
  await expect(page.locator("negato-report")).toContainText("9 mm");
  await page.getByRole("button", { name: /soft tissue · image 24$/ }).tap();
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await untilImageShown(page, 24);

  await openByLink(page, companion.address, DEMO.heartUs);
  await seriesButtons(page).filter({ hasText: "ECG" }).tap();
  await expectDialogFits(page, "12-lead ECG");
  await page.getByRole("button", { name: "Measure by touch" }).tap();
  await expect(page.locator("negato-trace-sheet")).toHaveAttribute("measuring");
  const touch = await page.context().newCDPSession(page);
  const paper = await page.locator("negato-trace-sheet canvas").boundingBox();
  const start = { x: (paper?.x ?? 0) + 60, y: (paper?.y ?? 0) + 40 };
  await drag(touch, [start], [{ x: start.x + 80, y: start.y }]);
  await expect(page.locator("negato-trace-sheet output")).toHaveText(/\d ms · \d+\/min/);
  // A tap that stops a page which still moves does nothing else.
  await expect(async () => {
    await page.getByRole("button", { name: "Close" }).tap({ timeout: 1000 });
    await expect(page.getByRole("dialog")).toHaveCount(0, { timeout: 2000 });
  }).toPass({ timeout: 15_000 });
});

async function expectDialogFits(page: Page, name: string): Promise<void> {
  await expect(page.getByRole("dialog", { name })).toBeInViewport({ ratio: 0.99 });
  await expectNoOverflow(page);
}

async function expectNoOverflow(page: Page): Promise<void> {
  const [content, screen] = await page.evaluate(() => [
    document.documentElement.scrollWidth,
    window.innerWidth,
  ]);
  expect(content).toBeLessThanOrEqual(screen ?? 0);
}

/** Puts fingers on the screen, moves them together in steps, and lifts them. */
async function drag(
  touch: CDPSession,
  from: readonly Point[],
  to: readonly Point[],
): Promise<void> {
  const steps = 6;
  const send = async (type: "touchStart" | "touchMove" | "touchEnd", share: number) => {
    const touchPoints = from.map((start, id) => {
      const end = to[id] ?? start;
      return { id, x: start.x + (end.x - start.x) * share, y: start.y + (end.y - start.y) * share };
    });
    await touch.send("Input.dispatchTouchEvent", {
      type,
      touchPoints: type === "touchEnd" ? [] : touchPoints,
    });
  };
  await send("touchStart", 0);
  for (let step = 1; step <= steps; step += 1) await send("touchMove", step / steps);
  await send("touchEnd", 1);
}
