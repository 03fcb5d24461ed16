import createOpenJph, { type OpenJphModule } from "@cornerstonejs/codec-openjph/wasmjs";
import { CodecRuntime } from "./codec-runtime.ts";
import type { CodecSource } from "./codec-source.ts";
import { decodeWith } from "./decode-with.ts";
import type { Jpeg2000Codec } from "./jpeg-2000-codec.ts";
import type { Jpeg2000Header } from "./jpeg-2000-header.ts";

/** OpenJPH: HTJ2K, in a third of the time of OpenJPEG. */
export class OpenJphCodec implements Jpeg2000Codec {
  readonly name = "openjph 2.4.11";
  readonly #runtime: CodecRuntime<OpenJphModule>;

  constructor(source: CodecSource) {
    this.#runtime = new CodecRuntime(createOpenJph, () => source.load("openjph"));
  }

  prepare(): Promise<unknown> {
    return this.#runtime.prepare();
  }

  decode(codestream: Uint8Array, header: Jpeg2000Header): Promise<Uint8Array<ArrayBuffer>> {
    return this.#runtime.run((module) => decodeWith(new module.HTJ2KDecoder(), codestream, header));
  }
}
