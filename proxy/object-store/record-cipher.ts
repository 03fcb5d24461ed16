import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject } from "node:crypto";
import { keyOf } from "./store-keys.ts";

/** Bytes of a data set that are encrypted and authenticated together; the last chunk of a record has fewer. */
export const CHUNK_BYTES = 128 * 1024;
/** What encryption adds to each chunk. */
export const TAG_BYTES = 16;
/** A chunk on the disk. */
export const STORED_CHUNK_BYTES = CHUNK_BYTES + TAG_BYTES;

/** Ciphers copy it when they are made. */
const nonceBytes = new Uint8Array(12);
const nonce = new DataView(nonceBytes.buffer);

/**
 * Encrypts the chunks of one record, AES-256-GCM. The record's key is its own (from a random name of 16 bytes), the nonce is
 * the index of the chunk: none is used twice, and a chunk of another record or of another place fails its check.
 */
export class RecordCipher {
  readonly #key: KeyObject;

  /** `name`: 16 random bytes, the record's alone. */
  constructor(dataKey: Uint8Array, name: Uint8Array) {
    this.#key = createSecretKey(keyOf(dataKey, name));
  }

  /** What is to be written: the encrypted pieces, and the tag. */
  encrypt(chunkIndex: number, pieces: readonly Uint8Array[], into: Uint8Array[]): void {
    const cipher = createCipheriv("aes-256-gcm", this.#key, nonceOf(chunkIndex));
    for (const piece of pieces) into.push(cipher.update(piece));
    cipher.final();
    into.push(cipher.getAuthTag());
  }

  /** The chunk's bytes; undefined when they are not what was written. */
  decrypt(chunkIndex: number, stored: Uint8Array): Uint8Array<ArrayBuffer> | undefined {
    const end = stored.byteLength - TAG_BYTES;
    const decipher = createDecipheriv("aes-256-gcm", this.#key, nonceOf(chunkIndex), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAuthTag(stored.subarray(end));
    const bytes = decipher.update(stored.subarray(0, end));
    try {
      decipher.final();
    } catch {
      return undefined;
    }
    return bytes;
  }
}

/** Count of chunks of a record. */
export function chunkCountOf(byteLength: number): number {
  return Math.ceil(byteLength / CHUNK_BYTES);
}

/** Bytes of one chunk of a record, before encryption. */
export function chunkBytesOf(byteLength: number, chunkIndex: number): number {
  return Math.min(CHUNK_BYTES, byteLength - chunkIndex * CHUNK_BYTES);
}

function nonceOf(chunkIndex: number): Uint8Array {
  nonce.setUint32(8, chunkIndex);
  return nonceBytes;
}
