import axe from "axe-core";
import { expectVisibleFocus, tabTo } from "./setup/focus.ts";
import { expect, type Page, test } from "./setup/test.ts";
import {
  DEMO,
  goToFirstImage,
  openByLink,
  studyLinks,
  untilImageShown,
  windowText,
} from "./setup/viewer-page.ts";

test("the keyboard alone finds a study, turns, windows and scrolls it, and comes back", async ({
  page,
  companion,
}) => {
  await page.goto(companion.address);
  await expect(studyLinks(page)).not.toHaveCount(0);
  await tabTo(page, /^Patient name$/);
  await page.keyboard.type("yamada");
  await expect(studyLinks(page)).toHaveCount(1);
  await page.keyboard.press("ArrowDown");
  await expectVisibleFocus(page, /^Yamada/);
  await page.keyboard.press("Enter");
  await goToFirstImage(page);
  await expectVisibleFocus(page, /image 1 of/i);

  const letterAbove = page.locator('negato-annotations [data-edge="top"]');
  const above = (await letterAbove.textContent()) ?? "";
  await page.keyboard.press("r");
  await expect(letterAbove).not.toHaveText(above);
  const before = (await windowText(page).textContent()) ?? "";
  await page.keyboard.press("Shift+ArrowRight");
  await expect(windowText(page)).not.toHaveText(before);
  await page.keyboard.press("ArrowDown");
  await untilImageShown(page, 2);

  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keys and gestures" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expectVisibleFocus(page, /image 2 of/i);

  await tabTo(page, /^Back to the studies$/, "Shift+Tab");
  await page.keyboard.press("Enter");
  await expect(studyLinks(page)).toHaveCount(1);
  await expectVisibleFocus(page, /^Yamada/);
});

for (const [width, height] of [
  [1440, 900],
  [390, 844],
] as const) {
  test(`axe finds nothing on list, viewer and dialogs at ${width}×${height}`, async ({
    page,
    companion,
  }) => {
    await page.setViewportSize({ width, height });
    await page.goto(companion.address);
    await expect(studyLinks(page)).not.toHaveCount(0);
    await expectAccessible(page);
    await openByLink(page, companion.address, DEMO.chestCt);
    await expectAccessible(page);
    await page.keyboard.press("?");
    await expect(page.getByRole("dialog", { name: "Keys and gestures" })).toBeVisible();
    await expectAccessible(page);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: /^About/ }).click();
    await expect(page.locator("negato-about-dialog").getByRole("dialog")).toBeVisible();
    await expectAccessible(page);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: /Measurement/ }).click();
    await expect(page.locator("negato-document-dialog").getByText(/DEMO/).first()).toBeVisible();
    await expectAccessible(page);
  });
}

async function expectAccessible(page: Page): Promise<void> {
  await page.evaluate(axe.source);
  const violations = await page.evaluate<readonly string[]>(
    `axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) => violations.map(
      ({ id, nodes }) => id + ": " + nodes.map(({ html, target }) => target + " " + html).join(" | ")))`,
  );
  expect(violations).toEqual([]);
}
