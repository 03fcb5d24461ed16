import type { Deviation } from "#core/dicom/deviation.ts";
import { DicomError } from "#core/dicom/dicom-error.ts";
import type { Samples } from "#core/pixels/decoded-frame.ts";
import type { ImagePixel } from "#core/pixels/image-pixel.ts";
import { alignSamples } from "#core/pixels/sample-layout.ts";

/** What the kernel makes of a lossless JPEG. */
export interface LosslessWords {
  /** Samples of 8 bits where the precision is 8 or less, of 16 bits in little endian otherwise. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Whether all samples fit the precision, as unsigned and as two's complement numbers. */
  readonly fitsUnsigned: boolean;
  readonly fitsSigned: boolean;
  /** Low bits that the encoder left out. */
  readonly pointTransform: number;
}

interface StoredSamples {
  readonly samples: Samples;
  readonly bitsStored: number;
  readonly isSigned: boolean;
  readonly deviations: readonly Deviation[];
}

/** Bits of a sample, and which of the bits of a word they are. */
interface Depth {
  readonly bitsStored: number;
  readonly highBit: number;
  readonly deviations: readonly Deviation[];
}

/**
 * The stored values of a lossless JPEG of `precision` bits, in the buffer of `words`. JPEG knows no sign: the header
 * says it.
 * @throws DicomError `codec-failure` for samples that fit neither the precision nor the header.
 */
export function losslessSamples(
  words: LosslessWords,
  precision: number,
  imagePixel: ImagePixel,
): StoredSamples {
  const isSigned = imagePixel.pixelRepresentation === 1 && imagePixel.samplesPerPixel === 1;
  const { deviations, ...depth } = depthOf(words, precision, imagePixel, isSigned);
  const samples = viewWords(words.bytes, precision, isSigned);
  alignSamples(samples, { ...depth, bitsAllocated: precision > 8 ? 16 : 8 });
  return { samples, bitsStored: depth.bitsStored, isSigned, deviations };
}

function depthOf(
  words: LosslessWords,
  precision: number,
  imagePixel: ImagePixel,
  isSigned: boolean,
): Depth {
  const { bitsAllocated, bitsStored, highBit } = imagePixel;
  const fits = words.fitsUnsigned || (isSigned && words.fitsSigned);
  if (!fits) return depthBeyondPrecision(precision, imagePixel);
  // Encoders that keep the words of an image as they are say Bits Allocated; what these mean is for the header to say.
  const isLayoutSound = highBit < bitsAllocated && highBit + 1 >= bitsStored && bitsStored > 0;
  if (precision === bitsAllocated && isLayoutSound) return { bitsStored, highBit, deviations: [] };
  const plain = { bitsStored: precision, highBit: precision - 1 };
  return {
    ...plain,
    deviations: precision === bitsStored ? [] : [mismatch(precision, bitsStored)],
  };
}

/** Some encoders state fewer bits than they encode: the header can confirm it. */
function depthBeyondPrecision(precision: number, { bitsStored, highBit }: ImagePixel): Depth {
  if (precision <= 8 || bitsStored <= precision || highBit > 15)
    throw new DicomError(
      "codec-failure",
      `The JPEG has samples of more than the ${precision} bits that it states`,
    );
  return { bitsStored, highBit, deviations: [mismatch(precision, bitsStored)] };
}

function viewWords(bytes: Uint8Array<ArrayBuffer>, precision: number, isSigned: boolean): Samples {
  if (precision <= 8) return isSigned ? new Int8Array(bytes.buffer) : bytes;
  return isSigned ? new Int16Array(bytes.buffer) : new Uint16Array(bytes.buffer);
}

function mismatch(precision: number, bitsStored: number): Deviation {
  return {
    code: "bits-stored-mismatch",
    message: `The encoded frame has ${precision} bits per sample, the header says ${bitsStored}.`,
  };
}
