import type { CodecEncoder, EncoderImage } from "../../../wasm/codec-glue.ts";
import type { ImageMatrix } from "./encoded-image.ts";

/** Samples, and what an encoder is to know of them besides their matrix. */
export interface EncoderInput extends Omit<EncoderImage, "width" | "height" | "componentCount"> {
  readonly samples: Uint8Array | Int8Array | Uint16Array | Int16Array;
  readonly matrix: ImageMatrix;
}

/** Encodes an image with an encoder object of its own; `configure` sets what the codec has to choose. */
export function encodeWith<Encoder extends CodecEncoder>(
  encoder: Encoder,
  { samples, matrix, ...facts }: EncoderInput,
  configure: (encoder: Encoder) => void,
): Uint8Array<ArrayBuffer> {
  try {
    const memory = encoder.getDecodedBuffer({
      width: matrix.columns,
      height: matrix.rows,
      componentCount: matrix.samplesPerPixel,
      ...facts,
    });
    memory.set(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength));
    configure(encoder);
    encoder.encode();
    return new Uint8Array(encoder.getEncodedBuffer());
  } finally {
    encoder.delete();
  }
}
