import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { type CommandLine, HELP, parseCommandLine } from "./config/command-line.ts";
import { parseConfigFile } from "./config/config-file.ts";
import { CONFIG_SCHEMA, type ConfigFile } from "./config/config-schema.ts";
import { defaultDataFolder } from "./config/data-folder.ts";
import { type Settings, settle } from "./config/settings.ts";
import { SettingsError } from "./config/settings-error.ts";
import { runPacsTest } from "./diagnostics/run-pacs-test.ts";
import { hashPassword } from "./http/password-hash.ts";
import { packageVersion } from "./package-files.ts";
import { startCompanion } from "./start-companion.ts";

/** Runs the command `negato`; a sentence and exit code 2 for what the caller can put right. */
async function main(args: readonly string[]): Promise<void> {
  try {
    await run(parseCommandLine(args));
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    process.stderr.write(`negato: ${error.message}\n`);
    process.exitCode = 2;
  }
}

async function run(commandLine: CommandLine): Promise<void> {
  switch (commandLine.command) {
    case "help":
      process.stdout.write(HELP);
      return;
    case "version":
      process.stdout.write(`${packageVersion()}\n`);
      return;
    case "config-schema":
      process.stdout.write(`${JSON.stringify(CONFIG_SCHEMA, null, 2)}\n`);
      return;
    case "hash-password":
      await printPasswordHash();
      return;
    case "pacs-test":
      process.exitCode = await runPacsTest(await settingsOf(commandLine), commandLine.json);
      return;
    case "serve":
      await startCompanion(await settingsOf(commandLine));
  }
}

async function settingsOf(commandLine: CommandLine): Promise<Settings> {
  const workingDirectory = process.cwd();
  const { platform, env } = process;
  const configPath =
    commandLine.config === undefined
      ? undefined
      : path.resolve(workingDirectory, commandLine.config);
  return settle(commandLine, await configOf(configPath), {
    workingDirectory,
    configDirectory: configPath === undefined ? workingDirectory : path.dirname(configPath),
    defaultDataFolder: defaultDataFolder({ platform, home: homedir(), environment: env }),
    readFile: (file) => readFileSync(file, "utf8"),
  });
}

async function configOf(file: string | undefined): Promise<ConfigFile> {
  if (file === undefined) return {};
  const content = await readFile(file, "utf8").catch(() => {
    throw new SettingsError(`The configuration file ${file} cannot be read`);
  });
  return parseConfigFile(content, file);
}

async function printPasswordHash(): Promise<void> {
  if (process.stdin.isTTY) process.stderr.write("Password, then Enter and Ctrl-D: ");
  const password = (await text(process.stdin)).replace(/\r?\n$/, "");
  if (password.length < 8) throw new SettingsError("A password needs at least 8 characters");
  process.stdout.write(`${await hashPassword(password)}\n`);
}

await main(process.argv.slice(2));
