import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { FastifyInstance } from "fastify";
import type { PacsQuirks, PacsSettings } from "../../../config/pacs-settings.ts";
import { type AssociationPool, createAssociationPool } from "../../../dimse/association-pool.ts";
import { type DicomListener, openDicomListener } from "../../../dimse/dicom-listener.ts";
import { createServer } from "../../../http/create-server.ts";
import type { ObjectStore } from "../../../object-store/object-store.ts";
import { openObjectStore } from "../../../object-store/open-object-store.ts";
import type { DimseSource } from "../dimse-source.ts";
import { openDimseSource } from "../open-dimse-source.ts";

/** Our AE title in these tests. */
export const OWN_AE = "NEGATO";

const NO_QUIRKS: PacsQuirks = {
  patientRootOnly: false,
  noImageLevelFind: false,
  noUidLists: false,
  oneAssociation: false,
  slowStart: false,
};

/** A PACS put on DICOMweb, in a folder of its own. */
export interface PacsFixture {
  readonly source: DimseSource;
  readonly store: ObjectStore;
  readonly pool: AssociationPool;
  readonly app: FastifyInstance;
  /** Closes all of it, and deletes the folder. */
  close(): Promise<void>;
}

/** What differs from the usual in a test. */
export interface PacsFixtureOptions {
  readonly aeTitle: string;
  readonly port: number;
  readonly quirks?: Partial<PacsQuirks>;
  readonly retrieve?: PacsSettings["retrieve"];
  readonly associations?: Partial<PacsSettings["associations"]>;
  readonly silenceTimeoutMs?: number;
  /** Port to listen on for C-MOVE; nothing listens without it. */
  readonly listenPort?: number;
}

export async function pacsFixture(options: PacsFixtureOptions): Promise<PacsFixture> {
  const folder = await mkdtemp(path.join(tmpdir(), "negato-pacs-"));
  const settings = settingsOf(options);
  const store = await openObjectStore({
    folder: path.join(folder, "objects"),
    key: new Uint8Array(randomBytes(32)),
    maximumBytes: settings.cache.maximumBytes,
    maximumAgeMs: settings.cache.maximumAgeMs,
    memoryBytes: 32 * 1024 * 1024,
  });
  const { most, perUser } = settings.associations;
  const limits = { most, perUser, waitTimeoutMs: 5000, idleTimeoutMs: 50 };
  const pool = createAssociationPool(settings.remote, limits);
  const listener = await listenerOf(options);
  const observe = () => undefined;
  const source = await openDimseSource({ settings, pool, store, listener, observe });
  const app = await createServer({
    sources: [source],
    decoder: { decode: refused, render: refused },
    allowedHosts: ["localhost"],
    version: "1",
  });
  return {
    source,
    store,
    pool,
    app,
    close: async () => {
      await source.close();
      await app.close();
      await pool.close();
      await listener?.close();
      await store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function settingsOf(options: PacsFixtureOptions): PacsSettings {
  const { aeTitle, port, quirks, retrieve = "auto", silenceTimeoutMs = 400 } = options;
  return {
    name: "pacs",
    remote: {
      name: "pacs",
      aeTitle,
      host: "127.0.0.1",
      port,
      callingAeTitle: OWN_AE,
      connectTimeoutMs: 400,
      silenceTimeoutMs,
      operationTimeoutMs: 20_000,
      maximumPduLength: 65_536,
    },
    retrieve,
    quirks: { ...NO_QUIRKS, ...quirks },
    associations: { most: 8, perRetrieval: 4, perUser: 8, ...options.associations },
    queryCharacterSet: ["ISO_IR 192"],
    fallbackCharacterSet: [],
    store: { isAllowed: false, commitment: false },
    forwardTo: [],
    cache: { maximumBytes: 2 ** 30, maximumAgeMs: 3_600_000 },
  };
}

async function listenerOf({ listenPort }: PacsFixtureOptions): Promise<DicomListener | undefined> {
  if (listenPort === undefined) return undefined;
  return await openDicomListener({
    aeTitles: [OWN_AE, "RACEPROXY"],
    host: "127.0.0.1",
    port: listenPort,
    allows: () => true,
    maximumAssociations: 10,
    maximumPduLength: 65_536,
    silenceTimeoutMs: 2000,
  });
}

async function refused() {
  return { ok: false, error: { code: "aborted", message: "" } } as const;
}
