import { parseArgs } from "node:util";
import { SettingsError } from "./settings-error.ts";

/** What was asked for on the command line. */
export interface CommandLine {
  readonly command: "serve" | "pacs-test" | "hash-password" | "config-schema" | "help" | "version";
  readonly dicom: readonly string[];
  readonly pacs: readonly string[];
  readonly aet?: string;
  readonly dicomPort?: number;
  /** File to which events on associations are written. */
  readonly trace?: string;
  /** Whether results are printed as JSON. */
  readonly json: boolean;
  readonly dicomweb: readonly string[];
  readonly config?: string;
  readonly host?: string;
  readonly port?: number;
  readonly data?: string;
  readonly noOpen: boolean;
}

export const HELP = `negato: a DICOM viewer in the browser, for folders of DICOM files and for PACS that speak DIMSE

Usage: negato [options]
       negato pacs test AET@HOST:PORT    tries a PACS step by step and says what to change (--json for programs)
       negato hash-password      reads a password from standard input and prints what the configuration wants
       negato config-schema      prints the JSON Schema of the configuration file

  --dicom DIR             serve the DICOM files below DIR as an archive (repeatable; DIR is never written)
                          default without --pacs: the demo archive, generated on first start
  --pacs AET@HOST:PORT    serve this PACS, by DIMSE (repeatable; IPv6 as AET@[::1]:104; the first is the default source)
                          deviations are appended, in quotes: "AET@HOST:PORT?patient-root&no-image-find"
                          there are retrieve=get, retrieve=move, patient-root, no-image-find, no-uid-lists,
                          one-association, slow-start, tls, name=NAME
  --aet NAME              our AE title, which the PACS has to know (default NEGATO)
  --dicom-port N          the port on which a PACS reaches us (default 11112)
  --trace FILE            write what happens on associations to FILE, without patient data
  --dicomweb URL          pass through to this DICOMweb service (not in this version)
  --config FILE           everything above and more, as JSON
  --host ADDRESS          where to listen (default 127.0.0.1; others need authentication in the configuration)
  --port N                default 8104, or the next free port
  --data DIR              index, cache and received objects (default: the user's data folder of the platform)
  --no-open               do not open a browser
  --help, --version
`;

const OPTIONS = {
  dicom: { type: "string", multiple: true },
  pacs: { type: "string", multiple: true },
  aet: { type: "string" },
  "dicom-port": { type: "string" },
  trace: { type: "string" },
  json: { type: "boolean" },
  dicomweb: { type: "string", multiple: true },
  config: { type: "string" },
  host: { type: "string" },
  port: { type: "string" },
  data: { type: "string" },
  "no-open": { type: "boolean" },
  help: { type: "boolean", short: "h" },
  version: { type: "boolean", short: "v" },
} as const;

/** @throws SettingsError for an unknown option or a value that cannot be one */
export function parseCommandLine(args: readonly string[]): CommandLine {
  const { values, positionals } = parse(args);
  const command = commandOf(positionals, values.help === true, values.version === true);
  const tested = command === "pacs-test" ? positionals.slice(2) : [];
  return {
    command,
    dicom: values.dicom ?? [],
    pacs: [...(values.pacs ?? []), ...tested],
    json: values.json === true,
    dicomweb: values.dicomweb ?? [],
    noOpen: values["no-open"] === true,
    ...(values.aet === undefined ? {} : { aet: values.aet }),
    ...(values.trace === undefined ? {} : { trace: values.trace }),
    ...(values.config === undefined ? {} : { config: values.config }),
    ...(values.host === undefined ? {} : { host: values.host }),
    ...(values.data === undefined ? {} : { data: values.data }),
    ...(values.port === undefined ? {} : { port: portOf(values.port, "--port", 0) }),
    ...(values["dicom-port"] === undefined
      ? {}
      : { dicomPort: portOf(values["dicom-port"], "--dicom-port", 1) }),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const first = reason.split(/\. (?:To specify|Did you)/)[0] ?? reason;
    throw new SettingsError(`${first}. negato --help lists the options.`);
  }
}

function commandOf(
  positionals: readonly string[],
  isHelp: boolean,
  isVersion: boolean,
): CommandLine["command"] {
  if (isHelp) return "help";
  if (isVersion) return "version";
  const [command, ...rest] = positionals;
  if (command === undefined) return "serve";
  if (command === "pacs" && rest[0] === "test") return "pacs-test";
  if (command === "pacs") {
    throw new SettingsError("To try a PACS, write: negato pacs test AET@HOST:PORT");
  }
  if (rest.length === 0 && (command === "hash-password" || command === "config-schema")) {
    return command;
  }
  throw new SettingsError(
    `"${positionals.join(" ")}" is no command. To serve a folder, write: negato --dicom "${command}"`,
  );
}

function portOf(text: string, option: string, smallest: 0 | 1): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port >= smallest && port <= 65535) return port;
  throw new SettingsError(`${option} must be a number from ${smallest} to 65535, not "${text}"`);
}
