import { createHash, randomBytes } from "node:crypto";
import path from "node:path";
import type { PacsSettings } from "./config/pacs-settings.ts";
import type { KeySettings, Settings } from "./config/settings.ts";
import { SettingsError } from "./config/settings-error.ts";
import type { LogTarget } from "./diagnostics/association-log.ts";
import { type DicomObservers, dicomObservers } from "./diagnostics/dicom-observers.ts";
import { firstContactText } from "./diagnostics/first-contact.ts";
import { checkPacs } from "./diagnostics/pacs-check-run.ts";
import { type OpenPacs, pacsDiagnostics } from "./diagnostics/pacs-diagnostics.ts";
import { PacsReachability } from "./diagnostics/pacs-reachability.ts";
import { type AssociationPool, createAssociationPool } from "./dimse/association-pool.ts";
import { type DicomListener, openDicomListener } from "./dimse/dicom-listener.ts";
import { DimseError } from "./dimse/dimse-error.ts";
import type { RemoteAe } from "./dimse/remote-ae.ts";
import { echo } from "./dimse/services/echo.ts";
import { echoContexts } from "./dimse/services/plan-contexts.ts";
import type { SourceDiagnostics } from "./http/source-diagnostics.ts";
import { KnownPeers } from "./known-peers.ts";
import { type ObjectStore, ObjectStoreError } from "./object-store/object-store.ts";
import { openKey } from "./object-store/open-key.ts";
import { openObjectStore } from "./object-store/open-object-store.ts";
import { type InboxSource, openInboxSource } from "./sources/dimse/inbox-source.ts";
import { openDimseSource } from "./sources/dimse/open-dimse-source.ts";
import type { LosslessDecoder } from "./sources/dimse/store-lossless.ts";
import type { Source } from "./sources/source.ts";

/** All that speaks DIMSE, put together. */
export interface DicomSide {
  /** The PACS in the order of the settings, then the inbox. */
  readonly sources: readonly Source[];
  readonly diagnostics: SourceDiagnostics;
  /** The port that others reach us on, or why there is none. */
  readonly listening:
    | { readonly port: number; readonly tlsPort?: number }
    | { readonly reason: string };
  /** Finds out in the background whether each PACS is there, and tells it in lines for a person. */
  begin(tell: (text: string) => void): void;
  close(): Promise<void>;
}

/** Memory of one store: for bytes on their way to the disk, and for quick reading. */
const STORE_MEMORY_BYTES = 24 * 1024 * 1024;
const LISTENER_SILENCE_MS = 30_000;
const KEY_BYTES = 32;

/**
 * Opens listener, stores, associations and sources; asks nothing of a PACS. With a decoder, what is losslessly
 * compressed can be stored where nothing compressed is taken.
 * @throws SettingsError
 */
export async function openDicomSide(
  settings: Settings,
  log: LogTarget,
  decoder?: LosslessDecoder,
): Promise<DicomSide> {
  const closing: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const step of closing.splice(0).toReversed()) {
      // What fails to end must not keep the rest, least of all a store, from ending.
      await step().catch((error: unknown) => {
        const reason = error instanceof Error ? error.name : "unknown";
        log.write(
          `${JSON.stringify({ level: 50, time: Date.now(), reason, msg: "not closed" })}\n`,
        );
      });
    }
  };
  try {
    return await open(settings, log, decoder === undefined ? {} : { decoder }, closing, close);
  } catch (error) {
    await close();
    throw error;
  }
}

async function open(
  settings: Settings,
  log: LogTarget,
  decoding: { readonly decoder?: LosslessDecoder },
  closing: (() => Promise<void>)[],
  close: () => Promise<void>,
): Promise<DicomSide> {
  const observers = dicomObservers(settings, log);
  closing.push(() => observers.close());
  const key = await keyOf(settings.key);
  const openStore = async (name: string, identity: string, cache: PacsSettings["cache"]) => {
    const store = await storeOf(settings, name, identity, cache, key, log);
    closing.push(() => store.close());
    return store;
  };
  const poolOf = (remote: RemoteAe, limits: PacsSettings["associations"]) => {
    const pool = createAssociationPool(
      remote,
      { most: limits.most, perUser: limits.perUser, waitTimeoutMs: remote.silenceTimeoutMs },
      observers.observe,
    );
    closing.push(() => pool.close());
    return pool;
  };
  const inbox = await openInbox(settings, openStore, poolOf, decoding);
  if (inbox !== undefined) closing.push(() => inbox.source.close());
  const listening = await listen(settings, inbox?.source, observers);
  const listener = "reason" in listening ? undefined : listening;
  if (listener !== undefined) closing.push(() => listener.close());
  const pacs: (OpenPacs & { readonly pool: AssociationPool })[] = [];
  for (const one of settings.pacs) {
    const { aeTitle, host, port } = one.remote;
    const store = await openStore(one.name, `${aeTitle}@${host}:${port}`, one.cache);
    const pool = poolOf(one.remote, one.associations);
    const parts = { settings: one, pool, store, listener, observe: observers.observe, ...decoding };
    const source = await openDimseSource(parts);
    closing.push(() => source.close());
    pacs.push({ settings: one, source, pool });
  }
  const ending = new AbortController();
  closing.push(async () => ending.abort());
  const reachability = reachabilityOf(pacs, ending.signal);
  observers.add(reachability.observe);
  return {
    sources: [...pacs.map(({ source }) => source), ...(inbox === undefined ? [] : [inbox.source])],
    diagnostics: pacsDiagnostics({
      pacs,
      listener,
      observers,
      reachability,
      check: checkPacs,
      ending: ending.signal,
      ...(inbox === undefined ? {} : { inbox: { name: inbox.source.name, store: inbox.store } }),
    }),
    listening:
      "reason" in listening
        ? listening
        : {
            port: listening.port,
            ...(listening.tlsPort === undefined ? {} : { tlsPort: listening.tlsPort }),
          },
    begin: (tell) => {
      for (const { settings: one } of pacs)
        void reachability.ask(one.name).then((error) => {
          const text = firstContactText(one, listener?.port, error);
          if (text !== undefined) tell(text);
        });
    },
    close,
  };
}

async function keyOf(key: KeySettings): Promise<Uint8Array> {
  if (key.kind === "session") return randomBytes(KEY_BYTES);
  try {
    return await openKey(key.folder, process.env);
  } catch (error) {
    throw new SettingsError(error instanceof Error ? error.message : "There is no key");
  }
}

/** The store of one source. Its folder names the archive, so that objects of another one never appear in its place. */
async function storeOf(
  { dataFolder }: Settings,
  name: string,
  identity: string,
  { maximumBytes, maximumAgeMs }: PacsSettings["cache"],
  key: Uint8Array,
  log: LogTarget,
): Promise<ObjectStore> {
  const digest = createHash("sha256").update(identity).digest("hex").slice(0, 12);
  const folder = path.join(dataFolder, "objects", `${name}-${digest}`);
  const report = (event: object) => {
    log.write(
      `${JSON.stringify({ level: 40, time: Date.now(), source: name, ...event, msg: "object store" })}\n`,
    );
  };
  const memoryBytes = STORE_MEMORY_BYTES;
  try {
    return await openObjectStore({ folder, key, maximumBytes, maximumAgeMs, memoryBytes, report });
  } catch (error) {
    if (!(error instanceof ObjectStoreError)) throw error;
    throw new SettingsError(
      error.code === "locked"
        ? `Another Negato has ${dataFolder} open: end it, or choose another folder by --data DIR`
        : `The folder ${folder} cannot be used (${error.message}): choose another by --data DIR`,
    );
  }
}

interface OpenInbox {
  readonly source: InboxSource;
  readonly store: ObjectStore;
}

async function openInbox(
  { dicom }: Settings,
  openStore: (name: string, identity: string, cache: PacsSettings["cache"]) => Promise<ObjectStore>,
  poolOf: (remote: RemoteAe, limits: PacsSettings["associations"]) => AssociationPool,
  decoding: { readonly decoder?: LosslessDecoder },
): Promise<OpenInbox | undefined> {
  const { inbox } = dicom;
  if (inbox === undefined) return undefined;
  const { name, allowedAeTitles, forwardTo, cache } = inbox;
  const store = await openStore(name, "inbox", cache);
  const limits = { most: 2, perRetrieval: 2, perUser: 2 };
  const destinations = forwardTo.map((remote) => ({ remote, pool: poolOf(remote, limits) }));
  const source = await openInboxSource({
    ...{ name, store, allowedAeTitles, forwardTo: destinations },
    ...decoding,
  });
  return { source, store };
}

/** The listener; the reason where the port is in use and nobody asked for it or for what needs it. @throws SettingsError */
async function listen(
  { dicom, pacs }: Settings,
  inbox: InboxSource | undefined,
  observers: DicomObservers,
): Promise<DicomListener | { readonly reason: string }> {
  const peers = new KnownPeers(pacs, dicom);
  peers.lookUp().catch(() => undefined);
  const titles = [dicom.aeTitle, ...pacs.map(({ remote }) => remote.callingAeTitle)];
  try {
    return await openDicomListener({
      aeTitles: [...new Set(titles)],
      port: dicom.port,
      allows: peers.allows,
      maximumAssociations: dicom.maximumAssociations,
      maximumPduLength: Math.max(65_536, ...pacs.map(({ remote }) => remote.maximumPduLength)),
      silenceTimeoutMs: LISTENER_SILENCE_MS,
      observe: observers.observe,
      ...(dicom.host === undefined ? {} : { host: dicom.host }),
      ...(dicom.tls === undefined ? {} : { tls: dicom.tls }),
      ...(inbox === undefined ? {} : { inbox: inbox.receiver }),
    });
  } catch (error) {
    if (!(error instanceof DimseError)) throw error;
    const port = portInUse(error);
    if (port === undefined) throw new SettingsError(error.message);
    if (!dicom.isPortGiven) return { reason: `Port ${port} is in use` };
    throw new SettingsError(
      `Port ${port} for DICOM is in use: end what uses it, or choose another by --dicom-port N`,
    );
  }
}

/** The port that cannot be listened on because somebody else does. */
function portInUse({ facts: { cause } }: DimseError): number | undefined {
  if (!(cause instanceof Error) || !("code" in cause) || cause.code !== "EADDRINUSE")
    return undefined;
  return "port" in cause && typeof cause.port === "number" ? cause.port : undefined;
}

/** Asks each PACS by C-ECHO, within the limits of its associations. */
function reachabilityOf(
  pacs: readonly { readonly settings: PacsSettings; readonly pool: AssociationPool }[],
  ending: AbortSignal,
): PacsReachability {
  const names = pacs.map(({ settings }) => settings.name);
  return new PacsReachability(names, async (name) => {
    const one = pacs.find(({ settings }) => settings.name === name);
    const { userIdentity } = one?.settings ?? {};
    const request = {
      contexts: echoContexts(),
      ...(userIdentity === undefined ? {} : { userIdentity }),
    };
    const need = { request, purpose: "echo", user: "", isUrgent: false };
    await one?.pool.use(need, (association) => echo(association, ending), ending);
  });
}
