import { parseArgs } from "node:util";
import { SettingsError } from "./settings-error.ts";

/** What was asked for on the command line. */
export interface CommandLine {
  readonly command: "serve" | "hash-password" | "config-schema" | "help" | "version";
  readonly dicom: readonly string[];
  readonly pacs: readonly string[];
  readonly aet?: string;
  readonly dicomPort?: number;
  readonly dicomweb: readonly string[];
  readonly config?: string;
  readonly host?: string;
  readonly port?: number;
  readonly data?: string;
  readonly noOpen: boolean;
}

export const HELP = `negato: a DICOM viewer in the browser, and an archive for folders of DICOM files

Usage: negato [options]
       negato hash-password      reads a password from standard input and prints what the configuration wants
       negato config-schema      prints the JSON Schema of the configuration file

  --dicom DIR             serve the DICOM files below DIR as an archive (repeatable; DIR is never written)
                          default: the demo archive, generated on first start
  --pacs AET@HOST:PORT    translate DICOMweb to DIMSE for this PACS (not in this version)
  --aet NAME              our AE title (default NEGATO)
  --dicom-port N          the port on which a PACS reaches us (default 11112)
  --dicomweb URL          pass through to this DICOMweb service (not in this version)
  --config FILE           everything above and more, as JSON
  --host ADDRESS          where to listen (default 127.0.0.1; others need authentication in the configuration)
  --port N                default 8104, or the next free port
  --data DIR              index and received objects (default: the user's data folder of the platform)
  --no-open               do not open a browser
  --help, --version
`;

const OPTIONS = {
  dicom: { type: "string", multiple: true },
  pacs: { type: "string", multiple: true },
  aet: { type: "string" },
  "dicom-port": { type: "string" },
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
  return {
    command: commandOf(positionals, values.help === true, values.version === true),
    dicom: values.dicom ?? [],
    pacs: values.pacs ?? [],
    dicomweb: values.dicomweb ?? [],
    noOpen: values["no-open"] === true,
    ...(values.aet === undefined ? {} : { aet: values.aet }),
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
