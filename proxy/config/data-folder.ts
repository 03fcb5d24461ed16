import path from "node:path";

/** The facts about the machine that decide where data lies. */
export interface MachineFacts {
  readonly platform: NodeJS.Platform;
  readonly home: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * The user's data folder of the platform, absolute: `$XDG_DATA_HOME/negato` or `~/.local/share/negato`,
 * `~/Library/Application Support/Negato`, `%LOCALAPPDATA%\Negato`.
 */
export function defaultDataFolder({ platform, home, environment }: MachineFacts): string {
  if (platform === "darwin") {
    return path.join(home, "Library", "Application Support", "Negato");
  }
  if (platform === "win32") {
    const base = environment["LOCALAPPDATA"];
    return path.win32.join(base ?? path.win32.join(home, "AppData", "Local"), "Negato");
  }
  const base = environment["XDG_DATA_HOME"];
  const isUsable = base !== undefined && path.isAbsolute(base);
  return path.join(isUsable ? base : path.join(home, ".local", "share"), "negato");
}
