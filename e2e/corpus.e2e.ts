import { existsSync, readFileSync } from "node:fs";
import { copyFile, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { type CompanionProcess, startCompanion } from "./setup/companion-process.ts";
import { expect, test } from "./setup/test.ts";
import {
  attribute,
  failureTile,
  hashOnScreen,
  openAt,
  search,
  viewport,
} from "./setup/viewer-page.ts";

const CORPUS = "../shared/corpus";
const isThere = existsSync(`${CORPUS}/manifest.json`);
/** Where it must be there, its absence is a failure and no reason to skip. */
const isRequired = process.env["NEGATO_REQUIRE_CORPUS"] === "1";

/** Files whose first frame has one right answer, by what their pixels are stored as. */
const EXACT = {
  "Implicit VR Little Endian": "raw/MR_small_implicit.dcm",
  "Explicit VR Big Endian": "raw/ExplVR_BigEnd.dcm",
  "a deflated data set": "syntax/image-deflated.dcm",
  "RLE, 16 bits in colour": "rle/SC_rgb_rle_16bit.dcm",
  "JPEG lossless, process 14": "syntax/ctimage-jpeg-p14.dcm",
  "JPEG lossless SV1, 8 bits in 16": "jpeg/mr-sv1-8in16.dcm",
  "JPEG lossless SV1, 16 bits": "pet/pt-tiny-slope.dcm",
  "JPEG-LS": "studies/qin-headneck/pet-004.dcm",
  "JPEG-LS near-lossless": "jpegls/testpattern-jls-near.dcm",
  "JPEG 2000": "volumes/mr-t1/001.dcm",
  HTJ2K: "htj2k/MR1_HTJ2K_RPCL.dcm",
  "deflated frames of single bits": "other-syntax/seg-deflated-frames.dcm",
} as const;
/** Files that decoders may round differently. */
const ROUNDED = {
  "12-bit JPEG": ["wg04/NM1_JPLY.dcm", /^lossy · JPEG/],
  "baseline JPEG": ["jpeg/ct-brain-sc.dcm", /^lossy · JPEG/],
} as const;
const JPEG_XL = "other-syntax/us-jpegxl-recompression.dcm";
const H264 = "video/us-mpeg4-avc-30f.dcm";
const MPEG2 = "video/us-mpeg2-30f.dcm";

test.describe("real files of every transfer syntax", () => {
  test.skip(!isThere && !isRequired, "needs the conformance corpus in ../shared/corpus");

  let folder = "";
  let companion: CompanionProcess;

  test.beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "negato-corpus-"));
    await mkdir(path.join(folder, "dicom"));
    const rounded = Object.values(ROUNDED).map(([file]) => file);
    const files = [...Object.values(EXACT), ...rounded, JPEG_XL, H264];
    for (const [index, file] of files.entries())
      await copyFile(path.join(CORPUS, file), path.join(folder, "dicom", `${index}.dcm`));
    const options = ["--dicom", path.join(folder, "dicom"), "--data", path.join(folder, "data")];
    companion = await startCompanion(options);
  });

  test.afterAll(async () => {
    await companion.stop();
    await rm(folder, { recursive: true, force: true });
  });

  for (const [name, file] of Object.entries(EXACT))
    test(`${name}: the hash of what is on the screen is that of the reference`, async ({
      page,
    }) => {
      const { sopInstanceUid, frameHash } = manifestEntry(file);
      await open(page, sopInstanceUid);
      await expect(viewport(page)).toHaveAccessibleName(/image \d+ of/i, { timeout: 20_000 });
      await page.keyboard.press("e");
      expect(await hashOnScreen(page)).toBe(frameHash);
      await expect(failureTile(page)).toHaveCount(0);
    });

  for (const [name, [file, verdict]] of Object.entries(ROUNDED))
    test(`${name} is shown, and said to be lossy`, async ({ page }) => {
      await open(page, manifestEntry(file).sopInstanceUid);
      await expect(viewport(page)).toHaveAccessibleName(/image \d+ of/i, { timeout: 20_000 });
      await page.keyboard.press("e");
      await expect(page.locator("negato-exactness .verdict span")).toHaveText(verdict);
      await expect(failureTile(page)).toHaveCount(0);
    });

  test("JPEG XL is shown by browsers that know it, and refused by name in others", async ({
    page,
  }) => {
    await open(page, manifestEntry(JPEG_XL).sopInstanceUid);
    const tile = page.locator("negato-failure-tile");
    const fidelity = page.locator('negato-annotations [data-key="fidelity"]');
    await expect(tile.or(fidelity).first()).toContainText(/JPEG XL/, { timeout: 20_000 });
  });

  test("a film in H.264 plays, or its player says why not and offers the file", async ({
    page,
  }) => {
    await open(page, manifestEntry(H264).sopInstanceUid);
    const video = page.locator("negato-video");
    const pause = video.getByRole("button", { name: "Pause" });
    const play = video.getByRole("button", { name: "Play", exact: true });
    const refusal = video.getByRole("alert");
    await expect(pause.or(play).or(refusal).first()).toBeVisible({ timeout: 20_000 });
    await expect(video.getByText("LOSSY (video)")).toBeVisible();
    await expect(video.getByRole("button", { name: "Save" })).toBeEnabled();
    if (await refusal.isVisible()) {
      await expect(refusal).toContainText("This browser does not play");
      return;
    }
    if (await play.isVisible()) await play.press("Enter");
    await expect(video.locator(".count")).not.toHaveText(/^1 \//, { timeout: 20_000 });
  });

  test("a film in MPEG-2 is not played, which is said, and it can be saved", async ({ page }) => {
    await page.goto(companion.address);
    await page
      .getByLabel("Open files …")
      .and(page.locator("input[type=file]"))
      .setInputFiles(path.join(CORPUS, MPEG2));
    const video = page.locator("negato-video");
    await expect(video.getByRole("alert")).toContainText("This browser does not play", {
      timeout: 20_000,
    });
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      video.getByRole("button", { name: "Save" }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/^video\.\w+$/);
  });

  async function open(page: Parameters<typeof openAt>[0], sopInstanceUid: string): Promise<void> {
    const { address } = companion;
    const [found] = await search(address, `instances?SOPInstanceUID=${sopInstanceUid}`);
    await openAt(page, address, {
      studyInstanceUid: attribute(found, "0020000D"),
      seriesInstanceUid: attribute(found, "0020000E"),
      sopInstanceUid,
    });
  }
});

/** What the manifest says of a file: its SOP Instance UID and the hash of its first frame. */
function manifestEntry(file: string): { sopInstanceUid: string; frameHash: string } {
  const manifest: { readonly files: readonly ManifestEntry[] } = JSON.parse(
    readFileSync(`${CORPUS}/manifest.json`, "utf8"),
  );
  const entry = manifest.files.find((one) => one.file === file);
  if (entry === undefined) throw new Error(`The manifest does not know ${file}.`);
  return {
    sopInstanceUid: entry.sopInstanceUID,
    frameHash: entry.reference.frames?.[0]?.sha256 ?? "",
  };
}

interface ManifestEntry {
  readonly file: string;
  readonly sopInstanceUID: string;
  readonly reference: { readonly frames?: readonly { readonly sha256: string }[] };
}
