import { DicomError } from "#core/dicom/dicom-error.ts";

/** Big endian numbers at places of a byte stream. @throws DicomError `truncated` beyond its end. */
export class ByteReader {
  readonly bytes: Uint8Array;
  readonly #view: DataView;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get length(): number {
    return this.bytes.length;
  }

  u8(at: number): number {
    this.#check(at, 1);
    return this.#view.getUint8(at);
  }

  u16(at: number): number {
    this.#check(at, 2);
    return this.#view.getUint16(at);
  }

  u32(at: number): number {
    this.#check(at, 4);
    return this.#view.getUint32(at);
  }

  #check(at: number, size: number): void {
    if (at + size > this.length)
      throw new DicomError("truncated", `The encoded frame ends after ${this.length} bytes`);
  }
}
