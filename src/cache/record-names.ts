import type { CacheScope } from "./cache-policy.ts";

/** The frame that a record holds. */
export interface FrameIdentity {
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly sopInstanceUid: string;
  readonly frameNumber: number;
}

/**
 * The names of records: HMAC-SHA-256 of what they hold and for whom, in Base64. Without the session key they
 * neither tell nor let anyone test which study was looked at. Archive and person are part of every name, so that
 * an entry of another archive or another person is not found (C5).
 */
export class RecordNames {
  readonly #key: CryptoKey;
  readonly #scope: CacheScope;

  constructor(key: CryptoKey, scope: CacheScope) {
    this.#key = key;
    this.#scope = scope;
  }

  study(studyInstanceUid: string): Promise<string> {
    return this.#name(["study", studyInstanceUid]);
  }

  frame(frame: FrameIdentity): Promise<string> {
    const { studyInstanceUid, seriesInstanceUid, sopInstanceUid, frameNumber } = frame;
    return this.#name([
      "frame",
      studyInstanceUid,
      seriesInstanceUid,
      sopInstanceUid,
      String(frameNumber),
    ]);
  }

  async #name(parts: readonly string[]): Promise<string> {
    // As JSON, so that no two lists of parts give the same text.
    const text = JSON.stringify([this.#scope.sourceId, this.#scope.subject, ...parts]);
    const hash = await crypto.subtle.sign("HMAC", this.#key, new TextEncoder().encode(text));
    return btoa(String.fromCharCode(...new Uint8Array(hash)));
  }
}
