import createLibjpegTurbo from "@cornerstonejs/codec-libjpeg-turbo-8bit/wasmjs";
import { CodecRuntime } from "../../../wasm/codec-runtime.ts";
import { compilePackageWasm } from "../node-binary.ts";
import { checkSampleCount, type ImageMatrix } from "./encoded-image.ts";

const SUBSAMPLING_422 = 1;
/** More than the tables and headers of a small JPEG take. */
const HEADER_ROOM = 4096;

const libjpegTurbo = new CodecRuntime(createLibjpegTurbo, () =>
  compilePackageWasm("@cornerstonejs/codec-libjpeg-turbo-8bit/wasm", "libjpegturbowasm.wasm"),
);

/**
 * Encodes samples of 8 bits, gray or RGB, as baseline JPEG. Colour becomes YCbCr with 4:2:2 subsampling, in DICOM
 * YBR_FULL_422. `quality` is 1 to 100.
 */
export function encodeJpeg(
  samples: Uint8Array,
  matrix: ImageMatrix,
  quality: number,
): Promise<Uint8Array<ArrayBuffer>> {
  checkSampleCount(matrix, samples.length);
  return libjpegTurbo.run((module) => {
    const encoder = new module.JPEGEncoder();
    try {
      // The codec gives the result as many bytes as the image seems to have: a small image must seem larger.
      const bytesPerSample = Math.ceil((samples.length + HEADER_ROOM) / samples.length);
      const memory = encoder.getDecodedBuffer({
        width: matrix.columns,
        height: matrix.rows,
        bitsPerSample: 8 * bytesPerSample,
        componentCount: matrix.samplesPerPixel,
        isSigned: false,
      });
      memory.set(samples);
      encoder.setQuality(quality);
      encoder.setSubSampling(SUBSAMPLING_422);
      encoder.setProgressive(false);
      encoder.encode();
      return new Uint8Array(encoder.getEncodedBuffer());
    } finally {
      encoder.delete();
    }
  });
}
