/** The codecs that come as WebAssembly. */
export type WasmCodec = "openjpeg" | "libjpeg-turbo" | "charls" | "openjph" | "kernels";

/** A compiled codec, of which instances can be made; it hides how a realm loads and compiles. */
export interface WasmBinary {
  /** A new instance with memory of its own; `imports` as the codec's glue asks for them. */
  instantiate(imports: object): Promise<object>;
}

/** Where codecs come from: fetched in a browser worker, read from a file in Node. */
export interface CodecSource {
  /** Compiles the codec; called once per codec, again only after it failed. */
  load(codec: WasmCodec): Promise<WasmBinary>;
}
