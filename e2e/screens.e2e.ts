import { expect, type Page, test } from "./setup/test.ts";
import { DEMO, openByLink, seriesButtons, studyLinks } from "./setup/viewer-page.ts";

const SIZES = [
  { width: 1440, height: 900 },
  { width: 1024, height: 768 },
  { width: 390, height: 844 },
] as const;

test.describe("the main screens look as they did", () => {
  test.skip(process.platform !== "linux", "fonts of other platforms look different");

  for (const size of SIZES) {
    test(`at ${size.width}×${size.height}`, async ({ page, companion }) => {
      test.slow();
      await page.setViewportSize(size);
      const { address } = companion;
      await page.goto(address);
      await expect(studyLinks(page)).not.toHaveCount(0);
      await expectScreen(page, "list", size.width);

      await openByLink(page, address, DEMO.chestCt);
      await expectThumbnails(page, 2);
      await expectScreen(page, "ct", size.width);

      await seriesButtons(page).filter({ hasText: "Measurement" }).click();
      await expect(page.locator("negato-document-dialog").getByText(/DEMO/).first()).toBeVisible();
      await expectScreen(page, "report", size.width);
      await page.keyboard.press("Escape");
      await expect(page.getByRole("dialog")).toHaveCount(0);

      await page.keyboard.press("?");
      await expect(page.getByRole("dialog", { name: "Keys and gestures" })).toBeVisible();
      await expectScreen(page, "keys", size.width);
      await page.keyboard.press("Escape");

      await openByLink(page, address, DEMO.heartUs);
      await expectThumbnails(page, 1);
      await page.keyboard.press("PageDown");
      await expectScreen(page, "us", size.width);
      await seriesButtons(page).filter({ hasText: "ECG" }).click();
      await expect(page.locator("negato-waveform canvas")).toBeVisible();
      await expectScreen(page, "ecg", size.width);
      await page.keyboard.press("Escape");

      await openByLink(page, address, DEMO.chestRadiographs);
      await expectThumbnails(page, 2);
      await expect(page.getByText("Heart border")).toBeVisible();
      await expectScreen(page, "state", size.width);
      await page.keyboard.press("t");
      await expect(page.getByRole("treeitem").first()).toBeVisible();
      await expectScreen(page, "tags", size.width);
    });
  }
});

/** Waits until the pictures of the first series stand. */
async function expectThumbnails(page: Page, count: number): Promise<void> {
  await expect(page.locator("negato-thumbnail[drawn]")).toHaveCount(count, { timeout: 20_000 });
}

/**
 * Compares the page; what counts up while images arrive is left out where no dialog lies over it, and so is the
 * version.
 */
async function expectScreen(page: Page, name: string, width: number): Promise<void> {
  await page.mouse.move(0, 0);
  const isCovered = (await page.getByRole("dialog").count()) > 0;
  const counting = [
    page.locator("negato-stack-slider"),
    page.locator("negato-series-list progress"),
  ];
  await expect(page).toHaveScreenshot(`${name}-${width}.png`, {
    mask: [...(isCovered ? [] : counting), page.getByText(/Negato \d+\.\d+/)],
    maskColor: "#333",
    maxDiffPixelRatio: 0.02,
    threshold: 0.2,
    timeout: 20_000,
  });
}
