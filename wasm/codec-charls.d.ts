/** CharLS for JPEG-LS; the package brings no types. */
declare module "@cornerstonejs/codec-charls/decodewasmjs" {
  type CodecDecoder = import("./codec-glue.ts").CodecDecoder;
  type CodecModule = import("./codec-glue.ts").CodecModule;
  type GlueOptions = import("./codec-glue.ts").GlueOptions;
  export interface CharlsModule extends CodecModule {
    readonly JpegLSDecoder: new () => CodecDecoder;
    /** What an exception says, of which only the address was thrown. */
    getExceptionMessage(address: number): string;
  }
  export default function create(options: GlueOptions): Promise<CharlsModule>;
}

declare module "@cornerstonejs/codec-charls/wasmjs" {
  type CodecEncoder = import("./codec-glue.ts").CodecEncoder;
  type CodecModule = import("./codec-glue.ts").CodecModule;
  type GlueOptions = import("./codec-glue.ts").GlueOptions;
  export interface JpegLSEncoder extends CodecEncoder {
    setNearLossless(near: number): void;
    /** 0 by plane, 1 by line, 2 by sample. */
    setInterleaveMode(mode: number): void;
  }
  export interface CharlsEncoderModule extends CodecModule {
    readonly JpegLSEncoder: new () => JpegLSEncoder;
  }
  export default function create(options: GlueOptions): Promise<CharlsEncoderModule>;
}
