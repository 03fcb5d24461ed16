import { expect, type Page, test } from "./setup/test.ts";
import { openFirstStudy, studyRows, untilImageShown, viewport } from "./setup/viewer-page.ts";

test("a stranger finds a study, reads it, and reads it again with the server gone", async ({
  page,
  companion,
}) => {
  const frames = framesAsked(page);

  await page.goto(companion.address);
  await expect(studyRows(page)).not.toHaveCount(0);
  await page.getByLabel("Patient name").fill("demo^chest*");
  await expect(studyRows(page).first()).toHaveText(/DEMO, Chest/);
  await studyRows(page).first().click();
  await untilImageShown(page, 1);
  await expect(page).toHaveURL(/StudyInstanceUIDs=/);
  expect(await page.title()).not.toMatch(/demo/i);

  await viewport(page).focus();
  await page.keyboard.press("ArrowDown");
  await untilImageShown(page, 2);
  await viewport(page).hover();
  await page.mouse.wheel(0, 100);
  await untilImageShown(page, 3);
  await dragBy(page, 60, 20);
  await expect(page.getByText(/^W \d+/)).not.toHaveText(/W 400/);

  await wholeStackIsKept(page);
  await page.evaluate(async () => await navigator.serviceWorker.ready);
  await companion.stop();
  frames.length = 0;
  await page.reload();
  await untilImageShown(page, 1);
  await viewport(page).focus();
  await page.keyboard.press("End");
  await untilImageShown(page);
  await expect(page.getByText(/offline|unverified/i).first()).toBeVisible();
  expect(frames).toEqual([]);
});

test("a study that was seen opens again without asking for one frame", async ({
  page,
  companion,
}) => {
  await openFirstStudy(page, companion.address, { modality: "CT" });
  await wholeStackIsKept(page);
  const frames = framesAsked(page);
  await page.reload();
  await untilImageShown(page, 1);
  await viewport(page).focus();
  await page.keyboard.press("PageDown");
  await untilImageShown(page, 11);
  expect(frames).toEqual([]);
});

test("a link to a study that does not exist says so, and shows nobody else's images", async ({
  page,
  companion,
}) => {
  await page.goto(`${companion.address}/?StudyInstanceUIDs=1.2.3.4.5`);
  await expect(
    page
      .getByRole("alert")
      .or(page.getByRole("status"))
      .filter({ hasText: /not|no/i })
      .first(),
  ).toBeVisible();
  await expect(page.getByText(/DEMO/)).toHaveCount(0);
});

/** Addresses of all frames that the page asks for from now on. */
function framesAsked(page: Page): string[] {
  const asked: string[] = [];
  page.context().on("request", (request) => {
    if (/\/frames\/\d/.test(request.url())) asked.push(request.url());
  });
  return asked;
}

async function dragBy(page: Page, x: number, y: number): Promise<void> {
  const box = await viewport(page).boundingBox();
  if (box === null) throw new Error("The viewport is not on the screen.");
  const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  await page.mouse.move(middle.x, middle.y);
  await page.mouse.down();
  await page.mouse.move(middle.x + x, middle.y + y, { steps: 4 });
  await page.mouse.up();
}

/** Waits until every image of the open stack is kept on this computer. */
async function wholeStackIsKept(page: Page): Promise<void> {
  await expect(
    page
      .getByRole("button", { name: /^Series/ })
      .first()
      .getByLabel("Kept on this computer"),
  ).toHaveJSProperty("value", 1, { timeout: 60_000 });
}
