import createLibjpegTurbo from "@cornerstonejs/codec-libjpeg-turbo-8bit/wasmjs";
import { CodecRuntime } from "../../../wasm/codec-runtime.ts";
import { compilePackageWasm } from "../node-binary.ts";
import { encodeWith } from "./encode-with.ts";
import { checkSampleCount, type ImageMatrix } from "./encoded-image.ts";

const SUBSAMPLING_422 = 1;
/** More than the tables and headers of a small JPEG take. */
const HEADER_ROOM = 4096;
/** The codec counts bits per sample in a byte. */
const MAXIMUM_SEEMING_BYTES = 31;

const libjpegTurbo = new CodecRuntime(createLibjpegTurbo, () =>
  compilePackageWasm("@cornerstonejs/codec-libjpeg-turbo-8bit/wasm"),
);

/**
 * Encodes samples of 8 bits, gray or RGB, as baseline JPEG. Colour becomes YCbCr with 4:2:2 subsampling, in DICOM
 * YBR_FULL_422. `quality` is 1 to 100.
 * @throws DicomError `codec-failure` for an image of fewer than some 40 samples, which the codec has no room for.
 */
export function encodeJpeg(
  samples: Uint8Array,
  matrix: ImageMatrix,
  quality: number,
): Promise<Uint8Array<ArrayBuffer>> {
  checkSampleCount(matrix, samples.length);
  // The codec gives the result as many bytes as the image seems to have: a small image must seem larger.
  const seeming = Math.ceil((samples.length + HEADER_ROOM) / samples.length);
  const bitsPerSample = 8 * Math.min(seeming, MAXIMUM_SEEMING_BYTES);
  const input = { samples, matrix, bitsPerSample, isSigned: false };
  return libjpegTurbo.run((module) =>
    encodeWith(new module.JPEGEncoder(), input, (encoder) => {
      encoder.setQuality(quality);
      encoder.setSubSampling(SUBSAMPLING_422);
      encoder.setProgressive(false);
    }),
  );
}
