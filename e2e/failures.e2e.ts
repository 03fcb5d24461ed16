import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { startCompanion } from "./setup/companion-process.ts";
import { lightest, readPicture } from "./setup/picture.ts";
import { DATA_FOLDER } from "./setup/prepare-archive.ts";
import { expect, type Page, test } from "./setup/test.ts";
import {
  bareImageOnScreen,
  DEMO,
  failureTile,
  openByLink,
  studyLinks,
  untilImageShown,
  viewport,
} from "./setup/viewer-page.ts";

test("an image that cannot be decoded is replaced by words, and its neighbours are shown", async ({
  page,
}) => {
  const folder = await mkdtemp(path.join(tmpdir(), "negato-failures-"));
  try {
    await makeDamagedSeries(path.join(folder, "dicom"));
    const options = ["--dicom", path.join(folder, "dicom"), "--data", path.join(folder, "data")];
    const companion = await startCompanion(options);
    try {
      await openByLink(page, companion.address, DEMO.headMr);
      await page.keyboard.press("ArrowDown");
      await expectFailure(page, 2, /JPEG-LS/);
      await page.keyboard.press("ArrowDown");
      await untilImageShown(page, 3);
      await page.keyboard.press("ArrowDown");
      await expectFailure(page, 4, /damaged|truncated|incomplete|ends|complete/i);
      await page.keyboard.press("ArrowUp");
      await untilImageShown(page, 3);
      await expect(page.getByRole("button", { name: /2 missing/ })).toBeVisible();
    } finally {
      await companion.stop();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test("an archive that goes away while scrolling is said, and trying again shows the image", async ({
  page,
  companion,
  gatewayTo,
}) => {
  const gateway = await gatewayTo({ viewer: companion.address });
  gateway.decide((asked) =>
    asked.includes("/frames/") && framesPassed(gateway) > 4 ? "cut" : "pass",
  );
  await openByLink(page, gateway.address, DEMO.chestCt);
  await page.keyboard.press("End");
  await expectFailure(page, 120, /archive|network|server|connection/i);
  gateway.decide(() => "pass");
  await page.getByRole("button", { name: "Try again" }).click();
  await untilImageShown(page, 120);
});

test("a link to a study that does not exist says so, and shows nobody else's images", async ({
  page,
  companion,
}) => {
  await page.goto(`${companion.address}/?StudyInstanceUIDs=1.2.3.4.5`);
  await expect(page.getByRole("alert")).toContainText(/not|no/i);
  await expect(page.getByText(/DEMO/)).toHaveCount(0);
  await page.getByRole("button", { name: "Back to the studies" }).click();
  await expect(studyLinks(page)).not.toHaveCount(0);
});

test("a list that the archive refuses says so and can be asked for again", async ({
  page,
  companion,
  gatewayTo,
}) => {
  const gateway = await gatewayTo({ viewer: companion.address });
  gateway.decide((asked) => (asked.startsWith("/dicom-web") ? "refuse" : "pass"));
  await page.goto(gateway.address);
  await expect(page.getByRole("alert")).toContainText("The archive did not answer");
  await expect(studyLinks(page)).toHaveCount(0);
  gateway.decide(() => "pass");
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(studyLinks(page)).not.toHaveCount(0);
});

/** Frames that were asked for so far. */
function framesPassed({
  requests,
}: {
  readonly requests: readonly { readonly path: string }[];
}): number {
  return requests.filter(({ path: asked }) => asked.includes("/frames/")).length;
}

/** A tile with the reason stands in the image's place, and nothing of another image is under it (safety C29). */
async function expectFailure(page: Page, imageNumber: number, reason: RegExp): Promise<void> {
  const heading = failureTile(page).filter({ hasText: `Image ${imageNumber} ` });
  await expect(heading).toBeVisible({ timeout: 20_000 });
  await expect(page.locator("negato-failure-tile")).toContainText(reason);
  await expect(viewport(page)).toHaveAccessibleName(new RegExp(`image ${imageNumber} of`, "i"));
  expect(lightest(readPicture(await bareImageOnScreen(page)))).toBe(0);
}

/** The sagittal series of the head MR, the second image of an unknown syntax, the fourth cut short. */
async function makeDamagedSeries(folder: string): Promise<void> {
  await cp(`${DATA_FOLDER}/demo/head-mr-2026/sagittal-t1`, folder, { recursive: true });
  const files = (await readdir(folder)).sort();
  await patch(path.join(folder, files[1] ?? ""), nameJpegLs);
  await patch(path.join(folder, files[3] ?? ""), loseEnd);
}

async function patch(file: string, change: (bytes: Buffer) => Buffer): Promise<void> {
  await writeFile(file, change(await readFile(file)));
}

/** Says that the JPEG 2000 stream is JPEG-LS. */
function nameJpegLs(bytes: Buffer): Buffer {
  bytes.write("1.2.840.10008.1.2.4.80", bytes.indexOf("1.2.840.10008.1.2.4.90"), "latin1");
  return bytes;
}

/** Loses the second half of the only fragment; the file around it stays whole (PS3.5 A.4). */
function loseEnd(bytes: Buffer): Buffer {
  const item = bytes.lastIndexOf(Buffer.from([0xfe, 0xff, 0x00, 0xe0]));
  const kept = 2 * Math.floor(bytes.readUInt32LE(item + 4) / 4);
  bytes.writeUInt32LE(kept, item + 4);
  return Buffer.concat([bytes.subarray(0, item + 8 + kept), bytes.subarray(-8)]);
}
