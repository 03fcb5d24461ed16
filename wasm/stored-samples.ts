import type { Deviation } from "#core/dicom/deviation.ts";
import { DicomError } from "#core/dicom/dicom-error.ts";
import type { Samples } from "#core/pixels/decoded-frame.ts";
import type { ImagePixel } from "#core/pixels/image-pixel.ts";
import { alignSamples } from "#core/pixels/sample-layout.ts";
import type { CodestreamHeader } from "./codestream-header.ts";
import type { CodecResult } from "./frame-decoder.ts";

/**
 * Whether the samples are two's complement. Encoders that know nothing of signs give the bits of signed samples to
 * an unsigned codestream: where only the header says signed, the bits are to be read like that.
 */
export function isStoredSigned(header: CodestreamHeader, imagePixel: ImagePixel): boolean {
  if (imagePixel.samplesPerPixel === 3) return false;
  return header.isSigned || imagePixel.pixelRepresentation === 1;
}

/**
 * The bytes of a codec as samples, in the same buffer: one byte for up to 8 bits, two in little endian beyond, signed
 * ones with their sign extended from the depth of the codestream.
 * @throws DicomError `invalid-value` for signed colour.
 */
export function storedSamples(
  bytes: Uint8Array<ArrayBuffer>,
  header: CodestreamHeader,
  imagePixel: ImagePixel,
): Samples {
  const { bitDepth } = header;
  if (header.isSigned && imagePixel.samplesPerPixel === 3)
    throw new DicomError("invalid-value", "Colour samples cannot be signed");
  const isSigned = isStoredSigned(header, imagePixel);
  const bitsAllocated = bitDepth > 8 ? 16 : 8;
  if (!isSigned) return bitsAllocated === 8 ? bytes : new Uint16Array(bytes.buffer);
  const samples = bitsAllocated === 8 ? new Int8Array(bytes.buffer) : new Int16Array(bytes.buffer);
  // A codec extends the sign of what its codestream calls signed.
  if (!header.isSigned)
    alignSamples(samples, { bitsStored: bitDepth, highBit: bitDepth - 1, bitsAllocated });
  return samples;
}

/** Colour of a codestream that knows no colour transform: as the header says, which may not speak of one. */
export function plainColour(
  imagePixel: ImagePixel,
  encoding: string,
): { readonly colour: CodecResult["colour"]; readonly deviations: readonly Deviation[] } {
  const stated = imagePixel.photometricInterpretation;
  if (stated === "RGB") return { colour: "rgb", deviations: [] };
  if (stated !== "YBR_RCT" && stated !== "YBR_ICT")
    return { colour: "as-declared", deviations: [] };
  const message = `The header says ${stated}, which ${encoding} does not have: the samples are taken as RGB.`;
  return { colour: "rgb", deviations: [{ code: "colour-transform-mismatch", message }] };
}
