import createOpenJpeg from "@cornerstonejs/codec-openjpeg/wasmjs";
import { CodecRuntime } from "../../../wasm/codec-runtime.ts";
import { compilePackageWasm } from "../node-binary.ts";
import { encodeWith } from "./encode-with.ts";
import { checkSampleCount, type ImageMatrix } from "./encoded-image.ts";

/** Samples that JPEG 2000 can hold here. Signed ones are in signed arrays. */
export type Jpeg2000Samples = Uint8Array | Int8Array | Uint16Array | Int16Array;

const openJpeg = new CodecRuntime(createOpenJpeg, () =>
  compilePackageWasm("@cornerstonejs/codec-openjpeg/wasm"),
);

/** Encodes samples losslessly as a JPEG 2000 codestream of `bitsStored` bits. RGB is decorrelated (YBR_RCT). */
export function encodeJpeg2000(
  samples: Jpeg2000Samples,
  matrix: ImageMatrix,
  bitsStored: number,
): Promise<Uint8Array<ArrayBuffer>> {
  checkSampleCount(matrix, samples.length);
  const facts = {
    bitsPerSample: bitsStored,
    isSigned: samples instanceof Int8Array || samples instanceof Int16Array,
  };
  return openJpeg.run((module) =>
    encodeWith(new module.J2KEncoder(), { samples, matrix, ...facts }, (encoder) => {
      encoder.setQuality(true, 0);
      encoder.setDecompositions(decompositions(Math.min(matrix.rows, matrix.columns)));
    }),
  );
}

/** Levels of the wavelet: at most five, fewer for an image that would shrink to nothing. */
function decompositions(shorterSide: number): number {
  return Math.max(0, Math.min(5, Math.floor(Math.log2(shorterSide)) - 3));
}
