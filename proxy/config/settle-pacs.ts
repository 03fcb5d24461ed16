import { isKnownCharacterSet } from "#core/dicom/character-set.ts";
import type { RemoteAe } from "../dimse/remote-ae.ts";
import type { UserIdentity } from "../dimse/user-identity.ts";
import { type AeAddress, aeTitleFault, parseAeAddress, parsePacsAddress } from "./pacs-address.ts";
import { PACS_DEFAULTS } from "./pacs-defaults.ts";
import type { CacheEntry, PacsEntry } from "./pacs-entry.ts";
import type { PacsSettings } from "./pacs-settings.ts";
import { SettingsError } from "./settings-error.ts";
import { type SettingsFiles, textOf, tlsSettings } from "./tls-files.ts";
import { nameFrom, type UniqueNames } from "./unique-name.ts";

/** Form of the defined terms of Specific Character Set (PS3.3 C.12.1.1.2). */
const DEFINED_TERM = /^(?:ISO_IR \d+|ISO 2022 IR \d+|GB18030|GBK)?$/;

/** What all PACS of the settings have in common. */
export interface PacsContext {
  /** Our AE title where an entry names none. */
  readonly callingAeTitle: string;
  readonly names: UniqueNames;
  readonly files: SettingsFiles;
}

/**
 * The settings of one PACS; `place` says where it stands: `--pacs` or `pacs/0`.
 * @throws SettingsError
 */
export function settlePacs(
  entry: string | PacsEntry,
  place: string,
  context: PacsContext,
): PacsSettings {
  const pacs = typeof entry === "string" ? entryOf(entry, place) : entry;
  const name = context.names.take(pacs.name ?? nameFrom(pacs.aet, "pacs"));
  const remote = remoteOf(pacs, name, place, context);
  const quirks = new Set(pacs.quirks ?? []);
  return {
    name,
    remote,
    retrieve: pacs.retrieve ?? "auto",
    quirks: {
      patientRootOnly: quirks.has("patient-root"),
      noImageLevelFind: quirks.has("no-image-find"),
      noUidLists: quirks.has("no-uid-lists"),
      oneAssociation: quirks.has("one-association"),
      slowStart: quirks.has("slow-start"),
    },
    associations: associationsOf(pacs, place),
    queryCharacterSet: characterSetOf(pacs.queryCharacterSet, `${place}/queryCharacterSet`),
    fallbackCharacterSet: characterSetOf(
      pacs.fallbackCharacterSet,
      `${place}/fallbackCharacterSet`,
    ),
    store: {
      isAllowed: pacs.store !== false,
      commitment: typeof pacs.store === "object" && pacs.store.commitment === true,
    },
    forwardTo: (pacs.forwardTo ?? []).map((title) => title.trim()),
    cache: cacheOf(pacs.cache),
    ...worklistOf(pacs, remote, place),
    ...identityOf(pacs, place, context.files),
  };
}

/** An application entity reached as the defaults say, such as a destination of the inbox. */
export function plainRemote(address: AeAddress, name: string, callingAeTitle: string): RemoteAe {
  return {
    name,
    aeTitle: address.aeTitle,
    host: address.host,
    port: address.port,
    callingAeTitle,
    connectTimeoutMs: PACS_DEFAULTS.connectTimeoutMs,
    associationTimeoutMs: PACS_DEFAULTS.associationTimeoutMs,
    silenceTimeoutMs: PACS_DEFAULTS.silenceTimeoutMs,
    operationTimeoutMs: PACS_DEFAULTS.operationTimeoutMs,
    maximumPduLength: PACS_DEFAULTS.maximumPduLength,
  };
}

/** Limits of a store of received objects. */
export function cacheOf(
  entry: CacheEntry | undefined,
  otherwise: PacsSettings["cache"] = PACS_DEFAULTS.cache,
): PacsSettings["cache"] {
  const hours = entry?.maximumAgeHours;
  return {
    maximumBytes: entry?.maximumBytes ?? otherwise.maximumBytes,
    maximumAgeMs: hours === undefined ? otherwise.maximumAgeMs : hours * 3_600_000,
  };
}

function entryOf(text: string, place: string): PacsEntry {
  const { aeTitle, host, port, quirks, retrieve, isTls, name } = parsePacsAddress(text, place);
  return {
    aet: aeTitle,
    host,
    port,
    quirks,
    retrieve,
    tls: isTls,
    ...(name === undefined ? {} : { name }),
  };
}

function remoteOf(
  pacs: PacsEntry,
  name: string,
  place: string,
  { callingAeTitle, files }: PacsContext,
): RemoteAe {
  const { timeouts = {} } = pacs;
  const isSlow = pacs.quirks?.includes("slow-start") === true;
  const silence = isSlow ? PACS_DEFAULTS.slowSilenceTimeoutMs : PACS_DEFAULTS.silenceTimeoutMs;
  const fault = aeTitleFault(pacs.aet) ?? aeTitleFault(pacs.callingAet ?? callingAeTitle);
  if (fault !== undefined) throw new SettingsError(`${place}: an AE title ${fault}`);
  return {
    ...plainRemote(
      { aeTitle: pacs.aet.trim(), host: pacs.host.replace(/^\[|\]$/g, ""), port: pacs.port },
      name,
      (pacs.callingAet ?? callingAeTitle).trim(),
    ),
    connectTimeoutMs: milliseconds(timeouts.connect, PACS_DEFAULTS.connectTimeoutMs),
    associationTimeoutMs: milliseconds(timeouts.association, PACS_DEFAULTS.associationTimeoutMs),
    silenceTimeoutMs: milliseconds(timeouts.silence, silence),
    operationTimeoutMs: milliseconds(timeouts.operation, PACS_DEFAULTS.operationTimeoutMs),
    maximumPduLength: pacs.maximumPduLength ?? PACS_DEFAULTS.maximumPduLength,
    ...tlsOf(pacs, place, files),
  };
}

function tlsOf(pacs: PacsEntry, place: string, files: SettingsFiles): Pick<RemoteAe, "tls"> {
  const { tls } = pacs;
  if (tls === undefined || tls === false) return {};
  if (tls === true) return { tls: { profile: "non-downgrading" } };
  const { serverName, anyServerName, ...own } = tls;
  if (serverName !== undefined && anyServerName === true) {
    throw new SettingsError(`${place}/tls: serverName and anyServerName exclude one another`);
  }
  return {
    tls: {
      ...tlsSettings(own, `${place}/tls`, files),
      ...(serverName === undefined ? {} : { serverName }),
      ...(anyServerName === true ? { serverName: { kind: "any" } as const } : {}),
    },
  };
}

function associationsOf(pacs: PacsEntry, place: string): PacsSettings["associations"] {
  if (pacs.quirks?.includes("one-association") === true) {
    return { most: 1, perRetrieval: 1, perUser: 1 };
  }
  const asked = pacs.associations ?? {};
  const most = asked.most ?? PACS_DEFAULTS.associations.most;
  for (const [what, count] of Object.entries({ ...asked, most })) {
    if (count > most) {
      throw new SettingsError(
        `${place}/associations: ${what} is ${count}, which is more than most (${most})`,
      );
    }
  }
  const { perRetrieval, perUser } = PACS_DEFAULTS.associations;
  return {
    most,
    perRetrieval: asked.perRetrieval ?? Math.min(perRetrieval, most),
    perUser: asked.perUser ?? Math.min(perUser, most),
  };
}

function characterSetOf(
  asked: string | readonly string[] | undefined,
  place: string,
): readonly string[] {
  if (asked === undefined) return [PACS_DEFAULTS.characterSet];
  const terms = typeof asked === "string" ? asked.split("\\") : asked;
  const trimmed = terms.map((term) => term.trim());
  if (trimmed.every((term) => DEFINED_TERM.test(term)) && isKnownCharacterSet(trimmed)) {
    return trimmed;
  }
  throw new SettingsError(
    `${place}: "${trimmed.join("\\")}" is no Specific Character Set; there are ISO_IR 192, ISO_IR 100, GB18030 and the others of PS3.3 C.12.1.1.2`,
  );
}

function worklistOf(
  { worklist }: PacsEntry,
  remote: RemoteAe,
  place: string,
): Pick<PacsSettings, "worklist"> {
  if (worklist === undefined) return {};
  if (worklist === true) return { worklist: remote };
  return { worklist: { ...remote, ...parseAeAddress(worklist, `${place}/worklist`) } };
}

function identityOf(
  { userIdentity }: PacsEntry,
  place: string,
  files: SettingsFiles,
): Pick<PacsSettings, "userIdentity"> {
  if (userIdentity === undefined) return {};
  const { kind, name, file } = userIdentity;
  const at = `${place}/userIdentity`;
  const secret = file === undefined ? undefined : textOf(file, `${at}/file`, files).trim();
  const identity = ((): UserIdentity | undefined => {
    if (kind !== "user") {
      return secret === undefined ? undefined : { kind, token: new TextEncoder().encode(secret) };
    }
    if (name === undefined) return undefined;
    return { kind, name, ...(secret === undefined ? {} : { passcode: secret }) };
  })();
  if (identity !== undefined) return { userIdentity: identity };
  throw new SettingsError(
    `${at}: ${kind === "user" ? "kind user needs a name" : `kind ${kind} needs a file with the token`}`,
  );
}

function milliseconds(seconds: number | undefined, otherwise: number): number {
  return seconds === undefined ? otherwise : Math.round(seconds * 1000);
}
