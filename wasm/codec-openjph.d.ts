/** OpenJPH for HTJ2K; the package brings no types. */
declare module "@cornerstonejs/codec-openjph/wasmjs" {
  type CodecDecoder = import("./codec-glue.ts").CodecDecoder;
  type CodecModule = import("./codec-glue.ts").CodecModule;
  type GlueOptions = import("./codec-glue.ts").GlueOptions;
  type CodecEncoder = import("./codec-glue.ts").CodecEncoder;
  export interface HTJ2KEncoder extends CodecEncoder {
    /** `true, 0` encodes with the reversible transform and keeps everything. */
    setQuality(isReversible: boolean, quantizationStep: number): void;
    setDecompositions(levels: number): void;
  }
  export interface OpenJphModule extends CodecModule {
    readonly HTJ2KDecoder: new () => CodecDecoder;
    readonly HTJ2KEncoder: new () => HTJ2KEncoder;
  }
  export default function create(options: GlueOptions): Promise<OpenJphModule>;
}
