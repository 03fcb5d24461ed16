import path from "node:path";
import type { CommandLine } from "./command-line.ts";
import type { ConfigFile, UserSettings } from "./config-schema.ts";
import { PACS_DEFAULTS } from "./pacs-defaults.ts";
import type { PacsEntry } from "./pacs-entry.ts";
import type { DicomSettings, PacsSettings } from "./pacs-settings.ts";
import { SettingsError } from "./settings-error.ts";
import { ownAeTitle, settleDicom } from "./settle-dicom.ts";
import { settlePacs } from "./settle-pacs.ts";
import type { SettingsFiles } from "./tls-files.ts";
import { nameFrom, UniqueNames } from "./unique-name.ts";

const DEFAULT_PORT = 8104;

/** A folder to be served, and the name that addresses give it. */
interface FolderSettings {
  readonly name: string;
  /** Absolute. */
  readonly path: string;
}

/**
 * The key of the objects in the data folder: in a folder of its own or the data folder, made where it is missing; or in
 * memory alone. The environment variable of `openKey` goes before a folder.
 */
export type KeySettings =
  | { readonly kind: "folder"; readonly folder: string }
  | { readonly kind: "session" };

/** What each user may have under way at a time. */
interface LimitSettings {
  readonly requestsPerUser: number;
  /** Of studies and series. */
  readonly retrievalsPerUser: number;
}

/** What the companion starts with: command line over configuration file over defaults. */
export interface Settings {
  /** PACS that speak DIMSE; the first is the default source. */
  readonly pacs: readonly PacsSettings[];
  /** The listening side, which is opened for PACS and inbox alone. */
  readonly dicom: DicomSettings;
  /** Empty without PACS and inbox: the demo archive. */
  readonly folders: readonly FolderSettings[];
  readonly key: KeySettings;
  /** File to which events on associations are written. */
  readonly trace?: { readonly file: string; readonly maximumBytes: number };
  /** Undefined where nobody signs in and nothing is said of limits. */
  readonly limits?: LimitSettings;
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
  /** Text of a file that the configuration names; throws when it cannot be read. */
  readonly readFile: (file: string) => string;
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
  const names = new UniqueNames();
  const files = { directory: context.configDirectory, read: context.readFile };
  const pacs = pacsOf(commandLine, config, names, files);
  const dataFolder = dataFolderOf(commandLine, config, context);
  return {
    pacs,
    folders: foldersOf(commandLine, config, context, names),
    dicom: settleDicom(commandLine, config, names, files),
    key: keyOf(config, dataFolder, context),
    ...traceOf(commandLine, config, context),
    ...limitsOf(config, users),
    host,
    port: port ?? DEFAULT_PORT,
    isPortGiven: port !== undefined,
    dataFolder,
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
  if (commandLine.dicomweb.length + (config.dicomweb ?? []).length > 0) {
    throw new SettingsError(
      "--dicomweb is not available in this version of Negato, which serves folders and PACS: use --dicom DIR or --pacs AET@HOST:PORT.",
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
  names: UniqueNames,
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
  return asked.map(({ path: folder, name }) => ({
    name: names.take(name ?? nameFrom(path.basename(folder), "folder")),
    path: folder,
  }));
}

/**
 * The command line's PACS replace those of the file. One that the file describes, by its name or by AE title, host
 * and port without switches, is as the file says.
 */
function pacsOf(
  commandLine: CommandLine,
  config: ConfigFile,
  names: UniqueNames,
  files: SettingsFiles,
): readonly PacsSettings[] {
  const context = { callingAeTitle: ownAeTitle(commandLine, config), names, files };
  if (commandLine.pacs.length > 0) {
    return commandLine.pacs.map((text) => {
      const index = (config.pacs ?? []).findIndex((entry) => isNamedBy(entry, text));
      const described = config.pacs?.[index];
      return described === undefined
        ? settlePacs(text, "--pacs", context)
        : settlePacs(described, `pacs/${index}`, context);
    });
  }
  return (config.pacs ?? []).map((entry, index) => settlePacs(entry, `pacs/${index}`, context));
}

function isNamedBy(entry: string | PacsEntry, text: string): boolean {
  if (typeof entry === "string") return entry === text;
  const host = entry.host.includes(":") ? `[${entry.host}]` : entry.host;
  return entry.name === text || `${entry.aet}@${host}:${entry.port}` === text;
}

function keyOf(config: ConfigFile, dataFolder: string, context: SettingsContext): KeySettings {
  const { cacheKey, inbox } = config;
  if (cacheKey === "session") {
    if (inbox === undefined) return { kind: "session" };
    throw new SettingsError(
      "cacheKey: what the inbox receives could not be read after a restart with a key of the session; give a folder",
    );
  }
  const folder =
    cacheKey === undefined ? dataFolder : path.resolve(context.configDirectory, cacheKey.folder);
  return { kind: "folder", folder };
}

function traceOf(
  commandLine: CommandLine,
  config: ConfigFile,
  context: SettingsContext,
): Pick<Settings, "trace"> {
  const { trace } = config;
  const maximumBytes =
    (typeof trace === "object" ? trace.maximumBytes : undefined) ?? PACS_DEFAULTS.traceBytes;
  if (commandLine.trace !== undefined) {
    const file = path.resolve(context.workingDirectory, commandLine.trace);
    return { trace: { file, maximumBytes } };
  }
  if (trace === undefined) return {};
  const file = typeof trace === "string" ? trace : trace.file;
  return { trace: { file: path.resolve(context.configDirectory, file), maximumBytes } };
}

function limitsOf(config: ConfigFile, users: readonly UserSettings[]): Pick<Settings, "limits"> {
  if (users.length === 0 && config.limits === undefined) return {};
  const { requestsPerUser, retrievalsPerUser } = PACS_DEFAULTS;
  return { limits: { requestsPerUser, retrievalsPerUser, ...config.limits } };
}
