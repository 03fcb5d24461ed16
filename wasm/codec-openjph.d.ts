/** OpenJPH for HTJ2K; the package brings no types. */
declare module "@cornerstonejs/codec-openjph/wasmjs" {
  export interface HTJ2KDecoder {
    getEncodedBuffer(byteLength: number): Uint8Array;
    decode(): void;
    /** A view of the codec's memory. */
    getDecodedBuffer(): Uint8Array<ArrayBuffer>;
    getFrameInfo(): {
      readonly width: number;
      readonly height: number;
      readonly bitsPerSample: number;
      readonly componentCount: number;
      readonly isSigned: boolean;
    };
    delete(): void;
  }
  export interface HTJ2KEncoder {
    getDecodedBuffer(info: {
      readonly width: number;
      readonly height: number;
      readonly bitsPerSample: number;
      readonly componentCount: number;
      readonly isSigned: boolean;
      readonly isUsingColorTransform: boolean;
    }): Uint8Array;
    encode(): void;
    getEncodedBuffer(): Uint8Array;
    delete(): void;
    /** `true, 0` encodes with the reversible transform and keeps everything. */
    setQuality(isReversible: boolean, quantizationStep: number): void;
    setDecompositions(levels: number): void;
  }
  export interface OpenJphModule {
    readonly HEAPU8: Uint8Array;
    readonly HTJ2KDecoder: new () => HTJ2KDecoder;
    readonly HTJ2KEncoder: new () => HTJ2KEncoder;
  }
  export default function create(options: {
    instantiateWasm(imports: object, done: (instance: object) => void): object;
    print(text: string): void;
    printErr(text: string): void;
  }): Promise<OpenJphModule>;
}
