/** libjpeg-turbo for JPEG of 8 bits; the package brings no types. */
declare module "@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs" {
  export interface JPEGDecoder {
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
  export interface LibjpegTurboModule {
    readonly HEAPU8: Uint8Array;
    readonly JPEGDecoder: new () => JPEGDecoder;
  }
  export default function create(options: {
    instantiateWasm(imports: object, done: (instance: object) => void): object;
    print(text: string): void;
    printErr(text: string): void;
  }): Promise<LibjpegTurboModule>;
}

declare module "@cornerstonejs/codec-libjpeg-turbo-8bit/wasmjs" {
  export interface JPEGEncoder {
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
    setProgressive(isProgressive: boolean): void;
    /** 1 to 100. */
    setQuality(quality: number): void;
    /** Numbers of TurboJPEG: 0 is 4:4:4, 1 is 4:2:2, 2 is 4:2:0. */
    setSubSampling(subsampling: number): void;
  }
  export interface LibjpegTurboEncoderModule {
    readonly HEAPU8: Uint8Array;
    readonly JPEGEncoder: new () => JPEGEncoder;
  }
  export default function create(options: {
    instantiateWasm(imports: object, done: (instance: object) => void): object;
    print(text: string): void;
    printErr(text: string): void;
  }): Promise<LibjpegTurboEncoderModule>;
}
