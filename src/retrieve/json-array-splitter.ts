import { DicomError } from "#core/dicom/dicom-error.ts";

const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
const ARRAY_OPEN = 0x5b;
const ARRAY_CLOSE = 0x5d;
const OBJECT_OPEN = 0x7b;
const OBJECT_CLOSE = 0x7d;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

/** Largest object that is collected; metadata of one instance is a few kilobytes, rarely megabytes. */
const DEFAULT_OBJECT_LIMIT_BYTES = 128 * 1024 * 1024;

/**
 * Cuts a JSON array of objects into the texts of its objects while it arrives, at any chunk borders. It knows
 * only strings and brackets; whether an object is JSON in full is for its parser to say.
 */
export class JsonArraySplitter {
  readonly #objectLimitBytes: number;
  readonly #pieces: Uint8Array[] = [];
  #pieceBytes = 0;
  /** Open brackets within the array; 0 between objects. */
  #depth = 0;
  #isInString = false;
  #isEscaped = false;
  #state: "before" | "element" | "separator" | "after" = "before";
  #markBytes = 0;

  constructor(objectLimitBytes = DEFAULT_OBJECT_LIMIT_BYTES) {
    this.#objectLimitBytes = objectLimitBytes;
  }

  /**
   * The objects that the chunk completes, in order.
   * @throws DicomError `bad-message` when this is not an array of objects, `limit-exceeded` when one is too large
   */
  push(chunk: Uint8Array): string[] {
    const objects: string[] = [];
    let start = 0;
    for (let at = 0; at < chunk.length; at++) {
      if (this.#depth === 0) {
        if (this.#between(chunk[at] ?? 0)) start = at;
      } else if (this.#within(chunk[at] ?? 0)) {
        objects.push(this.#complete(chunk.subarray(start, at + 1)));
      }
    }
    if (this.#depth > 0) this.#collect(chunk.slice(start));
    return objects;
  }

  /** @throws DicomError `bad-message` when the array is not complete */
  end(): void {
    if (this.#state !== "after")
      throw new DicomError("bad-message", "The JSON array breaks off before its end");
  }

  /** One byte outside objects; true when it opens one. */
  #between(byte: number): boolean {
    if (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) return false;
    if (this.#state === "before" && byte === BYTE_ORDER_MARK[this.#markBytes]) {
      this.#markBytes++;
      return false;
    }
    if (this.#state === "before" && byte === ARRAY_OPEN) this.#state = "element";
    else if (this.#state === "element" && byte === OBJECT_OPEN) {
      this.#depth = 1;
      return true;
    } else if (this.#state === "separator" && byte === COMMA) this.#state = "element";
    else if (byte === ARRAY_CLOSE && this.#state !== "before" && this.#state !== "after")
      this.#state = "after";
    else throw new DicomError("bad-message", "The answer is not a JSON array of objects");
    return false;
  }

  /** One byte inside an object; true when it closes it. */
  #within(byte: number): boolean {
    if (this.#isInString) {
      if (this.#isEscaped) this.#isEscaped = false;
      else if (byte === BACKSLASH) this.#isEscaped = true;
      else if (byte === QUOTE) this.#isInString = false;
      return false;
    }
    if (byte === QUOTE) this.#isInString = true;
    else if (byte === OBJECT_OPEN || byte === ARRAY_OPEN) this.#depth++;
    else if (byte === OBJECT_CLOSE || byte === ARRAY_CLOSE) this.#depth--;
    return this.#depth === 0;
  }

  #collect(piece: Uint8Array): void {
    this.#pieceBytes += piece.length;
    if (this.#pieceBytes > this.#objectLimitBytes)
      throw new DicomError("limit-exceeded", "One object of the JSON array is too large");
    this.#pieces.push(piece);
  }

  #complete(last: Uint8Array): string {
    this.#state = "separator";
    this.#collect(last);
    const decoder = new TextDecoder();
    const text = this.#pieces.map((piece) => decoder.decode(piece, { stream: true })).join("");
    this.#pieces.length = 0;
    this.#pieceBytes = 0;
    return text + decoder.decode();
  }
}
