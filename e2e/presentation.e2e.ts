import { differenceFromMiddle, type Picture, readPicture } from "./setup/picture.ts";
import { expect, type Page, test } from "./setup/test.ts";
import {
  bareImageOnScreen,
  DEMO,
  type InstanceAddress,
  instanceOf,
  instanceUrl,
  middleOfImage,
  openAt,
  openByLink,
  seriesButtons,
  untilImageShown,
  windowText,
} from "./setup/viewer-page.ts";

test("a presentation state is applied and named, goes with the image, and leaves it as it was when taken off", async ({
  page,
  companion,
}) => {
  const { address } = companion;
  await openByLink(page, address, DEMO.chestRadiographs);
  await expectState(page, true);
  await expect(windowText(page)).toHaveText(/^W 3200\s+L 1950/);

  const upright = await arrowOnScreen(page);
  await page.keyboard.press("r");
  await expect(page.locator('negato-annotations [data-edge="right"]')).toHaveText("H");
  const turned = await arrowOnScreen(page);
  const ratio = turned.width / upright.height;
  expect(turned.height / upright.width).toBeCloseTo(ratio, 1);
  expect(turned.x).toBeCloseTo(-upright.y * ratio, -1);
  expect(turned.y).toBeCloseTo(upright.x * ratio, -1);
  await page.keyboard.press("Shift+R");
  await expect(page.locator('negato-annotations [data-edge="top"]')).toHaveText("H");
  const before = await arrowOnScreen(page);
  await page.keyboard.press("+");
  await expect.poll(async () => (await arrowOnScreen(page)).height).toBeGreaterThan(before.height);
  const zoomed = await arrowOnScreen(page);
  const factor = zoomed.height / before.height;
  expect(zoomed.x).toBeCloseTo(before.x * factor, -1);
  expect(zoomed.y).toBeCloseTo(before.y * factor, -1);

  await page.keyboard.press("b");
  await expectState(page, false);
  await expect(windowText(page)).not.toHaveText(/^W 3200\s+L 1950/);
  const image = await instanceOf(address, DEMO.chestRadiographs, 1, 1);
  await expectPicture(page, await rendered(address, image));

  await page.keyboard.press("b");
  await expectState(page, true);
  await page.keyboard.press("g");
  await expect(page.getByText("Heart border")).toHaveCount(0);
  await expect(page.getByText("graphics hidden")).toBeVisible();
});

test("an overlay is drawn as the companion draws it, and that it is hidden is said", async ({
  page,
  companion,
}) => {
  const { address } = companion;
  const image = await instanceOf(address, DEMO.chestRadiographs, 2, 1);
  await openAt(page, address, image);
  await untilImageShown(page, 1);
  await expectPicture(page, await rendered(address, image));
  await page.keyboard.press("f");
  const shown = readPicture(await bareImageOnScreen(page));
  await page.keyboard.press("l");
  await expect(page.getByText("overlay hidden")).toBeVisible();
  const hidden = readPicture(await bareImageOnScreen(page));
  expect(differenceFromMiddle(shown, hidden)).toBeGreaterThan(30);
  await page.keyboard.press("l");
  await expect(page.getByText("overlay hidden")).toHaveCount(0);
  expect(differenceFromMiddle(shown, readPicture(await bareImageOnScreen(page)))).toBe(0);
});

test("key images wear a star and its reason, and the key K goes from one to the next", async ({
  page,
  companion,
}) => {
  await openByLink(page, companion.address, DEMO.chestCt);
  await expect(seriesButtons(page).first()).toHaveAccessibleName(/2 key images/);
  const star = page.getByText("★ Of Interest: Nodule in the right lung, 9 mm");
  await expect(star).toHaveCount(0);
  await page.keyboard.press("k");
  await untilImageShown(page, 24);
  await expect(star).toBeVisible();
  await page.keyboard.press("k");
  await untilImageShown(page, 25);
  await expect(star).toBeVisible();
  await page.keyboard.press("Shift+K");
  await untilImageShown(page, 24);
  await page.keyboard.press("ArrowUp");
  await untilImageShown(page, 23);
  await expect(star).toHaveCount(0);
});

/** Whether the presentation state is on: in the corner and over the image. */
async function expectState(page: Page, isOn: boolean): Promise<void> {
  await expect(page.getByText("Presentation state: HEART")).toHaveCount(isOn ? 1 : 0);
  await expect(page.getByText("Heart border")).toHaveCount(isOn ? 1 : 0);
  await expect(page.getByText("presentation state not applied")).toHaveCount(isOn ? 0 : 1);
}

/** The arrow of the presentation state: its middle from that of the image, and its size, CSS pixels. */
async function arrowOnScreen(
  page: Page,
): Promise<{ x: number; y: number; width: number; height: number }> {
  const middle = await middleOfImage(page);
  const box = await page.locator("negato-graphics svg g").first().boundingBox();
  if (box === null) throw new Error("There is no arrow.");
  const { x, y, width, height } = box;
  return { x: x + width / 2 - middle.x, y: y + height / 2 - middle.y, width, height };
}

/** At 1:1, what is on the screen is the middle of this picture, to a grey level. */
async function expectPicture(page: Page, picture: Picture): Promise<void> {
  await page.keyboard.press("o");
  await expect(page.getByText(/^Zoom 1:1/)).toBeVisible();
  await expect(async () => {
    const ours = readPicture(await bareImageOnScreen(page));
    expect(differenceFromMiddle(ours, picture)).toBeLessThanOrEqual(1);
  }).toPass({ timeout: 20_000 });
}

/** The whole image as the companion renders it for others. */
async function rendered(address: string, image: InstanceAddress): Promise<Picture> {
  const response = await fetch(`${instanceUrl(address, image)}/rendered`, {
    headers: { accept: "image/png" },
  });
  expect(response.status).toBe(200);
  return readPicture(new Uint8Array(await response.arrayBuffer()));
}
