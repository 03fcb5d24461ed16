import { Ajv, type ErrorObject } from "ajv";
import { CONFIG_SCHEMA, type ConfigFile } from "./config-schema.ts";
import { SettingsError } from "./settings-error.ts";

const isConfigFile = new Ajv({ allErrors: true, allowUnionTypes: true }).compile<ConfigFile>(
  CONFIG_SCHEMA,
);

/**
 * The configuration in the text of a file.
 * @throws SettingsError naming each place and what is expected there
 */
export function parseConfigFile(text: string, fileName: string): ConfigFile {
  const value = parseJson(text, fileName);
  if (isConfigFile(value)) return value;
  const faults = [...new Set((isConfigFile.errors ?? []).filter(isTelling).map(sentenceOf))];
  throw new SettingsError(`${fileName} cannot be used:\n  ${faults.join("\n  ")}`);
}

function parseJson(text: string, fileName: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SettingsError(`${fileName} is not JSON: ${reason}`);
  }
}

/** `anyOf` itself says nothing that its branches do not say. */
function isTelling(error: ErrorObject): boolean {
  return error.keyword !== "anyOf";
}

function sentenceOf(error: ErrorObject): string {
  const place = error.instancePath === "" ? "the top level" : error.instancePath;
  if (error.keyword === "additionalProperties") {
    return `${place}: "${error.params["additionalProperty"]}" is no setting (negato config-schema lists them)`;
  }
  if (error.keyword === "const") {
    return `${place}: must be ${JSON.stringify(error.params["allowedValue"])}`;
  }
  return `${place}: ${error.message ?? "is not valid"}`;
}
