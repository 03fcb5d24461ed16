/** The byte arrays that were used last, within a budget; the longest unused give way. */
export class RecentBytes {
  readonly #budgetBytes: number;
  readonly #held = new Map<object, Uint8Array<ArrayBuffer>>();
  #bytes = 0;

  constructor(budgetBytes: number) {
    this.#budgetBytes = budgetBytes;
  }

  get(key: object): Uint8Array<ArrayBuffer> | undefined {
    const bytes = this.#held.get(key);
    if (bytes === undefined) return undefined;
    this.#held.delete(key);
    this.#held.set(key, bytes);
    return bytes;
  }

  put(key: object, bytes: Uint8Array<ArrayBuffer>): void {
    this.#held.set(key, bytes);
    this.#bytes += bytes.length;
    for (const [other, otherBytes] of this.#held) {
      if (this.#bytes <= this.#budgetBytes) return;
      this.#held.delete(other);
      this.#bytes -= otherBytes.length;
    }
  }
}
