import { test as base, expect, type Page } from "@playwright/test";
import { type CompanionProcess, startCompanion } from "./companion-process.ts";
import { type Gateway, type GatewayOptions, startGateway } from "./gateway.ts";
import { DATA_FOLDER } from "./prepare-archive.ts";

interface Fixtures {
  /** A companion of the test's own, which it may stop. */
  readonly ownCompanion: CompanionProcess;
  /** Starts a gateway that is stopped after the test. */
  readonly gatewayTo: (options: GatewayOptions) => Promise<Gateway>;
}

interface SharedFixtures {
  /** A companion with the demo archive that the tests of a file share. */
  readonly companion: CompanionProcess;
}

/** Playwright's test with companions that serve the demo archive. */
export const test = base.extend<Fixtures, SharedFixtures>({
  companion: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the dependencies from this pattern.
    async ({}, use) => {
      const companion = await startCompanion(["--data", DATA_FOLDER]);
      await use(companion);
      await companion.stop();
    },
    { scope: "worker", timeout: 120_000 },
  ],
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the dependencies from this pattern.
  ownCompanion: async ({}, use) => {
    const companion = await startCompanion(["--data", DATA_FOLDER]);
    await use(companion);
    await companion.stop();
  },
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the dependencies from this pattern.
  gatewayTo: async ({}, use) => {
    const started: Gateway[] = [];
    await use(async (options) => {
      const gateway = await startGateway(options);
      started.push(gateway);
      return gateway;
    });
    for (const gateway of started) await gateway.stop();
  },
});

export { expect, type Page };
