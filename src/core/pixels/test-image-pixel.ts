import type { ImagePixel } from "./image-pixel.ts";

/** An Image Pixel module for tests: one gray frame of 8 bits, all of them stored, but for what is given. */
export function imagePixel(facts: Partial<ImagePixel>): ImagePixel {
  return {
    rows: 1,
    columns: 1,
    samplesPerPixel: 1,
    photometricInterpretation: "MONOCHROME2",
    planarConfiguration: 0,
    bitsAllocated: 8,
    bitsStored: facts.bitsAllocated ?? 8,
    highBit: (facts.bitsStored ?? facts.bitsAllocated ?? 8) - 1,
    pixelRepresentation: 0,
    sampleKind: "integer",
    numberOfFrames: 1,
    ...facts,
  };
}
