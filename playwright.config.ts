import { defineConfig } from "@playwright/test";
import { chromiumLaunch } from "./scripts/chromium-launch.mjs";

export default defineConfig({
  testDir: "e2e",
  testMatch: "**/*.e2e.ts",
  outputDir: ".cache/e2e",
  globalSetup: "./e2e/setup/prepare-archive.ts",
  fullyParallel: false,
  workers: 1,
  timeout: 90_000,
  expect: { timeout: 15_000, toHaveScreenshot: { maxDiffPixelRatio: 0.01 } },
  snapshotPathTemplate: "e2e/screenshots/{arg}{ext}",
  reporter: "list",
  use: {
    browserName: "chromium",
    viewport: { width: 1440, height: 900 },
    trace: "retain-on-failure",
    launchOptions: chromiumLaunch,
  },
});
