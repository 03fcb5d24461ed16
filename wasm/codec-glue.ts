import type { WasmBinary } from "./codec-source.ts";

/** What the glue of a codec package is created with. */
export interface GlueOptions {
  instantiateWasm(imports: object, done: (instance: object) => void): object;
  print(text: string): void;
  printErr(text: string): void;
}

/** An instance of a codec, as far as all of them are alike. */
export interface CodecModule {
  /** The memory of the instance, seen as bytes; its length tells how far it has grown. */
  readonly HEAPU8: Uint8Array;
}

/** What a codec says about an image. */
interface CodecFrameInfo {
  readonly width: number;
  readonly height: number;
  readonly componentCount: number;
}

/** A decoder object of a codec; it must be deleted, and never be used for a second frame. */
export interface CodecDecoder {
  /** Memory of the codec for so many encoded bytes. */
  getEncodedBuffer(byteLength: number): Uint8Array;
  decode(): void;
  /** The decoded bytes: a copy of their own, or a view of the codec's memory. Empty after some failures. */
  getDecodedBuffer(): Uint8Array<ArrayBuffer> | Uint8ClampedArray<ArrayBuffer>;
  getFrameInfo(): CodecFrameInfo;
  delete(): void;
}

/** What an encoder is told of an image; not all of them ask for all. */
export interface EncoderImage {
  readonly width: number;
  readonly height: number;
  readonly bitsPerSample: number;
  readonly componentCount: number;
  readonly isSigned?: boolean;
  readonly isUsingColorTransform?: boolean;
}

/** An encoder object of a codec; it must be deleted. */
export interface CodecEncoder {
  /** Memory of the codec for the samples of an image. */
  getDecodedBuffer(image: EncoderImage): Uint8Array;
  encode(): void;
  getEncodedBuffer(): Uint8Array | Uint8ClampedArray;
  delete(): void;
}

/** Makes an instance of a codec; rejects when the WebAssembly cannot be instantiated. */
export function createInstance<Module extends CodecModule>(
  glue: (options: GlueOptions) => Promise<Module>,
  binary: WasmBinary,
  log: (text: string) => void,
): Promise<Module> {
  return new Promise((resolve, reject) => {
    const created = glue({
      instantiateWasm: (imports, done) => {
        binary.instantiate(imports).then(done, reject);
        return {};
      },
      print: log,
      printErr: log,
    });
    created.then(resolve, reject);
  });
}
