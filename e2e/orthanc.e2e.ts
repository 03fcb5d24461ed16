import { execFileSync } from "node:child_process";
import { hasOrthanc, startOrthanc } from "../scripts/orthanc.mjs";
import { hasDcmtk } from "../scripts/system-parts.mjs";
import { readPicture } from "./setup/picture.ts";
import { DATA_FOLDER } from "./setup/prepare-archive.ts";
import { expect, type Page, test } from "./setup/test.ts";
import {
  DEMO,
  imageOnScreen,
  openFromList,
  seriesButtons,
  untilImageShown,
  viewport,
} from "./setup/viewer-page.ts";

/** Series of the demo archive, and how storescu proposes their transfer syntax. */
const SERIES_TO_SEND = [
  ["-xv", "head-mr-2026/sagittal-t1"],
  ["-xr", "head-mr-2026/axial-t2"],
  ["-xe", "head-mr-2026/coronal-flair"],
] as const;

test.describe("an Orthanc instead of the companion's archive", () => {
  test.skip(!hasOrthanc || !hasDcmtk(), "needs Orthanc with DICOMweb, and DCMTK");

  test("shows a study that storescu sent just as the companion shows it", async ({
    page,
    companion,
    gatewayTo,
  }) => {
    const orthanc = await startOrthanc();
    try {
      for (const [syntax, folder] of SERIES_TO_SEND) send(orthanc, syntax, folder);
      const gateway = await gatewayTo({ viewer: companion.address, dicomweb: orthanc.url });
      const ours = await picturesOf(page, companion.address);
      const theirs = await picturesOf(page, gateway.address);
      for (const [index, picture] of ours.entries())
        expect(differing(picture, theirs[index]), `pixels that differ in picture ${index}`).toBe(0);
    } finally {
      await orthanc.stop();
    }
  });
});

/** How many bytes of two pictures differ; all when one is missing or of another size. */
function differing(one: Buffer, other: Buffer | undefined): number {
  const ours = readPicture(one).rgb;
  const theirs = other === undefined ? undefined : readPicture(other).rgb;
  return ours.filter((value, index) => value !== theirs?.[index]).length;
}

function send(
  { aeTitle, dicomPort }: { readonly aeTitle: string; readonly dicomPort: number },
  syntax: string,
  folder: string,
): void {
  const peer = ["-aec", aeTitle, "127.0.0.1", String(dicomPort)];
  execFileSync("storescu", [syntax, "-R", "+sd", ...peer, `${DATA_FOLDER}/demo/${folder}`]);
}

/** The first and the last image of every series of the head MR, with all that is written over them. */
async function picturesOf(page: Page, address: string): Promise<readonly Buffer[]> {
  await openFromList(page, address, DEMO.headMr);
  await expect(page.getByText(/74 of 74 images/).first()).toBeVisible();
  const pictures: Buffer[] = [];
  for (const series of await seriesButtons(page).all()) {
    await series.click();
    await expect(series).toHaveAttribute("aria-current", "true");
    await untilImageShown(page, 1);
    pictures.push(await imageOnScreen(page));
    await viewport(page).focus();
    await page.keyboard.press("End");
    await untilImageShown(page, "last");
    pictures.push(await imageOnScreen(page));
  }
  return pictures;
}
