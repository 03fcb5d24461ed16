import { execFileSync } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { DATA_FOLDER } from "./setup/prepare-archive.ts";
import { expect, test } from "./setup/test.ts";
import { untilImageShown } from "./setup/viewer-page.ts";

const SERIES = `${DATA_FOLDER}/demo/head-mr-2026/coronal-flair`;

test("files, a folder and a zip of this computer are shown, and nothing of them leaves it", async ({
  page,
  companion,
  gatewayTo,
}) => {
  const gateway = await gatewayTo({ viewer: companion.address });
  const folder = await makeFiles();
  try {
    await page.goto(gateway.address);
    const sent: string[] = [];
    page.context().on("request", (request) => {
      if (request.method() !== "GET" || request.url().includes("/dicom-web/"))
        sent.push(`${request.method()} ${request.url()}`);
    });
    const dialog = (name: string) => page.getByLabel(name).and(page.locator("input[type=file]"));
    await expect(page.getByText(/\d studies$/)).toBeVisible();
    const asked = sent.length;

    await dialog("Open files …").setInputFiles([
      path.join(folder, "disc", "0001.dcm"),
      path.join(folder, "disc", "0002.dcm"),
      path.join(folder, "broken.dcm"),
    ]);
    await untilImageShown(page, "any");
    await expect(page.getByRole("application")).toHaveAccessibleName(/^Yamada.*of 2$/);
    await expect(page).not.toHaveURL(/\d+\.\d+\.\d+\.\d+\.\d+/);
    await page.getByRole("button", { name: "Back to the studies" }).click();
    await page.getByText("1 file was not opened").click();
    await expect(page.getByRole("listitem").filter({ hasText: "broken.dcm" })).toContainText(
      /\w{4,}/,
    );

    await dialog("Open a folder …").setInputFiles(path.join(folder, "disc"));
    await untilImageShown(page, "any");
    await expect(page.getByRole("application")).toHaveAccessibleName(/of 3$/);
    await page.getByRole("button", { name: "Back to the studies" }).click();

    await dialog("Open files …").setInputFiles(path.join(folder, "study.zip"));
    await untilImageShown(page, "any");
    await expect(page.getByRole("application")).toHaveAccessibleName(/of 3$/);
    expect(sent.slice(asked)).toEqual([]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

/** A folder with `disc` (three images), `study.zip` (the same) and `broken.dcm` (an image without its beginning's sense). */
async function makeFiles(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "negato-local-"));
  const disc = path.join(folder, "disc");
  await mkdir(disc);
  for (const name of ["0001.dcm", "0002.dcm", "0003.dcm"])
    await cp(path.join(SERIES, name), path.join(disc, name));
  const whole = await readFile(path.join(disc, "0001.dcm"));
  await writeFile(path.join(folder, "broken.dcm"), whole.subarray(0, 300));
  execFileSync("python3", ["-m", "zipfile", "-c", path.join(folder, "study.zip"), `${disc}/`]);
  return folder;
}
