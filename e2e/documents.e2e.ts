import type { Locator } from "@playwright/test";
import { expectVisibleFocus, tabTo } from "./setup/focus.ts";
import { expect, type Page, test } from "./setup/test.ts";
import { DEMO, openByLink, untilImageShown } from "./setup/viewer-page.ts";

test("a report is read by keyboard, and its reference brings up the slice that it speaks of", async ({
  page,
  companion,
}) => {
  await openByLink(page, companion.address, DEMO.chestCt);
  await openSeriesByKeyboard(page, /^Series 900:/);
  const dialog = page.getByRole("dialog", { name: "Imaging Measurement Report" });
  await expect(dialog).toBeVisible();
  const report = page.locator("negato-document-dialog");
  await expect(report).toContainText("complete · verified");
  await expect(report).toContainText("DEMO, Chest Maria");
  await expect(report).toContainText("9 mm");
  await tabTo(page, /soft tissue · image 24$/);
  await page.keyboard.press("Enter");
  await expect(dialog).toHaveCount(0);
  await untilImageShown(page, 24);
  await expect(page.getByText("Series 3 · Chest 2.25 mm soft tissue")).toBeVisible();
  await page.keyboard.press("ArrowDown");
  await untilImageShown(page, 25);
});

test("a PDF is drawn, its text is found, and it closes by Escape", async ({ page, companion }) => {
  await openByLink(page, companion.address, DEMO.chestCt);
  await openSeriesByKeyboard(page, /^Series 901:/);
  const dialog = page.getByRole("dialog", { name: /^Radiology report/ });
  const paper = page.locator("negato-pdf canvas").first();
  await expect.poll(() => darkCells(paper, 1, 4), { timeout: 20_000 }).toBeGreaterThanOrEqual(3);
  await expect(page.locator("negato-document-dialog")).toContainText("DEMO, Chest Maria");
  await tabTo(page, /^Find in the document$/);
  await page.keyboard.type("nodule");
  await page.keyboard.press("Enter");
  await expect(page.locator("negato-pdf").getByRole("status")).toHaveText(/\d/);
  // In a field for searching, the first Escape clears it.
  await page.keyboard.press("Escape");
  await expect(page.getByLabel("Find in the document")).toHaveValue("");
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
  await expectVisibleFocus(page, /^Series 901:/);
});

test("an ECG is drawn in all its leads and measured by keyboard", async ({ page, companion }) => {
  await openByLink(page, companion.address, DEMO.heartUs);
  await openSeriesByKeyboard(page, /^Series 2:.*ECG/);
  const dialog = page.getByRole("dialog", { name: "12-lead ECG" });
  await expect(dialog).toBeVisible();
  const curves = page.locator("negato-document-dialog");
  await expect(curves).toContainText("DEMO, Heart");
  await expect(curves).toContainText("25 mm/s");
  // Three rows of four leads and the strip of the rhythm below them.
  await expect.poll(() => darkCells(curves.locator("canvas"), 4, 4)).toBe(16);
  await tabTo(page, /12 channels/);
  await page.keyboard.press("Enter");
  await expect(curves.locator("output")).toHaveText(/^II: 1000 ms · 60\/min/);
  await page.keyboard.press("ArrowRight");
  await expect(curves.locator("output")).not.toHaveText(/1000 ms/);
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
});

/** Goes from the image to the list of series and opens one of them, by keys alone. */
async function openSeriesByKeyboard(page: Page, name: RegExp): Promise<void> {
  await tabTo(page, /^Series \d/, "Shift+Tab");
  for (let presses = 0; presses < 12; presses += 1) {
    const focused = page.locator("negato-series-list button:focus");
    if (name.test((await focused.getAttribute("aria-label")) ?? "")) break;
    await page.keyboard.press("ArrowUp");
  }
  await expectVisibleFocus(page, name);
  await page.keyboard.press("Enter");
}

/** In how many cells of a grid over a canvas something nearly black is drawn. */
async function darkCells(canvas: Locator, columns: number, rows: number): Promise<number> {
  return await canvas.evaluate(
    (element, [across, down]) => {
      if (!(element instanceof HTMLCanvasElement)) return 0;
      const { width, height } = element;
      const pixels = element.getContext("2d")?.getImageData(0, 0, width, height).data ?? [];
      const dark = new Set<number>();
      for (let at = 0; at < pixels.length; at += 4) {
        const light = Math.max(pixels[at] ?? 0, pixels[at + 1] ?? 0, pixels[at + 2] ?? 0);
        const pixel = at / 4;
        const column = Math.floor(((pixel % width) / width) * across);
        const row = Math.floor((Math.floor(pixel / width) / height) * down);
        if (light < 60 && (pixels[at + 3] ?? 0) > 200) dark.add(row * across + column);
      }
      return dark.size;
    },
    [columns, rows] as const,
  );
}
