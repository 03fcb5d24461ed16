/** CharLS for JPEG-LS; the package brings no types. */
declare module "@cornerstonejs/codec-charls/decodewasmjs" {
  export interface JpegLSDecoder {
    getEncodedBuffer(byteLength: number): Uint8Array;
    decode(): void;
    getDecodedBuffer(): Uint8ClampedArray<ArrayBuffer>;
    getFrameInfo(): {
      readonly width: number;
      readonly height: number;
      readonly bitsPerSample: number;
      readonly componentCount: number;
    };
    delete(): void;
  }
  export interface CharlsModule {
    readonly HEAPU8: Uint8Array;
    readonly JpegLSDecoder: new () => JpegLSDecoder;
    /** What an exception says, of which only the address was thrown. */
    getExceptionMessage(address: number): string;
  }
  export default function create(options: {
    instantiateWasm(imports: object, done: (instance: object) => void): object;
    print(text: string): void;
    printErr(text: string): void;
  }): Promise<CharlsModule>;
}

declare module "@cornerstonejs/codec-charls/wasmjs" {
  export interface JpegLSEncoder {
    getDecodedBuffer(info: {
      readonly width: number;
      readonly height: number;
      readonly bitsPerSample: number;
      readonly componentCount: number;
    }): Uint8Array;
    encode(): void;
    getEncodedBuffer(): Uint8Array | Uint8ClampedArray;
    delete(): void;
    setNearLossless(near: number): void;
    /** 0 by plane, 1 by line, 2 by sample. */
    setInterleaveMode(mode: number): void;
  }
  export interface CharlsEncoderModule {
    readonly HEAPU8: Uint8Array;
    readonly JpegLSEncoder: new () => JpegLSEncoder;
  }
  export default function create(options: {
    instantiateWasm(imports: object, done: (instance: object) => void): object;
    print(text: string): void;
    printErr(text: string): void;
  }): Promise<CharlsEncoderModule>;
}
