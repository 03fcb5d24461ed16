import { expect, type Page, test } from "./setup/test.ts";
import {
  DEMO,
  dragBy,
  framesAsked,
  goToFirstImage,
  openByLink,
  seriesButtons,
  studyLinks,
  untilImageShown,
  viewport,
  windowText,
} from "./setup/viewer-page.ts";

/** The images of the first series of the head MR, one of each other for its thumbnail, and what is said about them. */
const KEPT_RECORDS = 24 + 2 + 1;

test("a stranger finds a study, scrolls, windows, and reads it again with the server gone", async ({
  page,
  ownCompanion,
}) => {
  await page.goto(ownCompanion.address);
  await expect(studyLinks(page)).not.toHaveCount(0);
  await page.getByLabel("Patient name").fill("yam*tarou");
  await expect(studyLinks(page)).toHaveText(["Yamada, Tarou"]);
  await studyLinks(page).click();
  await goToFirstImage(page);
  await expect(page).toHaveURL(/StudyInstanceUIDs=/);

  await page.keyboard.press("ArrowDown");
  await untilImageShown(page, 2);
  await viewport(page).hover();
  await page.mouse.wheel(0, 100);
  await untilImageShown(page, 3);
  const before = (await windowText(page).textContent()) ?? "";
  await dragBy(page, 60, 20);
  await expect(windowText(page)).not.toHaveText(before);
  await page.getByRole("button", { name: "Window presets" }).click();
  await page.getByRole("menuitemradio").first().click();
  await expect(windowText(page)).toHaveText(before);

  await seriesIsKept(page);
  await ownCompanion.stop();
  const frames = framesAsked(page);
  await page.reload();
  await goToFirstImage(page);
  await expect(page.getByText(/^as of .*unverified$/i)).toBeVisible();
  await page.keyboard.press("End");
  await untilImageShown(page, "last");
  expect(frames).toEqual([]);
});

test("a study that was seen opens again without asking for one frame", async ({
  page,
  companion,
}) => {
  await openByLink(page, companion.address, DEMO.headMr);
  await seriesIsKept(page);
  const frames = framesAsked(page);
  await page.reload();
  await goToFirstImage(page);
  for (const key of ["PageDown", "End", "Home"]) await page.keyboard.press(key);
  await untilImageShown(page, 1);
  await expect(page.getByText(/unverified/i)).toHaveCount(0);
  expect(frames).toEqual([]);
});

/** Waits until every image of the open series is kept on this computer, and the application itself. */
async function seriesIsKept(page: Page): Promise<void> {
  const kept = seriesButtons(page)
    .first()
    .getByRole("progressbar", { name: "Kept on this computer" });
  await expect(kept).toHaveJSProperty("value", 1, { timeout: 40_000 });
  await page.evaluate(async () => await navigator.serviceWorker.ready);
  await expect.poll(() => keptRecords(page)).toBeGreaterThanOrEqual(KEPT_RECORDS);
}

/** How many sealed records lie in the page's database: one per frame, and the metadata. */
async function keptRecords(page: Page): Promise<number> {
  return await page.evaluate(
    async () =>
      await new Promise<number>((resolve, reject) => {
        const opening = indexedDB.open("negato-cache");
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
          const counting = opening.result.transaction("records").objectStore("records").count();
          counting.onsuccess = () => {
            opening.result.close();
            resolve(counting.result);
          };
        };
      }),
  );
}
