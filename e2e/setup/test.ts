import { test as base, expect, type Page } from "@playwright/test";
import { type CompanionProcess, startCompanion } from "./companion-process.ts";
import { DATA_FOLDER } from "./prepare-archive.ts";

/** Playwright's test with a companion that serves the demo archive. */
export const test = base.extend<{ readonly companion: CompanionProcess }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the dependencies from this pattern.
  companion: async ({}, use) => {
    const companion = await startCompanion(["--data", DATA_FOLDER]);
    await use(companion);
    await companion.stop();
  },
});

export { expect, type Page };
