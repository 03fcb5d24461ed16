import createOpenJph from "@cornerstonejs/codec-openjph/wasmjs";
import { CodecRuntime } from "../../wasm/codec-runtime.ts";
import { encodeWith } from "../decode/encoders/encode-with.ts";
import { checkSampleCount, type ImageMatrix } from "../decode/encoders/encoded-image.ts";
import type { Jpeg2000Samples } from "../decode/encoders/jpeg-2000-encoder.ts";
import { compilePackageWasm } from "../decode/node-binary.ts";

const openJph = new CodecRuntime(createOpenJph, () =>
  compilePackageWasm("@cornerstonejs/codec-openjph/wasm"),
);

/** For tests: encodes samples losslessly as an HTJ2K codestream of `bitsStored` bits. RGB is decorrelated (YBR_RCT). */
export function encodeHtj2k(
  samples: Jpeg2000Samples,
  matrix: ImageMatrix,
  bitsStored: number,
): Promise<Uint8Array<ArrayBuffer>> {
  checkSampleCount(matrix, samples.length);
  const facts = {
    bitsPerSample: bitsStored,
    isSigned: samples instanceof Int8Array || samples instanceof Int16Array,
    isUsingColorTransform: matrix.samplesPerPixel === 3,
  };
  return openJph.run((module) =>
    encodeWith(new module.HTJ2KEncoder(), { samples, matrix, ...facts }, (encoder) => {
      encoder.setQuality(true, 0);
      encoder.setDecompositions(2);
    }),
  );
}
