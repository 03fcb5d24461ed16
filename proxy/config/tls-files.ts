import path from "node:path";
import type { TlsSettings } from "../dimse/remote-ae.ts";
import type { TlsFiles } from "./pacs-entry.ts";
import { SettingsError } from "./settings-error.ts";

/** Where files that the settings name come from. */
export interface SettingsFiles {
  /** Folder of the configuration file, which relative paths count from. */
  readonly directory: string;
  /** Text of a file; throws when it cannot be read. */
  readonly read: (file: string) => string;
}

/**
 * The TLS settings with the PEM texts of their files; `place` names the setting in sentences, which hold paths and
 * never the content of a file.
 * @throws SettingsError
 */
export function tlsSettings(files: TlsFiles, place: string, from: SettingsFiles): TlsSettings {
  const { ca, certificate, key, profile = "non-downgrading" } = files;
  if ((certificate === undefined) !== (key === undefined)) {
    throw new SettingsError(`${place}: certificate and key go together; give both or neither`);
  }
  return {
    profile,
    ...(ca === undefined ? {} : { ca: pemText(ca, "CERTIFICATE", `${place}/ca`, from) }),
    ...(certificate === undefined
      ? {}
      : { certificate: pemText(certificate, "CERTIFICATE", `${place}/certificate`, from) }),
    ...(key === undefined ? {} : { key: pemText(key, "PRIVATE KEY", `${place}/key`, from) }),
  };
}

/** Text of a file that a setting names. @throws SettingsError */
export function textOf(file: string, place: string, from: SettingsFiles): string {
  const absolute = path.resolve(from.directory, file);
  try {
    return from.read(absolute);
  } catch {
    throw new SettingsError(`${place}: the file ${absolute} cannot be read`);
  }
}

function pemText(file: string, label: string, place: string, from: SettingsFiles): string {
  const text = textOf(file, place, from);
  if (text.includes("-----BEGIN ENCRYPTED ")) {
    throw new SettingsError(
      `${place}: the key in ${path.resolve(from.directory, file)} has a passphrase; give one without`,
    );
  }
  if (new RegExp(`-----BEGIN (?:[A-Z0-9]+ )*${label}-----`).test(text)) return text;
  throw new SettingsError(
    `${place}: ${path.resolve(from.directory, file)} is no PEM file with a ${label.toLowerCase()}`,
  );
}
