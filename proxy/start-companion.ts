import { mkdir, stat } from "node:fs/promises";
import path from "node:path";
import type { FastifyInstance } from "fastify";
import open from "open";
import { isLoopback, type Settings } from "./config/settings.ts";
import { SettingsError } from "./config/settings-error.ts";
import { DecodeThreads } from "./decode/decode-threads.ts";
import { ensureDemoArchive } from "./demo/generate.ts";
import { basicAuthentication } from "./http/basic-authentication.ts";
import { createServer } from "./http/create-server.ts";
import { packageVersion, viewerDirectory } from "./package-files.ts";
import { openFolderSource } from "./sources/folder/folder-source.ts";
import type { Source } from "./sources/source.ts";

/** Ports after the default one that are tried when nobody asked for a certain port. */
const NEXT_PORTS = 20;
const CLOSE_TIMEOUT_MS = 5000;

/** People at a terminal see failures; log files get every line. */
const FAILURES_ONLY = {
  write: (line: string) => {
    if (/"level":[56]0/.test(line)) process.stderr.write(line);
  },
};

/** Starts the companion and keeps it until a signal ends it. @throws SettingsError */
export async function startCompanion(settings: Settings): Promise<void> {
  const sources = await openSources(settings);
  const decoder = new DecodeThreads();
  const viewer = viewerDirectory();
  const app = await createServer({
    sources,
    decoder,
    version: packageVersion(),
    allowedHosts: settings.users.length > 0 ? "any" : allowedHosts(settings),
    frameAncestors: settings.frameAncestors,
    logTo: process.stderr.isTTY ? FAILURES_ONLY : process.stderr,
    ...(viewer === undefined ? {} : { viewerDirectory: viewer }),
    ...(settings.publicUrl === undefined ? {} : { publicUrl: settings.publicUrl }),
    ...(settings.maximumStoreBytes === undefined
      ? {}
      : { maximumStoreBytes: settings.maximumStoreBytes }),
    ...(settings.users.length === 0 ? {} : { authenticator: basicAuthentication(settings.users) }),
  });
  const close = async () => {
    await app.close();
    decoder.close();
    await Promise.all(sources.map((source) => source.close()));
  };
  closeOnSignal(close);
  try {
    await announce(settings, await listen(app, settings), sources);
  } catch (error) {
    await close();
    throw error;
  }
}

async function openSources(settings: Settings): Promise<readonly Source[]> {
  const { dataFolder } = settings;
  await mkdir(dataFolder, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
    throw new SettingsError(
      `The data folder ${dataFolder} cannot be made (${codeOf(error)}): choose another by --data DIR`,
    );
  });
  const folders =
    settings.folders.length > 0
      ? settings.folders
      : [{ name: "demo", path: await demoFolder(dataFolder) }];
  for (const folder of folders) await checkFolder(folder.path);
  return await Promise.all(
    folders.map((folder, index) =>
      openFolderSource({
        name: folder.name,
        folder: folder.path,
        indexFolder: path.join(dataFolder, "index"),
        ...(index === 0 ? { receivedFolder: path.join(dataFolder, "received") } : {}),
      }),
    ),
  );
}

async function demoFolder(dataFolder: string): Promise<string> {
  const folder = path.join(dataFolder, "demo");
  await ensureDemoArchive(folder, tellProgress);
  return folder;
}

/** On a terminal one line that counts up; elsewhere one line when it begins. */
function tellProgress(done: number, total: number): void {
  const line = "Making the demo archive, once …";
  if (!process.stderr.isTTY) {
    if (done === 0) process.stderr.write(`${line}\n`);
    return;
  }
  const percent = Math.round((done / total) * 100);
  process.stderr.write(`\r${line} ${percent} %${done === total ? "\n" : ""}`);
}

async function checkFolder(folder: string): Promise<void> {
  const facts = await stat(folder).catch(() => undefined);
  if (facts?.isDirectory() !== true) {
    throw new SettingsError(`${folder} is not a folder: give an existing one by --dicom DIR`);
  }
}

/** The port that it listens on: the one that was asked for, or the first free one from the default on. */
async function listen(
  app: FastifyInstance,
  { host, port, isPortGiven }: Settings,
): Promise<number> {
  const last = isPortGiven ? port : port + NEXT_PORTS;
  for (let candidate = port; candidate <= last; candidate += 1) {
    try {
      await app.listen({ host, port: candidate });
      const address = app.server.address();
      return typeof address === "object" && address !== null ? address.port : candidate;
    } catch (error) {
      const code = codeOf(error);
      if (code !== "EADDRINUSE") {
        throw new SettingsError(`Cannot listen on ${host}, port ${candidate} (${code})`);
      }
    }
  }
  throw new SettingsError(
    isPortGiven
      ? `Port ${port} is in use: end what uses it, or choose another by --port N`
      : `Ports ${port} to ${last} are in use: choose another by --port N`,
  );
}

async function announce(
  settings: Settings,
  port: number,
  sources: readonly Source[],
): Promise<void> {
  const name = isLoopback(settings.host) ? "localhost" : settings.host;
  const address =
    settings.publicUrl ?? `http://${name.includes(":") ? `[${name}]` : name}:${port}/`;
  process.stdout.write(`Negato is ready: ${address}\n`);
  for (const source of sources) {
    process.stdout.write(
      `  ${source.name}: ${new URL(`sources/${source.name}/dicom-web`, address)}\n`,
    );
  }
  if (settings.opensBrowser && process.stdout.isTTY) await open(address).catch(() => {});
}

function allowedHosts({ host, allowedHosts: configured, publicUrl }: Settings): readonly string[] {
  const published = publicUrl === undefined ? [] : [new URL(publicUrl).hostname];
  return ["localhost", "127.0.0.1", "::1", host, ...configured, ...published];
}

function closeOnSignal(close: () => Promise<void>): void {
  let isClosing = false;
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      if (isClosing) return;
      isClosing = true;
      setTimeout(() => process.exit(1), CLOSE_TIMEOUT_MS).unref();
      close().then(
        () => process.exit(0),
        () => process.exit(1),
      );
    });
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unknown";
}
