/** OpenJPEG for JPEG 2000; the package brings no types. */
declare module "@cornerstonejs/codec-openjpeg/decodewasmjs" {
  type CodecDecoder = import("./codec-glue.ts").CodecDecoder;
  type CodecModule = import("./codec-glue.ts").CodecModule;
  type GlueOptions = import("./codec-glue.ts").GlueOptions;
  export interface OpenJpegModule extends CodecModule {
    readonly J2KDecoder: new () => CodecDecoder;
  }
  export default function create(options: GlueOptions): Promise<OpenJpegModule>;
}

declare module "@cornerstonejs/codec-openjpeg/wasmjs" {
  type CodecEncoder = import("./codec-glue.ts").CodecEncoder;
  type CodecModule = import("./codec-glue.ts").CodecModule;
  type GlueOptions = import("./codec-glue.ts").GlueOptions;
  export interface J2KEncoder extends CodecEncoder {
    /** `true, 0` encodes with the reversible transform and keeps everything. */
    setQuality(isLossless: boolean, quality: number): void;
    setDecompositions(levels: number): void;
  }
  export interface OpenJpegEncoderModule extends CodecModule {
    readonly J2KEncoder: new () => J2KEncoder;
  }
  export default function create(options: GlueOptions): Promise<OpenJpegEncoderModule>;
}
