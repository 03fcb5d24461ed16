import { execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { hasDcmtk } from "../scripts/system-parts.mjs";
import { differenceFromMiddle, type Picture, readPicture } from "./setup/picture.ts";
import { expect, type Page, test } from "./setup/test.ts";
import {
  bareImageOnScreen,
  DEMO,
  type InstanceAddress,
  instanceOf,
  instanceUrl,
  onlyPart,
  openAt,
  untilImageShown,
  viewport,
  windowText,
} from "./setup/viewer-page.ts";

/** The whole object in the transfer syntax in which the archive holds it. */
const AS_STORED = 'multipart/related; type="application/dicom"; transfer-syntax=*';

test.describe("the image at 1:1, compared with that of DCMTK", () => {
  test.skip(!hasDcmtk(), "needs DCMTK");

  test("an uncompressed CT slice is the same to a grey level, in its own window and another", async ({
    page,
    companion,
  }) => {
    const { address } = companion;
    const image = await instanceOf(address, DEMO.chestCt, 4, 60);
    await openOneToOne(page, address, image);
    await untilImageShown(page, 60);
    for (const key of ["Digit0", "Digit1"]) {
      await page.keyboard.press(key);
      await expect(async () => {
        const { center, width } = await windowOnScreen(page);
        const theirs = await dcmtkPicture(address, image, ["+Ww", center, width]);
        const ours = readPicture(await bareImageOnScreen(page));
        expect(theirs.width).toBe(512);
        expect(differenceFromMiddle(theirs, ours)).toBeLessThanOrEqual(1);
      }).toPass({ timeout: 20_000 });
    }
  });

  test("a JPEG ultrasound frame has the same colours to three levels", async ({
    page,
    companion,
  }) => {
    const { address } = companion;
    const image = await instanceOf(address, DEMO.heartUs, 1, 1);
    await openOneToOne(page, address, image);
    await page.keyboard.press("PageDown");
    await untilImageShown(page, 11);
    const theirs = await dcmtkPicture(address, image, ["+F", "11"]);
    const ours = readPicture(await bareImageOnScreen(page));
    expect(theirs.width).toBe(800);
    expect(differenceFromMiddle(theirs, ours)).toBeLessThanOrEqual(3);
  });
});

async function openOneToOne(page: Page, address: string, image: InstanceAddress): Promise<void> {
  await openAt(page, address, image);
  await expect(viewport(page)).toHaveAccessibleName(/image \d+ of/i);
  await page.keyboard.press("o");
  await expect(page.getByText(/^Zoom 1:1/)).toBeVisible();
}

async function windowOnScreen(page: Page): Promise<{ center: string; width: string }> {
  const text = (await windowText(page).textContent()) ?? "";
  const [, width = "", center = ""] =
    /W (\S+)\s+L (\S+)/.exec(text.replace("−", "-").replaceAll(",", "")) ?? [];
  return { center, width };
}

/** The picture that DCMTK makes of an instance which it gets from the archive. */
async function dcmtkPicture(
  address: string,
  image: InstanceAddress,
  options: readonly string[],
): Promise<Picture> {
  const folder = await mkdtemp(path.join(tmpdir(), "negato-pixels-"));
  try {
    const file = path.join(folder, "image.dcm");
    const picture = path.join(folder, "image.png");
    await writeFile(file, await onlyPart(instanceUrl(address, image), AS_STORED));
    execFileSync("dcmj2pnm", [...options, "+on", file, picture]);
    return readPicture(await readFile(picture));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
