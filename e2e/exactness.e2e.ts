import { createHash } from "node:crypto";
import { expectVisibleFocus, tabTo } from "./setup/focus.ts";
import { expect, test } from "./setup/test.ts";
import {
  DEMO,
  hashOnScreen,
  instanceOf,
  instanceUrl,
  onlyPart,
  openAt,
  untilImageShown,
} from "./setup/viewer-page.ts";

/** A frame as its stored values, little endian. */
const AS_VALUES =
  'multipart/related; type="application/octet-stream"; transfer-syntax=1.2.840.10008.1.2.1';

for (const [accession, series, image, verdict] of [
  [DEMO.chestCt, 3, 24, /^exact · JPEG 2000/],
  [DEMO.chestCt, 4, 60, /^exact · uncompressed/i],
  [DEMO.headMr, 2, 5, /^exact · RLE/],
  [DEMO.chestRadiographs, 1, 1, /^exact · JPEG 2000/],
  [DEMO.heartUs, 1, 1, /^lossy · JPEG/],
] as const)
  test(`the hash in the record is that of the archive's values: ${accession}, series ${series}`, async ({
    page,
    companion,
  }) => {
    const { address } = companion;
    const instance = await instanceOf(address, accession, series, image);
    await openAt(page, address, instance);
    await untilImageShown(page, image);
    await page.keyboard.press("e");
    const card = page.getByRole("dialog", { name: "How exact the pixels are" });
    await expect(card.locator(".verdict span")).toHaveText(verdict);
    const values = await onlyPart(`${instanceUrl(address, instance)}/frames/1`, AS_VALUES);
    expect(await hashOnScreen(page)).toBe(createHash("sha256").update(values).digest("hex"));
    await page.keyboard.press("Escape");
    await expect(card).toHaveCount(0);
    await expectVisibleFocus(page, /image \d+ of/i);
  });

test("the tags of an image are searched and walked by keyboard, under the name of their patient", async ({
  page,
  companion,
}) => {
  const instance = await instanceOf(companion.address, DEMO.chestRadiographs, 1, 1);
  await openAt(page, companion.address, instance);
  await untilImageShown(page, 1);
  await page.keyboard.press("t");
  const panel = page.getByRole("complementary", { name: "Tags" });
  await expect(panel).toContainText("DEMO, Chest Maria");
  await expectVisibleFocus(page, /^Attributes$/);
  const active = panel.getByRole("treeitem", { selected: true });
  const first = (await active.textContent()) ?? "";
  await page.keyboard.press("ArrowDown");
  await expect(active).not.toHaveText(first);
  await page.keyboard.press("End");
  await expect(active).toBeInViewport();
  await page.keyboard.press("Home");
  await expect(active).toHaveText(first);

  await tabTo(page, /^Search by name/, "Shift+Tab");
  await page.keyboard.type("sop instance");
  await expect(panel.getByRole("status").first()).toHaveText(/^\d+ found$/);
  await expect(panel.getByRole("treeitem").first()).toContainText(instance.sopInstanceUid);
  await page.keyboard.press("Escape");
  await page.keyboard.type("photometric");
  await expect(panel.getByRole("treeitem")).toHaveCount(1);
  await page.keyboard.press("ArrowDown");
  await expectVisibleFocus(page, /^Attributes$/);
  await expect(active).toContainText("MONOCHROME1");
  await page.keyboard.press("Escape");
  await expect(panel).toHaveCount(0);
  await expectVisibleFocus(page, /image 1 of/i);
});
