import type { SealedRecord } from "./schema.ts";

const IV_BYTES = 12;

/**
 * Encrypts a record with AES-256-GCM under a fresh random IV. Its name is authenticated with it, so that a
 * record put in the place of another (another patient's) does not open.
 */
export async function sealRecord(
  key: CryptoKey,
  name: string,
  content: Uint8Array<ArrayBuffer>,
): Promise<SealedRecord> {
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const ciphertext = await crypto.subtle.encrypt(algorithm(iv, name), key, content);
  return { iv, ciphertext };
}

/** The content, or undefined when the record was changed, moved, or sealed with another key. */
export async function openRecord(
  key: CryptoKey,
  name: string,
  record: SealedRecord,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    return new Uint8Array(
      await crypto.subtle.decrypt(algorithm(record.iv, name), key, record.ciphertext),
    );
  } catch {
    return undefined;
  }
}

function algorithm(iv: Uint8Array<ArrayBuffer>, name: string): AesGcmParams {
  return { name: "AES-GCM", iv, additionalData: new TextEncoder().encode(name) };
}
