import { DicomError } from "#core/dicom/dicom-error.ts";
import type { ImagePixel } from "#core/pixels/image-pixel.ts";
import type { CodecSource } from "./codec-source.ts";
import { checkAgainstHeader } from "./codestream-header.ts";
import type { CodecResult } from "./frame-decoder.ts";
import { isYcbcr } from "./jpeg-colour.ts";
import type { JpegHeader } from "./jpeg-header.ts";
import type { JpegProcessDecoder } from "./jpeg-process.ts";
import { KERNELS, type KernelModule, type KernelRuntime, kernelsOf } from "./kernel-module.ts";
import { takeSamples } from "./kernel-samples.ts";
import { isStoredSigned } from "./stored-samples.ts";

/** Number of the frame header of progressive coding, SOF2. */
const PROGRESSIVE = 2;

/** Bits that a block of 64 samples takes at least: one for its first coefficient, in one scan. */
const LEAST_BITS_OF_BLOCK = 1;

/** Decodes DCT-based JPEG of 8 and 12 bits, sequential and progressive, with our own kernel. */
export class JpegDctDecoder implements JpegProcessDecoder {
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
    // JPEG has no sign: that of the header is no contradiction.
    const isSigned = isStoredSigned(header, imagePixel);
    const deviations = [...checkAgainstHeader({ ...header, isSigned }, imagePixel)];
    checkLength(encoded, header);
    const isYcc = isYcbcr(header, imagePixel);
    const { strayBytes, ...taken } = await this.#runtime.run((kernels) => {
      const address = decodePlanes(kernels, encoded.subarray(0, header.end), header, isYcc);
      const stored = {
        address,
        count: header.rows * header.columns * header.components,
        bytesPerSample: header.bitDepth > 8 ? 2 : 1,
        isSigned,
        bitsStored: header.bitDepth,
        highBit: header.bitDepth - 1,
      } as const;
      const strayBytes = kernels.call("strayBytes");
      return { ...takeSamples(kernels, stored, imagePixel), strayBytes };
    });
    if (strayBytes > 0)
      deviations.push({
        code: "stray-bytes",
        message: `The JPEG has ${strayBytes} bytes too many behind its samples.`,
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

/** @throws DicomError `truncated` for what cannot have all of its samples, before memory is taken for them. */
function checkLength(encoded: Uint8Array, header: JpegHeader): void {
  const blocks = Math.ceil(header.rows / 8) * Math.ceil(header.columns / 8);
  if (blocks * LEAST_BITS_OF_BLOCK > encoded.length * 8)
    throw new DicomError("truncated", "The JPEG is too short for all of its samples");
  // The last scan of a progressive frame may end early with few blocks refined.
  if (header.process === PROGRESSIVE && !header.hasEndMarker)
    throw new DicomError("truncated", "The JPEG has no end marker");
}

/** Decodes a frame; gives the address of its samples. */
function decodePlanes(
  kernels: KernelModule,
  encoded: Uint8Array,
  { rows, columns, components, bitDepth }: JpegHeader,
  isYcc: boolean,
): number {
  const input = kernels.putInput(encoded);
  const toRgb = isYcc ? 1 : 0;
  kernels.run("decodeJpegDct", input, encoded.length, rows, columns, components, bitDepth, toRgb);
  return kernels.call("dctFrame");
}
