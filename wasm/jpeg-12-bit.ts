import { DicomError } from "#core/dicom/dicom-error.ts";
import type { ImagePixel } from "#core/pixels/image-pixel.ts";
import type { CodecSource } from "./codec-source.ts";
import { checkAgainstHeader } from "./codestream-header.ts";
import type { CodecResult } from "./frame-decoder.ts";
import { colourTransform } from "./jpeg-colour.ts";
import type { JpegHeader } from "./jpeg-header.ts";
import type { JpegProcessDecoder } from "./jpeg-process.ts";
import { KERNELS, type KernelModule, type KernelRuntime, kernelsOf } from "./kernel-module.ts";
import { takeSamples } from "./kernel-samples.ts";
import { isStoredSigned } from "./stored-samples.ts";

/** Number of the frame header of progressive coding, SOF2. */
const PROGRESSIVE = 2;

/** Bits that a block of 64 samples takes at least: one for its first coefficient, in one scan. */
const LEAST_BITS_OF_BLOCK = 1;

/** Decodes DCT-based JPEG of 12 bits, sequential and progressive, with our own kernel. */
export class Jpeg12BitDecoder implements JpegProcessDecoder {
  readonly #runtime: KernelRuntime;

  constructor(source: CodecSource) {
    this.#runtime = kernelsOf(source);
  }

  prepare(): Promise<unknown> {
    return this.#runtime.prepare();
  }

  async decode(
    encoded: Uint8Array<ArrayBuffer>,
    header: JpegHeader,
    imagePixel: ImagePixel,
  ): Promise<CodecResult> {
    const deviations = [...checkAgainstHeader(header, imagePixel)];
    const blocks = Math.ceil(header.rows / 8) * Math.ceil(header.columns / 8);
    if (blocks * LEAST_BITS_OF_BLOCK > encoded.length * 8)
      throw new DicomError("truncated", "The JPEG is too short for all of its samples");
    // Scans that are missing make a progressive frame coarse, and nothing else tells of them.
    if (header.process === PROGRESSIVE && !header.hasEndMarker)
      throw new DicomError("truncated", "The JPEG has no end marker");
    const isYcc = isYcbcr(header, imagePixel);
    const isSigned = isStoredSigned(header, imagePixel);
    const taken = await this.#runtime.run((kernels) => {
      const address = decodePlanes(kernels, encoded.subarray(0, header.end), header, isYcc);
      const count = header.rows * header.columns * header.components;
      const words = {
        address,
        count,
        bytesPerSample: 2,
        isSigned,
        bitsStored: 12,
        highBit: 11,
      } as const;
      return takeSamples(kernels, words, imagePixel);
    });
    if (!header.hasEndMarker)
      deviations.push({
        code: "no-end-marker",
        message: "The JPEG has no end marker, but all samples.",
      });
    return {
      ...taken,
      bitsStored: header.bitDepth,
      isSigned,
      colour: "rgb",
      fidelity: "lossy",
      decoder: KERNELS,
      deviations,
    };
  }
}

/** Whether the components are YCbCr. Where DICOM leaves it open, the stream says it as libjpeg reads it. */
function isYcbcr(header: JpegHeader, imagePixel: ImagePixel): boolean {
  if (header.components !== 3) return false;
  const transform = colourTransform(header, imagePixel);
  if (transform !== undefined) return transform === 1;
  return header.hasJfif || header.adobeTransform !== 0;
}

/** Decodes a frame; gives the address of its samples. */
function decodePlanes(
  kernels: KernelModule,
  encoded: Uint8Array,
  { rows, columns, components }: JpegHeader,
  isYcc: boolean,
): number {
  const input = kernels.putInput(encoded);
  const toRgb = isYcc ? 1 : 0;
  kernels.run("decodeJpeg12Bit", input, encoded.length, rows, columns, components, toRgb);
  return kernels.call("frame12Bit");
}
