import { startCompanion } from "./companion-process.ts";

/** Where the journeys keep the demo archive between runs. */
export const DATA_FOLDER = ".cache/e2e-data";

/** Lets the companion generate its demo archive once, before the first journey. */
export default async function prepareArchive(): Promise<void> {
  const companion = await startCompanion(["--data", DATA_FOLDER]);
  await companion.stop();
}
