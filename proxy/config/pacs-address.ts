import { isIPv6 } from "node:net";
import { SettingsError } from "./settings-error.ts";

/** Deviations of a PACS by the names that command line and configuration file give them. */
export const QUIRK_NAMES = [
  "patient-root",
  "no-image-find",
  "no-uid-lists",
  "one-association",
  "slow-start",
] as const;

export type QuirkName = (typeof QUIRK_NAMES)[number];

/** An application entity, as it is written in one word: `AET@host:port`. */
export interface AeAddress {
  readonly aeTitle: string;
  /** Name or address; IPv6 without its brackets. */
  readonly host: string;
  readonly port: number;
}

/** A PACS as it is written in one word: `AET@host:port?switch&switch`. */
export interface PacsAddress extends AeAddress {
  readonly quirks: readonly QuirkName[];
  readonly retrieve: "auto" | "get" | "move";
  readonly isTls: boolean;
  readonly name?: string;
}

const EXAMPLE = "ORTHANC@192.168.1.5:4242";
const SWITCHES = `retrieve=get, retrieve=move, ${QUIRK_NAMES.join(", ")}, tls, name=…`;
const MOST_TITLE = 16;

/** Names of sources, which stand in addresses. */
const SOURCE_NAME = /^[a-z0-9][a-z0-9-]{0,39}$/;

/**
 * The PACS that the text names; `place` is where it stands, for the sentence: `--pacs` or `/pacs/0`.
 * @throws SettingsError with what is wrong and how it is written
 */
export function parsePacsAddress(text: string, place: string): PacsAddress {
  const question = text.indexOf("?", text.lastIndexOf("@") + 1);
  const address = question < 0 ? text : text.slice(0, question);
  const switches = question < 0 ? "" : text.slice(question + 1);
  return {
    ...parseAeAddress(address, place),
    ...parseSwitches(switches, (what) => refuse(place, text, what)),
  };
}

/** The application entity that `AET@host:port` names. @throws SettingsError */
export function parseAeAddress(text: string, place: string): AeAddress {
  const refused = (what: string) => refuse(place, text, what);
  const at = text.lastIndexOf("@");
  if (at < 0) throw refused(`write it as AET@HOST:PORT, for example ${EXAMPLE}`);
  const aeTitle = text.slice(0, at).trim();
  const fault = aeTitleFault(aeTitle);
  if (fault !== undefined) throw refused(`the AE title before "@" ${fault}`);
  return { aeTitle, ...parseHostAndPort(text.slice(at + 1), refused) };
}

/** What is wrong with an AE title (PS3.5 6.2, VR AE), or undefined. */
export function aeTitleFault(aeTitle: string): string | undefined {
  if (aeTitle.trim() === "") return `is missing, as in ${EXAMPLE}`;
  if (aeTitle.length > MOST_TITLE) return `is longer than ${MOST_TITLE} characters`;
  if (!/^[\x20-\x5B\x5D-\x7E]+$/.test(aeTitle)) {
    return "may hold ASCII letters, digits, spaces and signs only, and no backslash";
  }
  return undefined;
}

function parseHostAndPort(
  text: string,
  refused: (what: string) => SettingsError,
): { readonly host: string; readonly port: number } {
  if (text.startsWith("[")) {
    const bracketed = /^\[([^\]]*)\](.*)$/.exec(text);
    if (bracketed === null) throw refused('the bracket of the IPv6 address is not closed by "]"');
    const [, host = "", rest = ""] = bracketed;
    if (!isIPv6(host)) throw refused(`"${host}" in the brackets is no IPv6 address`);
    if (!rest.startsWith(":")) throw refused('after "]" comes ":" and the port');
    return { host, port: portOf(rest.slice(1), refused) };
  }
  const parts = text.split(":");
  if (parts.length > 2) throw refused("an IPv6 address stands in brackets: AET@[::1]:104");
  const [host = "", port] = parts;
  if (host === "") throw refused('the host after "@" is missing');
  if (!/^[A-Za-z0-9._-]+$/.test(host)) {
    throw refused(
      `"${host}" is no host: give a name or an address, without anything like dicom://`,
    );
  }
  if (port === undefined)
    throw refused(`the port is missing: ${host}:104, or whatever it listens on`);
  return { host, port: portOf(port, refused) };
}

function portOf(text: string, refused: (what: string) => SettingsError): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port >= 1 && port <= 65_535) return port;
  throw refused(
    text === ""
      ? 'the port after ":" is missing'
      : `the port is a number from 1 to 65535, not "${text}"`,
  );
}

type Switches = Omit<PacsAddress, keyof AeAddress>;

function parseSwitches(text: string, refused: (what: string) => SettingsError): Switches {
  let switches: Switches = { quirks: [], retrieve: "auto", isTls: false };
  for (const one of text.split("&").filter((part) => part !== "")) {
    const equals = one.indexOf("=");
    const key = equals < 0 ? one : one.slice(0, equals);
    const value = equals < 0 ? undefined : one.slice(equals + 1);
    switches = withSwitch(switches, key, value, refused);
  }
  return switches;
}

function withSwitch(
  switches: Switches,
  key: string,
  value: string | undefined,
  refused: (what: string) => SettingsError,
): Switches {
  if (key === "retrieve") return { ...switches, retrieve: retrieveOf(value, refused) };
  if (key === "name") return { ...switches, name: nameOf(value, refused) };
  const quirk = QUIRK_NAMES.find((known) => known === key);
  if (quirk === undefined && key !== "tls") {
    throw refused(`"${key}" is no switch; there are ${SWITCHES}`);
  }
  if (value !== undefined) throw refused(`"${key}" takes no value`);
  if (quirk === undefined) return { ...switches, isTls: true };
  return { ...switches, quirks: [...new Set([...switches.quirks, quirk])] };
}

function retrieveOf(
  value: string | undefined,
  refused: (what: string) => SettingsError,
): "get" | "move" {
  if (value === "get" || value === "move") return value;
  throw refused("retrieve is get (C-GET) or move (C-MOVE); leave it out to let Negato find out");
}

function nameOf(value: string | undefined, refused: (what: string) => SettingsError): string {
  if (value !== undefined && SOURCE_NAME.test(value)) return value;
  throw refused("name stands in addresses: up to 40 of a to z, 0 to 9 and -");
}

function refuse(place: string, text: string, what: string): SettingsError {
  return new SettingsError(`${place} "${text}": ${what}`);
}
