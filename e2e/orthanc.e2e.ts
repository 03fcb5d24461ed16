import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { hasOrthanc, startOrthanc } from "../scripts/orthanc.mjs";
import { freePort } from "./setup/companion-process.ts";
import { startGateway } from "./setup/gateway.ts";
import { DATA_FOLDER } from "./setup/prepare-archive.ts";
import { expect, test } from "./setup/test.ts";
import { imageOnScreen, openFirstStudy } from "./setup/viewer-page.ts";

const hasStorescu = existsSync("/usr/bin/storescu");

test.describe("an Orthanc instead of the companion's archive", () => {
  test.skip(!hasOrthanc || !hasStorescu, "needs Orthanc with DICOMweb, and DCMTK");

  test("shows a study that storescu sent just as the companion shows it", async ({
    page,
    companion,
  }) => {
    const orthanc = await startOrthanc({ httpPort: await freePort(), dicomPort: await freePort() });
    const gateway = await startGateway({ viewer: companion.address, dicomweb: orthanc.url });
    try {
      execFileSync("storescu", [
        ...[
          "-xs",
          "-R",
          "+sd",
          "+r",
          "-aec",
          orthanc.aeTitle,
          "127.0.0.1",
          String(orthanc.dicomPort),
        ],
        `${DATA_FOLDER}/demo`,
      ]);
      await openFirstStudy(page, companion.address, { modality: "MR" });
      const fromCompanion = await imageOnScreen(page);
      await openFirstStudy(page, gateway.address, { modality: "MR" });
      const fromOrthanc = await imageOnScreen(page);
      expect(fromOrthanc.equals(fromCompanion)).toBe(true);
    } finally {
      await gateway.stop();
      await orthanc.stop();
    }
  });
});
