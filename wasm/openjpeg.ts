import createOpenJpeg, { type OpenJpegModule } from "@cornerstonejs/codec-openjpeg/decodewasmjs";
import { CodecRuntime } from "./codec-runtime.ts";
import type { CodecSource } from "./codec-source.ts";
import { decodeWith } from "./decode-with.ts";
import type { Jpeg2000Codec } from "./jpeg-2000-codec.ts";
import type { Jpeg2000Header } from "./jpeg-2000-header.ts";

/** OpenJPEG: JPEG 2000 and HTJ2K. */
export class OpenJpegCodec implements Jpeg2000Codec {
  readonly name = "openjpeg 1.3.6";
  readonly #runtime: CodecRuntime<OpenJpegModule>;

  constructor(source: CodecSource) {
    this.#runtime = new CodecRuntime(createOpenJpeg, () => source.load("openjpeg"));
  }

  prepare(): Promise<unknown> {
    return this.#runtime.prepare();
  }

  decode(codestream: Uint8Array, header: Jpeg2000Header): Promise<Uint8Array<ArrayBuffer>> {
    return this.#runtime.run((module) => decodeWith(new module.J2KDecoder(), codestream, header));
  }
}
