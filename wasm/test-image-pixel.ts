import type { ImagePixel } from "#core/pixels/image-pixel.ts";

/** An Image Pixel module for tests: one gray frame of 8 bits, but for what is given. */
export function imagePixel(facts: Partial<ImagePixel>): ImagePixel {
  return {
    rows: 1,
    columns: 1,
    samplesPerPixel: 1,
    photometricInterpretation: "MONOCHROME2",
    planarConfiguration: 0,
    bitsAllocated: 8,
    bitsStored: 8,
    highBit: 7,
    pixelRepresentation: 0,
    sampleKind: "integer",
    numberOfFrames: 1,
    ...facts,
  };
}
