import { DicomError } from "#core/dicom/dicom-error.ts";
import type { ImagePixel } from "#core/pixels/image-pixel.ts";
import { unpackSamples } from "#core/pixels/unpack-samples.ts";
import type { CodecSource } from "./codec-source.ts";
import { checkFrameSize } from "./codestream-header.ts";
import type { CodecResult, FrameDecoder } from "./frame-decoder.ts";
import { KERNELS, type KernelModule, type KernelRuntime, kernelsOf } from "./kernel-module.ts";
import { type KernelSamples, takeSamples } from "./kernel-samples.ts";

/** What two bytes of PackBits stand for at most. */
const LONGEST_RUN = 128;
const HEADER_BYTES = 64;

/** Decodes RLE (PS3.5 Annex G) with our own kernel. */
export class RleDecoder implements FrameDecoder {
  readonly name = KERNELS;
  readonly #runtime: KernelRuntime;

  constructor(source: CodecSource) {
    this.#runtime = kernelsOf(source);
  }

  prepare(): Promise<unknown> {
    return this.#runtime.prepare();
  }

  async decode(encoded: Uint8Array<ArrayBuffer>, header: ImagePixel): Promise<CodecResult> {
    const imagePixel = asRleGives(header);
    const planeBytes = checkSize(imagePixel, encoded.length);
    return this.#runtime.run((kernels) => {
      const address = decodePlanes(kernels, encoded, imagePixel, planeBytes);
      const words = plainWords(imagePixel, address);
      if (words === undefined) return unpackPlanes(kernels, address, planeBytes, imagePixel);
      const { bitsStored, isSigned } = words;
      const taken = takeSamples(kernels, words, imagePixel);
      return { ...taken, bitsStored, isSigned, colour: "rgb", fidelity: "exact", deviations: [] };
    });
  }
}

/** RLE gives colour by pixel, never subsampled, and whole bytes. */
function asRleGives(imagePixel: ImagePixel): ImagePixel {
  const bitsAllocated = imagePixel.bitsAllocated === 12 ? 16 : imagePixel.bitsAllocated;
  return { ...imagePixel, planarConfiguration: 0, bitsAllocated };
}

/** Bytes of a plane, which is refused before memory is taken when the frame cannot hold it. */
function checkSize(imagePixel: ImagePixel, encodedBytes: number): number {
  const { rows, columns, bitsAllocated } = imagePixel;
  checkFrameSize(imagePixel, bitsAllocated / 8);
  const planeBytes = bitsAllocated === 1 ? Math.ceil((rows * columns) / 8) : rows * columns;
  const leastBytes = HEADER_BYTES + planeBytes / (LONGEST_RUN / 2);
  if (encodedBytes < leastBytes)
    throw new DicomError("truncated", "The RLE frame is too short for all of its pixels");
  return planeBytes;
}

/** Decodes the planes; gives the address of the native bytes, little endian and colour by pixel. */
function decodePlanes(
  kernels: KernelModule,
  encoded: Uint8Array,
  { samplesPerPixel, bitsAllocated }: ImagePixel,
  planeBytes: number,
): number {
  const input = kernels.putInput(encoded);
  const bytesPerSample = Math.ceil(bitsAllocated / 8);
  kernels.run("decodeRle", input, encoded.length, planeBytes, samplesPerPixel, bytesPerSample);
  return kernels.call("rleFrame");
}

/** Monochrome cells of one or two whole bytes that hold nothing but their samples; undefined for all else. */
function plainWords(imagePixel: ImagePixel, address: number): KernelSamples | undefined {
  const { rows, columns, samplesPerPixel, bitsAllocated, bitsStored, highBit } = imagePixel;
  const hasOverlays = (imagePixel.embeddedOverlayBits ?? []).length > 0;
  if (samplesPerPixel !== 1 || hasOverlays || imagePixel.sampleKind !== "integer") return undefined;
  if (bitsAllocated !== 8 && bitsAllocated !== 16) return undefined;
  if (bitsStored < 1 || highBit >= bitsAllocated || highBit + 1 < bitsStored) return undefined;
  return {
    address,
    count: rows * columns,
    bytesPerSample: bitsAllocated === 8 ? 1 : 2,
    isSigned: imagePixel.pixelRepresentation === 1,
    bitsStored,
    highBit,
  };
}

/** What native frames may be, too: colour, single bits, overlays in unused bits; or a layout that is refused. */
function unpackPlanes(
  kernels: KernelModule,
  address: number,
  planeBytes: number,
  imagePixel: ImagePixel,
): CodecResult {
  const bytesPerPixel = imagePixel.samplesPerPixel * Math.ceil(imagePixel.bitsAllocated / 8);
  const native = kernels.copyOut(address, planeBytes * bytesPerPixel);
  const frame = unpackSamples(native, imagePixel, { littleEndian: true, chroma: "for each pixel" });
  const { samples, bitsStored, isSigned, deviations, minimum, maximum, embeddedOverlays } = frame;
  const overlays = embeddedOverlays === undefined ? {} : { embeddedOverlays };
  const range = { minimum, maximum };
  const facts = { bitsStored, isSigned, deviations, range, ...overlays };
  return { samples, ...facts, colour: "rgb", fidelity: "exact" };
}
