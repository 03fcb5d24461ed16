/** The codecs that come as WebAssembly. */
export type WasmCodec = "openjpeg" | "charls" | "openjph" | "kernels";

/** A compiled codec, of which instances can be made; it hides how a realm loads and compiles. */
export interface WasmBinary {
  /** A new instance with memory of its own; `imports` as the codec's glue asks for them. */
  instantiate(imports: object): Promise<object>;
}

/** Where codecs come from: fetched in a browser worker, read from a file in Node. */
export interface CodecSource {
  /** Compiles the codec; called once per codec, again only after it failed. */
  load(codec: WasmCodec): Promise<WasmBinary>;
  /**
   * Decodes a picture with what the platform has, without converting colours; absent where it has nothing. Gives
   * undefined for a media type that it does not know.
   * @throws DicomError `codec-failure`.
   */
  readonly decodeImage?: (
    encoded: Uint8Array<ArrayBuffer>,
    mediaType: string,
  ) => Promise<PlatformImage | undefined>;
}

/** A picture as a platform decodes it. */
export interface PlatformImage {
  readonly rows: number;
  readonly columns: number;
  /** Red, green, blue and a byte without meaning for each pixel, row-major. */
  readonly rgb: Uint8Array<ArrayBuffer>;
}
