/** OpenJPEG for JPEG 2000; the package brings no types. */
declare module "@cornerstonejs/codec-openjpeg/decodewasmjs" {
  export interface J2KDecoder {
    getEncodedBuffer(byteLength: number): Uint8Array;
    decode(): void;
    getDecodedBuffer(): Uint8ClampedArray<ArrayBuffer>;
    getFrameInfo(): {
      readonly width: number;
      readonly height: number;
      readonly bitsPerSample: number;
      readonly componentCount: number;
      readonly isSigned: boolean;
    };
    delete(): void;
  }
  export interface OpenJpegModule {
    readonly HEAPU8: Uint8Array;
    readonly J2KDecoder: new () => J2KDecoder;
  }
  export default function create(options: {
    instantiateWasm(imports: object, done: (instance: object) => void): object;
    print(text: string): void;
    printErr(text: string): void;
  }): Promise<OpenJpegModule>;
}

declare module "@cornerstonejs/codec-openjpeg/wasmjs" {
  export interface J2KEncoder {
    getDecodedBuffer(info: {
      readonly width: number;
      readonly height: number;
      readonly bitsPerSample: number;
      readonly componentCount: number;
      readonly isSigned: boolean;
    }): Uint8Array;
    encode(): void;
    getEncodedBuffer(): Uint8Array | Uint8ClampedArray;
    delete(): void;
    /** `true, 0` encodes with the reversible transform and keeps everything. */
    setQuality(isLossless: boolean, quality: number): void;
    setDecompositions(levels: number): void;
  }
  export interface OpenJpegEncoderModule {
    readonly HEAPU8: Uint8Array;
    readonly J2KEncoder: new () => J2KEncoder;
  }
  export default function create(options: {
    instantiateWasm(imports: object, done: (instance: object) => void): object;
    print(text: string): void;
    printErr(text: string): void;
  }): Promise<OpenJpegEncoderModule>;
}
