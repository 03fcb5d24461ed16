import { type ObjectStore, ObjectStoreError, type ObjectStoreOptions } from "./object-store.ts";

/**
 * Opens the store of a folder, which is made when it is not there.
 * @throws ObjectStoreError `locked` while another process has it open; `disk-full`, `io` when the folder cannot be used.
 */
export async function openObjectStore(options: ObjectStoreOptions): Promise<ObjectStore> {
  throw new ObjectStoreError("io", `The folder ${options.folder} cannot be opened yet`);
}
