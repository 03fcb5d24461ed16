import { PDU_HEADER_LENGTH, PDU_TYPES } from "./pdu.ts";

/** Item length, context identifier and message control header of a PDV. */
const PDV_HEADER_LENGTH = 6;
/** Longest PDU of ours where the peer sets no limit, or a very high one: longer ones save nothing. */
const LONGEST_PDU = 131_072;
/** A peer that takes less takes no data at all. */
export const SHORTEST_PDU = PDV_HEADER_LENGTH + 1;

/**
 * Puts the bytes of one command set or data set into P-DATA-TF PDUs of one PDV each, as views. A full PDU is given only
 * when there is more to come, so that the last one is never empty unless all is.
 */
export class Fragmenter {
  readonly #contextId: number;
  readonly #isCommand: boolean;
  readonly #capacity: number;
  #chunks: Uint8Array[] = [];
  #length = 0;

  /** `maximumPduLength` is what the peer announced; 0 for no limit. */
  constructor(contextId: number, isCommand: boolean, maximumPduLength: number) {
    this.#contextId = contextId;
    this.#isCommand = isCommand;
    const longest = maximumPduLength === 0 ? LONGEST_PDU : Math.min(maximumPduLength, LONGEST_PDU);
    this.#capacity = longest - PDV_HEADER_LENGTH;
  }

  /** Adds bytes; PDUs that are full go to `pdus`, each a header and views. */
  add(bytes: Uint8Array, pdus: Uint8Array[]): void {
    if (bytes.byteLength === 0) return;
    this.#chunks.push(bytes);
    this.#length += bytes.byteLength;
    while (this.#length > this.#capacity) this.#take(this.#capacity, false, pdus);
  }

  /** Puts out what is left as the last fragment. */
  finish(pdus: Uint8Array[]): void {
    this.#take(this.#length, true, pdus);
  }

  #take(length: number, isLast: boolean, pdus: Uint8Array[]): void {
    pdus.push(this.#header(length, isLast));
    this.#length -= length;
    let taken = 0;
    let left = length;
    for (const chunk of this.#chunks) {
      if (left === 0) break;
      if (chunk.byteLength > left) {
        pdus.push(chunk.subarray(0, left));
        this.#chunks[taken] = chunk.subarray(left);
        left = 0;
      } else {
        pdus.push(chunk);
        left -= chunk.byteLength;
        taken += 1;
      }
    }
    this.#chunks.splice(0, taken);
  }

  #header(length: number, isLast: boolean): Uint8Array {
    const header = Buffer.allocUnsafe(PDU_HEADER_LENGTH + PDV_HEADER_LENGTH);
    header[0] = PDU_TYPES.data;
    header[1] = 0;
    header.writeUInt32BE(length + PDV_HEADER_LENGTH, 2);
    header.writeUInt32BE(length + 2, 6);
    header[10] = this.#contextId;
    header[11] = (this.#isCommand ? 1 : 0) | (isLast ? 2 : 0);
    return header;
  }
}
