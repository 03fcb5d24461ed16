import type { Deviation } from "#core/dicom/deviation.ts";
import { DicomError } from "#core/dicom/dicom-error.ts";
import type { ImagePixel } from "#core/pixels/image-pixel.ts";

/** What is seen of the words of a lossless JPEG once they are decoded. */
export interface LosslessWords {
  /** Bits of a sample that the frame header states. */
  readonly precision: number;
  /** All words joined by OR. */
  readonly joinedBits: number;
  /** Whether all words are two's complement numbers of the precision. */
  readonly isTwosComplement: boolean;
}

/** Bits of a sample, and the most significant of them in its word. */
export interface SampleDepth {
  readonly bitsStored: number;
  readonly highBit: number;
  readonly deviations: readonly Deviation[];
}

/**
 * Which bits of the words of a lossless JPEG are the samples. JPEG knows no sign, and many encoders give it whole words:
 * then the header says what they mean, as it does for native ones. Otherwise the codestream decides (safety C12).
 * @throws DicomError `codec-failure` for samples that fit neither the precision nor the header.
 */
export function losslessDepth(words: LosslessWords, imagePixel: ImagePixel): SampleDepth {
  const { bitsAllocated, bitsStored, highBit } = imagePixel;
  const { precision } = words;
  if (!fitsPrecision(words, imagePixel)) return depthBeyondPrecision(precision, imagePixel);
  const isLayoutSound = highBit < bitsAllocated && highBit + 1 >= bitsStored && bitsStored > 0;
  if (precision === bitsAllocated && isLayoutSound)
    return { bitsStored, highBit, deviations: strayBits(words, imagePixel) };
  const deviations = precision === bitsStored ? [] : [mismatch(precision, bitsStored)];
  if (isShorter(words, imagePixel)) return { bitsStored, highBit: bitsStored - 1, deviations };
  return { bitsStored: precision, highBit: precision - 1, deviations };
}

function fitsPrecision(words: LosslessWords, imagePixel: ImagePixel): boolean {
  if (words.joinedBits < 2 ** words.precision) return true;
  return imagePixel.pixelRepresentation === 1 && words.isTwosComplement;
}

/** Signed samples of fewer bits than the precision, with zeros above their sign. */
function isShorter({ joinedBits, precision }: LosslessWords, imagePixel: ImagePixel): boolean {
  const { bitsStored, pixelRepresentation } = imagePixel;
  if (pixelRepresentation === 0 || bitsStored >= precision) return false;
  return bitsStored > 0 && joinedBits < 2 ** bitsStored;
}

/** Some encoders state fewer bits than they encode: the header can confirm it. */
function depthBeyondPrecision(precision: number, { bitsStored, highBit }: ImagePixel): SampleDepth {
  if (precision <= 8 || bitsStored <= precision || bitsStored > 16 || highBit !== bitsStored - 1)
    throw new DicomError(
      "codec-failure",
      `The JPEG has samples of more than the ${precision} bits that it states`,
    );
  return { bitsStored, highBit, deviations: [mismatch(precision, bitsStored)] };
}

/** Bits of unsigned words outside the sample that no overlay accounts for. */
function strayBits({ joinedBits }: LosslessWords, imagePixel: ImagePixel): readonly Deviation[] {
  const { bitsStored, highBit, pixelRepresentation, embeddedOverlayBits = [] } = imagePixel;
  const sample = 2 ** (highBit + 1) - 2 ** (highBit + 1 - bitsStored);
  if (pixelRepresentation === 1 || (joinedBits & ~sample) === 0) return [];
  if (embeddedOverlayBits.length > 0) return [];
  return [
    {
      code: "bits-beyond-stored",
      message: "The words of the frame have bits outside Bits Stored, which were removed.",
    },
  ];
}

function mismatch(precision: number, bitsStored: number): Deviation {
  return {
    code: "bits-stored-mismatch",
    message: `The encoded frame has ${precision} bits per sample, the header says ${bitsStored}.`,
  };
}
