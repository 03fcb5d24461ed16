import path from "node:path";
import type { CommandLine } from "./command-line.ts";
import type { ConfigFile, UserSettings } from "./config-schema.ts";
import { SettingsError } from "./settings-error.ts";

const DEFAULT_PORT = 8104;

/** A folder to be served, and the name that addresses give it. */
interface FolderSettings {
  readonly name: string;
  /** Absolute. */
  readonly path: string;
}

/** What the companion starts with: command line over configuration file over defaults. */
export interface Settings {
  /** Empty: the demo archive. */
  readonly folders: readonly FolderSettings[];
  readonly host: string;
  readonly port: number;
  /** Whether the port was asked for; otherwise the next free one does as well. */
  readonly isPortGiven: boolean;
  readonly dataFolder: string;
  readonly opensBrowser: boolean;
  /** Users of HTTP Basic authentication; empty when everyone may read. */
  readonly users: readonly UserSettings[];
  readonly allowedHosts: readonly string[];
  readonly frameAncestors: readonly string[];
  readonly publicUrl?: string;
  readonly maximumStoreBytes?: number;
}

/** Where relative paths count from. */
export interface SettingsContext {
  readonly workingDirectory: string;
  /** Folder of the configuration file. */
  readonly configDirectory: string;
  readonly defaultDataFolder: string;
}

/** @throws SettingsError for what this version cannot do, and for an address that would be unguarded */
export function settle(
  commandLine: CommandLine,
  config: ConfigFile,
  context: SettingsContext,
): Settings {
  refuseLaterWork(commandLine, config);
  const users = config.auth?.users ?? [];
  const host = commandLine.host ?? config.host ?? "127.0.0.1";
  if (!isLoopback(host) && users.length === 0) refuseUnguarded(host);
  const port = commandLine.port ?? config.port;
  return {
    folders: foldersOf(commandLine, config, context),
    host,
    port: port ?? DEFAULT_PORT,
    isPortGiven: port !== undefined,
    dataFolder: dataFolderOf(commandLine, config, context),
    opensBrowser: !commandLine.noOpen && config.open !== false,
    users,
    allowedHosts: config.allowedHosts ?? [],
    frameAncestors: config.frameAncestors ?? ["'self'"],
    ...(config.publicUrl === undefined ? {} : { publicUrl: config.publicUrl }),
    ...(config.maximumStoreBytes === undefined
      ? {}
      : { maximumStoreBytes: config.maximumStoreBytes }),
  };
}

/** Whether only this machine reaches the address. */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[|\]$/g, "");
  return name === "localhost" || name === "::1" || /^127(\.\d{1,3}){3}$/.test(name);
}

function refuseLaterWork(commandLine: CommandLine, config: ConfigFile): void {
  const wanted = [
    { option: "--pacs", isAsked: commandLine.pacs.length + (config.pacs ?? []).length > 0 },
    {
      option: "--dicomweb",
      isAsked: commandLine.dicomweb.length + (config.dicomweb ?? []).length > 0,
    },
  ];
  const asked = wanted.find(({ isAsked }) => isAsked);
  if (asked !== undefined) {
    throw new SettingsError(
      `${asked.option} is not available in this version of Negato, which serves folders only: use --dicom DIR.`,
    );
  }
}

function refuseUnguarded(host: string): never {
  throw new SettingsError(
    `Refusing to listen on ${host}: everyone who reaches this address could read patient data. ` +
      "Configure authentication (--config FILE with an auth section; passwords by: negato hash-password), " +
      "or leave out --host to listen on this machine alone.",
  );
}

function dataFolderOf(
  commandLine: CommandLine,
  config: ConfigFile,
  context: SettingsContext,
): string {
  if (commandLine.data !== undefined) {
    return path.resolve(context.workingDirectory, commandLine.data);
  }
  if (config.data !== undefined) return path.resolve(context.configDirectory, config.data);
  return context.defaultDataFolder;
}

/** The command line's folders replace those of the file; names are made unique by a number. */
function foldersOf(
  commandLine: CommandLine,
  config: ConfigFile,
  context: SettingsContext,
): readonly FolderSettings[] {
  const asked =
    commandLine.dicom.length > 0
      ? commandLine.dicom.map((folder) => ({
          path: path.resolve(context.workingDirectory, folder),
          name: undefined,
        }))
      : (config.dicom ?? []).map((entry) => ({
          path: path.resolve(
            context.configDirectory,
            typeof entry === "string" ? entry : entry.path,
          ),
          name: typeof entry === "string" ? undefined : entry.name,
        }));
  const taken = new Set<string>();
  return asked.map(({ path: folder, name }) => {
    const unique = uniqueName(name ?? nameFromFolder(folder), taken);
    taken.add(unique);
    return { name: unique, path: folder };
  });
}

function nameFromFolder(folder: string): string {
  const name = path
    .basename(folder)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 40);
  return name === "" ? "folder" : name;
}

function uniqueName(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name;
  for (let number = 2; ; number += 1) {
    const candidate = `${name}-${number}`;
    if (!taken.has(candidate)) return candidate;
  }
}
