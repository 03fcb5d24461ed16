import type { Jpeg2000Header } from "./jpeg-2000-header.ts";

/** A codec of JPEG 2000: the bytes of the samples, pixel by pixel, one or two (little endian) for each. */
export interface Jpeg2000Codec {
  /** Name and version. */
  readonly name: string;
  prepare(): Promise<unknown>;
  decode(codestream: Uint8Array, header: Jpeg2000Header): Promise<Uint8Array<ArrayBuffer>>;
}
