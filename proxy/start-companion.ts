import { mkdir, stat } from "node:fs/promises";
import path from "node:path";
import type { FastifyInstance } from "fastify";
import open from "open";
import { isLoopback, type Settings } from "./config/settings.ts";
import { SettingsError } from "./config/settings-error.ts";
import { DecodeThreads } from "./decode/decode-threads.ts";
import { basicAuthentication } from "./http/basic-authentication.ts";
import { createServer } from "./http/create-server.ts";
import { userPermissions } from "./http/user-permissions.ts";
import { type DicomSide, openDicomSide } from "./open-dicom-side.ts";
import { packageVersion, viewerDirectory } from "./package-files.ts";
import { openFolderSource } from "./sources/folder/folder-source.ts";
import type { Source } from "./sources/source.ts";

/** Ports after the default one that are tried when nobody asked for a certain port. */
const NEXT_PORTS = 20;
const CLOSE_TIMEOUT_MS = 5000;
/** Requests that last longer than this are cut when the companion ends. */
const REQUESTS_END_MS = 1500;

/** People at a terminal see failures; log files get every line. */
const FAILURES_ONLY = {
  write: (line: string) => {
    if (/"level":[56]0/.test(line)) process.stderr.write(line);
  },
};

/** Starts the companion and keeps it until a signal ends it. @throws SettingsError */
export async function startCompanion(settings: Settings): Promise<void> {
  const logTo = process.stderr.isTTY ? FAILURES_ONLY : process.stderr;
  await makeDataFolder(settings.dataFolder);
  const decoder = new DecodeThreads();
  const dicom = usesDicom(settings) ? await openDicomSide(settings, logTo, decoder) : undefined;
  const folders = await openFolders(settings);
  const sources = [...(dicom?.sources ?? []), ...folders];
  const app = await createServer({
    sources,
    decoder,
    version: packageVersion(),
    logTo,
    ...serverOptions(settings),
    ...(dicom === undefined ? {} : { diagnostics: dicom.diagnostics }),
  });
  const close = async () => {
    // Requests and associations end side by side: requests wait for what comes on associations.
    const impatient = setTimeout(() => app.server.closeAllConnections(), REQUESTS_END_MS);
    await Promise.all([app.close(), dicom?.close()]);
    clearTimeout(impatient);
    decoder.close();
    await Promise.all(folders.map((source) => source.close()));
  };
  closeOnSignal(close);
  try {
    announce(settings, await listen(app, settings), sources, dicom);
  } catch (error) {
    await close();
    throw error;
  }
  dicom?.begin((text) => process.stdout.write(`${text}\n`));
  await openBrowser(settings, app);
}

function usesDicom({ pacs, dicom }: Settings): boolean {
  return pacs.length > 0 || dicom.inbox !== undefined;
}

/** What the settings say of the HTTP server. */
function serverOptions(settings: Settings) {
  const { users, limits, publicUrl, maximumStoreBytes, frameAncestors } = settings;
  const viewer = viewerDirectory();
  return {
    allowedHosts: users.length > 0 ? ("any" as const) : allowedHosts(settings),
    frameAncestors,
    ...(viewer === undefined ? {} : { viewerDirectory: viewer }),
    ...(publicUrl === undefined ? {} : { publicUrl }),
    ...(maximumStoreBytes === undefined ? {} : { maximumStoreBytes }),
    ...(limits === undefined ? {} : { limits }),
    ...(users.length === 0
      ? {}
      : { authenticator: basicAuthentication(users), permissions: userPermissions(users) }),
  };
}

async function makeDataFolder(dataFolder: string): Promise<void> {
  await mkdir(dataFolder, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
    throw new SettingsError(
      `The data folder ${dataFolder} cannot be made (${codeOf(error)}): choose another by --data DIR`,
    );
  });
}

/** The folders of the settings; the demo archive where there is nothing else to be served. */
async function openFolders(settings: Settings): Promise<readonly Source[]> {
  const { dataFolder } = settings;
  const folders =
    settings.folders.length > 0 || usesDicom(settings)
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
  // Loaded on demand: it computes as it loads, and nobody with images of their own needs it.
  const { ensureDemoArchive } = await import("./demo/generate.ts");
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

/** What is served where, a line each. */
function announce(
  settings: Settings,
  port: number,
  sources: readonly Source[],
  dicom: DicomSide | undefined,
): void {
  const address = addressOf(settings, port);
  const lines = [
    `Negato is ready: ${address}`,
    ...sources.map(
      ({ name }) =>
        `  ${name}: ${new URL(`sources/${name}/dicom-web`, address)}${origin(settings, name)}`,
    ),
    ...(dicom === undefined ? [] : [`  ${listeningLine(settings, dicom)}`]),
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
}

/** What is behind a source that is no folder. */
function origin({ pacs, dicom }: Settings, name: string): string {
  const one = pacs.find((settings) => settings.name === name);
  if (one !== undefined) {
    const { aeTitle, host, port, callingAeTitle, tls } = one.remote;
    const at = `${host.includes(":") ? `[${host}]` : host}:${port}`;
    return `, PACS ${aeTitle} at ${at}${tls === undefined ? "" : " by TLS"}, asked as ${callingAeTitle}`;
  }
  const { inbox } = dicom;
  return inbox?.name === name ? `, what ${inbox.allowedAeTitles.join(", ")} send here` : "";
}

function listeningLine({ dicom: { aeTitle, inbox } }: Settings, { listening }: DicomSide): string {
  if ("reason" in listening) {
    const off = ["C-MOVE", "Storage Commitment", ...(inbox === undefined ? [] : ["the inbox"])];
    return `${listening.reason}: ${off.join(" and ")} are off; choose another port by --dicom-port N`;
  }
  const tls = listening.tlsPort === undefined ? "" : `, with TLS on port ${listening.tlsPort}`;
  return `A PACS reaches us as ${aeTitle} on port ${listening.port}${tls}`;
}

function addressOf({ host, publicUrl }: Settings, port: number): string {
  const name = isLoopback(host) ? "localhost" : host;
  return publicUrl ?? `http://${name.includes(":") ? `[${name}]` : name}:${port}/`;
}

async function openBrowser(settings: Settings, app: FastifyInstance): Promise<void> {
  if (!settings.opensBrowser || !process.stdout.isTTY) return;
  const address = app.server.address();
  const port = typeof address === "object" && address !== null ? address.port : settings.port;
  await open(addressOf(settings, port)).catch(() => {});
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
