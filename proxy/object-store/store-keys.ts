import { createHmac, hkdfSync } from "node:crypto";

/** Keys of one store, each for one purpose, all from the 32 bytes that it is opened with (HKDF, RFC 5869). */
export interface StoreKeys {
  /** Of records: each has a key of its own from it. */
  readonly data: Uint8Array;
  readonly journal: Uint8Array;
  /** Of the content's GMAC, and of the HMAC that hides it. */
  readonly contentHash: Uint8Array;
  readonly contentName: Uint8Array;
}

/** @throws RangeError when the key has not 32 bytes. */
export function storeKeys(key: Uint8Array): StoreKeys {
  if (key.byteLength !== 32) throw new RangeError("The key of an object store has 32 bytes");
  const derive = (purpose: string) =>
    new Uint8Array(hkdfSync("sha256", key, "", `negato object store 1: ${purpose}`, 32));
  return {
    data: derive("records"),
    journal: derive("journal"),
    contentHash: derive("content hash"),
    contentName: derive("content name"),
  };
}

/** The key of one thing under a key: HMAC-SHA256 of its random name, 16 bytes, that no other thing has. */
export function keyOf(key: Uint8Array, name: Uint8Array): Uint8Array {
  return createHmac("sha256", key).update(name).digest();
}
