import { aeTitleFault, parseAeAddress } from "./pacs-address.ts";
import { PACS_DEFAULTS } from "./pacs-defaults.ts";
import type { DicomEntries } from "./pacs-entry.ts";
import type { DicomSettings } from "./pacs-settings.ts";
import { SettingsError } from "./settings-error.ts";
import { cacheOf, plainRemote } from "./settle-pacs.ts";
import { type SettingsFiles, tlsSettings } from "./tls-files.ts";
import type { UniqueNames } from "./unique-name.ts";

/** What the command line says of our side. */
export interface DicomOptions {
  readonly aet?: string;
  readonly dicomPort?: number;
}

/** Our own AE title. @throws SettingsError */
export function ownAeTitle(options: DicomOptions, config: DicomEntries): string {
  const [title, place] =
    options.aet === undefined
      ? [config.aet ?? PACS_DEFAULTS.callingAeTitle, "aet"]
      : [options.aet, "--aet"];
  const fault = aeTitleFault(title);
  if (fault !== undefined) throw new SettingsError(`${place} "${title}": an AE title ${fault}`);
  return title.trim();
}

/** The listening side: command line over configuration file over defaults. @throws SettingsError */
export function settleDicom(
  options: DicomOptions,
  config: DicomEntries,
  names: UniqueNames,
  files: SettingsFiles,
): DicomSettings {
  const aeTitle = ownAeTitle(options, config);
  const asked = options.dicomPort ?? config.dicomPort;
  const { dicomHost, dicomTls, inbox } = config;
  const port = asked ?? PACS_DEFAULTS.dicomPort;
  const tlsPort = dicomTls?.port ?? PACS_DEFAULTS.dicomTlsPort;
  if (dicomTls !== undefined && tlsPort === port) {
    throw new SettingsError(`dicomTls/port: ${port} is the port without TLS; choose another`);
  }
  return {
    aeTitle,
    port,
    isPortGiven: asked !== undefined,
    alsoFrom: (config.alsoFrom ?? []).map((title) => title.trim()),
    maximumAssociations: config.dicomAssociations ?? PACS_DEFAULTS.maximumAssociations,
    ...(dicomHost === undefined ? {} : { host: dicomHost.replace(/^\[|\]$/g, "") }),
    ...(dicomTls === undefined
      ? {}
      : { tls: { port: tlsPort, settings: tlsSettings(dicomTls, "dicomTls", files) } }),
    ...(inbox === undefined
      ? {}
      : {
          inbox: {
            name: names.take(inbox.name ?? "inbox"),
            allowedAeTitles: inbox.from.map((title) => title.trim()),
            forwardTo: (inbox.forwardTo ?? []).map((text, index) => {
              const place = `inbox/forwardTo/${index}`;
              const address = parseAeAddress(text, place);
              return plainRemote(address, address.aeTitle, aeTitle);
            }),
            cache: cacheOf(inbox.cache, PACS_DEFAULTS.inbox),
          },
        }),
  };
}
