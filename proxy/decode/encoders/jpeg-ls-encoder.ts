import createCharls from "@cornerstonejs/codec-charls/wasmjs";
import { CodecRuntime } from "../../../wasm/codec-runtime.ts";
import { compilePackageWasm } from "../node-binary.ts";
import { encodeWith } from "./encode-with.ts";
import { checkSampleCount, type ImageMatrix } from "./encoded-image.ts";

const charls = new CodecRuntime(createCharls, () =>
  compilePackageWasm("@cornerstonejs/codec-charls/wasm"),
);

/** How JPEG-LS is to be written. */
export interface JpegLsOptions {
  /** How far a sample may be off; 0, the default, is lossless. */
  readonly near?: number;
  /** 0 each component in a scan of its own, 1 by line, 2 by sample; 0 by default for gray, 2 for colour. */
  readonly interleaveMode?: 0 | 1 | 2;
}

/** Encodes samples as JPEG-LS of `bitsStored` bits. Colour comes by pixel, whatever the interleave mode. */
export function encodeJpegLs(
  samples: Uint8Array | Uint16Array | Int16Array,
  matrix: ImageMatrix,
  bitsStored: number,
  options: JpegLsOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  checkSampleCount(matrix, samples.length);
  const { near = 0, interleaveMode = matrix.samplesPerPixel === 1 ? 0 : 2 } = options;
  const ordered = interleaveMode === 0 ? byPlane(samples, matrix.samplesPerPixel) : samples;
  const input = { samples: ordered, matrix, bitsPerSample: bitsStored };
  return charls.run((module) =>
    encodeWith(new module.JpegLSEncoder(), input, (encoder) => {
      encoder.setNearLossless(near);
      encoder.setInterleaveMode(interleaveMode);
    }),
  );
}

function byPlane(samples: Uint8Array | Uint16Array | Int16Array, planes: number) {
  const planar = samples.slice();
  const pixels = samples.length / planes;
  for (let plane = 0; plane < planes; plane += 1)
    for (let pixel = 0; pixel < pixels; pixel += 1)
      planar[plane * pixels + pixel] = samples[pixel * planes + plane] ?? 0;
  return planar;
}
