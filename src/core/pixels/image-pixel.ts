/** Photometric interpretations that can be displayed (PS3.3 C.7.6.3.1.2). */
export type PhotometricInterpretation =
  | "MONOCHROME1"
  | "MONOCHROME2"
  | "PALETTE COLOR"
  | "RGB"
  | "YBR_FULL"
  | "YBR_FULL_422"
  | "YBR_PARTIAL_422"
  | "YBR_PARTIAL_420"
  | "YBR_ICT"
  | "YBR_RCT"
  | "XYB";

/** Pixel Padding Value to Pixel Padding Range Limit, in stored values, in ascending order (PS3.3 C.7.5.1.1.2). */
export interface PixelPadding {
  readonly first: number;
  readonly last: number;
}

/**
 * The Image Pixel module (PS3.3 C.7.6.3), checked: what is needed to turn an encoded frame into samples.
 * It is plain data and crosses threads as it is.
 */
export interface ImagePixel {
  readonly rows: number;
  readonly columns: number;
  readonly samplesPerPixel: 1 | 3;
  readonly photometricInterpretation: PhotometricInterpretation;
  /** 0: colour by pixel, 1: colour by plane. */
  readonly planarConfiguration: 0 | 1;
  /** Whole bytes or single bits; 12 is retired, and packs two cells into three bytes. */
  readonly bitsAllocated: 1 | 8 | 12 | 16 | 24 | 32 | 64;
  readonly bitsStored: number;
  readonly highBit: number;
  /** 0: unsigned, 1: two's complement. */
  readonly pixelRepresentation: 0 | 1;
  /** Pixel Data, Float Pixel Data or Double Float Pixel Data. */
  readonly sampleKind: "integer" | "float" | "double";
  readonly numberOfFrames: number;
  readonly pixelPadding?: PixelPadding;
  /**
   * Bits of the cells that hold overlay planes, as Overlay Bit Position says (PS3.3 C.9.2, retired PS3.3-2004). They
   * lie outside Bits Stored; decoding gives them as `DecodedFrame.embeddedOverlays`.
   */
  readonly embeddedOverlayBits?: readonly number[];
  /** VR of Pixel Data, which says how a big endian data set stores samples of 8 bits: OW swaps them in pairs. */
  readonly pixelDataVr?: "OB" | "OW";
}
