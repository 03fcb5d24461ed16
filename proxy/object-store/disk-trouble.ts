import { ObjectStoreError } from "./object-store.ts";
import { systemCode } from "./store-files.ts";

/** Why the disk does not take what is written. */
export type DiskTrouble = "disk-full" | "io";

/** What a failure of the disk means for the store. */
export function troubleOf(error: unknown): DiskTrouble {
  const code = systemCode(error);
  return code === "ENOSPC" || code === "EDQUOT" ? "disk-full" : "io";
}

export function diskError(error: unknown): ObjectStoreError {
  if (error instanceof ObjectStoreError) return error;
  const trouble = troubleOf(error);
  const what = trouble === "disk-full" ? "The disk is full" : "The disk failed";
  return new ObjectStoreError(trouble, `${what} (${systemCode(error) ?? "unknown"})`, error);
}
