import { type CipherGCM, createCipheriv, createHmac } from "node:crypto";
import type { StoreKeys } from "./store-keys.ts";

const NO_NONCE = new Uint8Array(12);

/**
 * Gives the entity tag of a content, 22 characters: the same bytes under the same key have the same one.
 *
 * GMAC with a fixed nonce, which is a polynomial hash under a secret key, costs a quarter of SHA-256. Two contents of
 * n bytes that were chosen without knowing the key agree with a probability of n / 2^132. Its value would betray
 * the key, so that it is never shown: an HMAC-SHA256 of it is.
 */
export class ContentTag {
  readonly #hash: CipherGCM;
  readonly #nameKey: Uint8Array;

  constructor(keys: StoreKeys) {
    this.#hash = createCipheriv("aes-256-gcm", keys.contentHash, NO_NONCE);
    this.#nameKey = keys.contentName;
  }

  update(bytes: Uint8Array): void {
    this.#hash.setAAD(bytes);
  }

  digest(): string {
    this.#hash.final();
    const hidden = createHmac("sha256", this.#nameKey).update(this.#hash.getAuthTag()).digest();
    return hidden.subarray(0, 16).toString("base64url");
  }
}
