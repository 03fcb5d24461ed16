import type { Deviation } from "#core/dicom/deviation.ts";
import { DicomError } from "#core/dicom/dicom-error.ts";
import type { Samples } from "#core/pixels/decoded-frame.ts";
import { takeEmbeddedOverlays } from "#core/pixels/embedded-overlay.ts";
import type { ImagePixel } from "#core/pixels/image-pixel.ts";
import { alignSamples } from "#core/pixels/sample-layout.ts";
import { sampleRange } from "#core/pixels/sample-range.ts";
import type { CodestreamHeader } from "./codestream-header.ts";
import type { CodecResult } from "./frame-decoder.ts";

/** Samples as an adapter gives them. */
type StoredSamples = Pick<CodecResult, "samples" | "bitsStored" | "isSigned" | "embeddedOverlays">;

/**
 * Whether the samples are two's complement. Encoders that know nothing of signs give the bits of signed samples to
 * an unsigned codestream: where only the header says signed, the bits are to be read like that.
 */
export function isStoredSigned(header: CodestreamHeader, imagePixel: ImagePixel): boolean {
  if (imagePixel.samplesPerPixel === 3) return false;
  return header.isSigned || imagePixel.pixelRepresentation === 1;
}

/**
 * The bytes of a codec as samples, in the same buffer: one byte for up to 8 bits, two in little endian beyond. Samples
 * are as deep as the codestream says; signed ones have their sign extended.
 * @throws DicomError `invalid-value` for signed colour.
 */
export function samplesOfCodestream(
  bytes: Uint8Array<ArrayBuffer>,
  header: CodestreamHeader,
  imagePixel: ImagePixel,
): StoredSamples {
  if (header.isSigned && imagePixel.samplesPerPixel === 3)
    throw new DicomError("invalid-value", "Colour samples cannot be signed");
  const isSigned = isStoredSigned(header, imagePixel);
  const samples = viewOf(bytes, header.bitDepth, isSigned);
  const bits = imagePixel.embeddedOverlayBits?.filter((bit) => bit < header.bitDepth) ?? [];
  const overlays = takeEmbeddedOverlays(samples, bits);
  const depth = depthOf(samples, header, imagePixel, bits.length > 0);
  // A codec extends the sign of what its codestream calls signed.
  if (depth.bitsStored < header.bitDepth || (isSigned && !header.isSigned))
    alignSamples(samples, { ...depth, bitsAllocated: samples.BYTES_PER_ELEMENT * 8 });
  return { samples, bitsStored: depth.bitsStored, isSigned, ...overlays };
}

function viewOf(bytes: Uint8Array<ArrayBuffer>, bitDepth: number, isSigned: boolean): Samples {
  if (bitDepth <= 8) return isSigned ? new Int8Array(bytes.buffer) : bytes;
  return isSigned ? new Int16Array(bytes.buffer) : new Uint16Array(bytes.buffer);
}

/**
 * Which bits of a word are the sample. The header decides against the codestream in two cases: overlays stand in the
 * other bits; or the words of a signed image were encoded as they stood, with zeros above their sign.
 */
function depthOf(
  samples: Samples,
  { bitDepth, isSigned: isCodestreamSigned }: CodestreamHeader,
  { bitsStored, highBit, pixelRepresentation }: ImagePixel,
  hasOverlays: boolean,
): { readonly bitsStored: number; readonly highBit: number } {
  const ofCodestream = { bitsStored: bitDepth, highBit: bitDepth - 1 };
  if (bitsStored >= bitDepth || highBit >= bitDepth || highBit + 1 < bitsStored)
    return ofCodestream;
  if (hasOverlays) return { bitsStored, highBit };
  if (pixelRepresentation === 0 || isCodestreamSigned) return ofCodestream;
  const { minimum, maximum } = sampleRange(samples);
  const isZeroExtended =
    minimum >= 0 && maximum >= 2 ** (bitsStored - 1) && maximum < 2 ** bitsStored;
  return isZeroExtended && highBit === bitsStored - 1 ? { bitsStored, highBit } : ofCodestream;
}

/** Colour of a codestream that knows no colour transform: as the header says, which may not speak of one. */
export function plainColour(
  imagePixel: ImagePixel,
  encoding: string,
): { readonly colour: CodecResult["colour"]; readonly deviations: readonly Deviation[] } {
  const stated = imagePixel.photometricInterpretation;
  if (stated !== "YBR_RCT" && stated !== "YBR_ICT" && stated !== "XYB")
    return { colour: "as-declared", deviations: [] };
  const message = `The header says ${stated}, which ${encoding} does not have: the samples are taken as RGB.`;
  return { colour: "rgb", deviations: [{ code: "colour-transform-mismatch", message }] };
}
