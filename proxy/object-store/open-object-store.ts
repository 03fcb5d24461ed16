import { randomBytes } from "node:crypto";
import path from "node:path";
import { DiskObjectStore } from "./disk-object-store.ts";
import { diskError } from "./disk-trouble.ts";
import { lockFolder } from "./folder-lock.ts";
import { Journal, type ReadJournal } from "./journal.ts";
import { loadIndex } from "./load-index.ts";
import type { ObjectStore, ObjectStoreEvent, ObjectStoreOptions } from "./object-store.ts";
import { Segment, SegmentFiles } from "./segment.ts";
import { StoreClock } from "./store-clock.ts";
import { diskFiles, type StoreFiles } from "./store-files.ts";
import { storeKeys } from "./store-keys.ts";

/**
 * Opens the store of a folder, which is made when it is not there.
 * @throws ObjectStoreError `locked` while another process has it open; `disk-full`, `io` when the folder cannot be used.
 */
export function openObjectStore(options: ObjectStoreOptions): Promise<ObjectStore> {
  return openObjectStoreOn(diskFiles, options);
}

/** The same on a given file system. */
export async function openObjectStoreOn(
  files: StoreFiles,
  options: ObjectStoreOptions,
): Promise<ObjectStore> {
  const keys = storeKeys(options.key);
  try {
    await files.makeFolder(options.folder);
    const lock = await lockFolder(options.folder);
    try {
      const found = await findJournal(files, options, keys.journal);
      const segments = new SegmentFiles(files, options.folder);
      const clock = new StoreClock(options.now ?? Date.now, options.maximumAgeMs / 4);
      const parts = { options, keys, clock, segments, journal: found.journal, lock };
      const store = new DiskObjectStore(parts);
      await loadIndex(store, found, { clock, segments });
      await removeStrays(files, options, store, found);
      store.start();
      return store;
    } catch (error) {
      await lock.release().catch(() => undefined);
      throw error;
    }
  } catch (error) {
    throw diskError(error);
  }
}

/** The journal of the folder; a new one where there is none that can be read. */
async function findJournal(
  files: StoreFiles,
  options: ObjectStoreOptions,
  journalKey: Uint8Array,
): Promise<ReadJournal> {
  const { folder } = options;
  const names = await files.list(folder);
  const journals = Journal.namesOf(names);
  for (const name of journals) {
    const read = await Journal.read(files, folder, name, journalKey);
    if (read === undefined) continue;
    await removeAll(
      files,
      folder,
      names.filter((other) => Journal.isPart(other) && other !== name),
    );
    return read;
  }
  const hadSegments = names.some(Segment.isName);
  if (journals.length > 0 || hadSegments) await setAside(files, options, names);
  const time = { time: 0, wall: (options.now ?? Date.now)() };
  const journal = await Journal.create(files, folder, journalKey, 1, { ...time, entries: [] });
  return { journal, frames: [], firstAfterDamage: 0 };
}

/** Nothing here can be read: what can be had again is deleted, what cannot is kept, with its journal, for whoever finds the key. */
async function setAside(
  files: StoreFiles,
  options: ObjectStoreOptions,
  names: readonly string[],
): Promise<void> {
  const { folder } = options;
  const received = names.filter((name) => Segment.isName(name) && name.startsWith("r"));
  const journals = names.filter(Journal.isPart);
  const others = names.filter((name) => Segment.isName(name) && !name.startsWith("r"));
  await removeAll(files, folder, others);
  if (received.length === 0) {
    await removeAll(files, folder, journals);
    report(options, "key-changed", "The cache of received objects has another key: it was emptied");
    return;
  }
  const aside = await moveAside(files, folder, [...received, ...journals]);
  report(
    options,
    "key-changed",
    `Objects that were sent to this companion cannot be read without the key that they were written with; their ${received.length} files are kept in ${aside}. The rest of the cache was emptied`,
  );
}

/** Deletes segments that nothing refers to: they were being written when the process ended. */
async function removeStrays(
  files: StoreFiles,
  options: ObjectStoreOptions,
  store: DiskObjectStore,
  { firstAfterDamage }: ReadJournal,
): Promise<void> {
  const used = new Set<string>();
  for (const { segment } of store.index.records())
    if (segment !== undefined) used.add(segment.name);
  const names = await files.list(options.folder);
  const strays = names.filter((name) => Segment.isName(name) && !used.has(name));
  const isKept = (name: string) => firstAfterDamage > 0 && name.startsWith("r");
  await removeAll(
    files,
    options.folder,
    strays.filter((name) => !isKept(name)),
  );
  if (firstAfterDamage === 0) return;
  const kept = strays.filter(isKept);
  const aside = kept.length === 0 ? "" : await moveAside(files, options.folder, kept);
  report(
    options,
    "journal-damaged",
    `The journal of received objects was damaged: cached objects of before were dropped${
      aside === ""
        ? ""
        : `, and ${kept.length} files of objects that were sent here are kept in ${aside}`
    }`,
  );
}

async function moveAside(
  files: StoreFiles,
  folder: string,
  names: readonly string[],
): Promise<string> {
  const aside = path.join(folder, `unreadable-${randomBytes(4).toString("hex")}`);
  await files.makeFolder(aside);
  for (const name of names) await files.rename(path.join(folder, name), path.join(aside, name));
  return aside;
}

async function removeAll(
  files: StoreFiles,
  folder: string,
  names: readonly string[],
): Promise<void> {
  for (const name of names) await files.remove(path.join(folder, name));
}

function report(options: ObjectStoreOptions, kind: ObjectStoreEvent["kind"], message: string) {
  options.report?.({ kind, message });
}
