import { storageBudgetBytes } from "./byte-budget.ts";
import type { CachePolicy, CacheScope } from "./cache-policy.ts";
import { FrameStore } from "./frame-store.ts";
import { MetadataStore } from "./metadata-store.ts";
import { otherTabsKeeper } from "./other-tabs-keeper.ts";
import { RecordNames } from "./record-names.ts";
import { RecordStore } from "./record-store.ts";
import { CACHE_DATABASE, type CacheDatabase, clearRecords, openCacheDatabase } from "./schema.ts";
import { serviceWorkerKeeper } from "./service-worker-keeper.ts";
import { acquireSessionKeys, type KeyKeeper } from "./session-keys.ts";

/** How the cache is opened; what is left out is as in a browser. */
export interface PatientCacheOptions {
  readonly policy: CachePolicy;
  readonly scope: CacheScope;
  readonly budgetBytes?: number;
  readonly databaseName?: string;
  readonly keepers?: readonly KeyKeeper[];
}

/** What is kept of patients in this browser, of one archive and person. */
export interface PatientCache {
  readonly frames: FrameStore;
  readonly metadata: MetadataStore;
  /**
   * Deletes all records, also those of other archives and persons, and makes the keepers forget the keys.
   * @throws what the browser has against it, so that nobody is told of a deletion that did not happen
   */
  wipe(): Promise<void>;
  /** Settles when an eviction that is under way is done. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens the cache, or gives undefined where it is switched off or the browser has no place for it; never rejects.
 * Records of a session whose key is gone are deleted here. The policy `persistent` is kept as strictly as
 * `session`: a stored key is not offered yet.
 */
export async function openPatientCache(
  options: PatientCacheOptions,
): Promise<PatientCache | undefined> {
  const databaseName = options.databaseName ?? CACHE_DATABASE;
  if (options.policy === "off") {
    await wipePatientCache({ databaseName, keepers: [] }).catch(() => undefined);
    return undefined;
  }
  if (globalThis.indexedDB === undefined || globalThis.crypto?.subtle === undefined)
    return undefined;
  try {
    return await open(options, databaseName);
  } catch {
    return undefined;
  }
}

/**
 * Deletes everything that this browser keeps of any patient, of all archives and persons, and makes the keepers
 * forget the keys.
 * @throws what the browser has against it, so that nobody is told of a deletion that did not happen
 */
export async function wipePatientCache(
  options: { readonly databaseName?: string; readonly keepers?: readonly KeyKeeper[] } = {},
): Promise<void> {
  for (const keeper of options.keepers ?? platformKeepers()) keeper.forget();
  if (globalThis.indexedDB === undefined) return;
  const database = await openCacheDatabase(options.databaseName);
  await clearRecords(database).finally(() => database.close());
}

async function open(options: PatientCacheOptions, databaseName: string): Promise<PatientCache> {
  const keepers = options.keepers ?? platformKeepers();
  const [keys, database, budgetBytes] = await Promise.all([
    acquireSessionKeys(keepers),
    openCacheDatabase(databaseName),
    options.budgetBytes ?? estimatedBudget(),
  ]);
  await forgetLostSessions(database, keys.keyId);
  const records = new RecordStore({ database, encryption: keys.encryption, budgetBytes });
  await records.load();
  const names = new RecordNames(keys.naming, options.scope);
  return {
    frames: new FrameStore(records, names, keys.encryption),
    metadata: new MetadataStore(records, names),
    wipe: async () => {
      for (const keeper of keepers) keeper.forget();
      await records.clear();
    },
    settled: () => records.settled(),
    close: () => records.close(),
  };
}

/** Deletes records that no key opens any more. */
async function forgetLostSessions(database: CacheDatabase, keyId: string): Promise<void> {
  if ((await database.get("session", "keyId")) === keyId) return;
  await clearRecords(database);
  await database.put("session", keyId, "keyId");
}

async function estimatedBudget(): Promise<number> {
  const estimate = await navigator.storage?.estimate?.().catch(() => undefined);
  return storageBudgetBytes(estimate?.quota);
}

let keepersOfThisPage: readonly KeyKeeper[] | undefined;

/** One set per page: they hold the keys and answer other tabs for as long as the page lives. */
function platformKeepers(): readonly KeyKeeper[] {
  keepersOfThisPage ??= [serviceWorkerKeeper(navigator.serviceWorker), otherTabsKeeper()];
  return keepersOfThisPage;
}
