import type { Settings } from "../config/settings.ts";
import { SettingsError } from "../config/settings-error.ts";

/** The command `negato pacs test`; gives the exit code. @throws SettingsError */
export async function runPacsTest(settings: Settings, _isJson: boolean): Promise<number> {
  if (settings.pacs.length === 0) {
    throw new SettingsError(
      "Which PACS? Write: negato pacs test AET@HOST:PORT, or give a configuration with PACS by --config FILE",
    );
  }
  return await Promise.resolve(1);
}
