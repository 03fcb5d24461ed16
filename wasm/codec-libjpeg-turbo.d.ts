/** The encoder of libjpeg-turbo, which the companion uses; the package brings no types. */
declare module "@cornerstonejs/codec-libjpeg-turbo-8bit/wasmjs" {
  type CodecEncoder = import("./codec-glue.ts").CodecEncoder;
  type CodecModule = import("./codec-glue.ts").CodecModule;
  type GlueOptions = import("./codec-glue.ts").GlueOptions;
  export interface JPEGEncoder extends CodecEncoder {
    setProgressive(isProgressive: boolean): void;
    /** 1 to 100. */
    setQuality(quality: number): void;
    /** Numbers of TurboJPEG: 0 is 4:4:4, 1 is 4:2:2, 2 is 4:2:0. */
    setSubSampling(subsampling: number): void;
  }
  export interface LibjpegTurboEncoderModule extends CodecModule {
    readonly JPEGEncoder: new () => JPEGEncoder;
  }
  export default function create(options: GlueOptions): Promise<LibjpegTurboEncoderModule>;
}
