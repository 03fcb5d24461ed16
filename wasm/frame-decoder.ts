import type { Deviation } from "#core/dicom/deviation.ts";
import type { TransferSyntax } from "#core/dicom/transfer-syntax.ts";
import type { Samples } from "#core/pixels/decoded-frame.ts";
import type { EmbeddedOverlay } from "#core/pixels/embedded-overlay.ts";
import type { ImagePixel } from "#core/pixels/image-pixel.ts";
import type { SampleRange } from "#core/pixels/sample-range.ts";

/** What an adapter makes of an encoded frame: stored values, pixel by pixel, in a buffer of their own. */
export interface CodecResult {
  readonly samples: Samples;
  readonly bitsStored: number;
  readonly isSigned: boolean;
  /** Whether colour is RGB now, or still as Photometric Interpretation says. */
  readonly colour: "rgb" | "as-declared";
  readonly fidelity: "exact" | "lossy";
  readonly deviations: readonly Deviation[];
  /** Name and version of the codec, where the adapter has several. */
  readonly decoder?: string;
  /** Overlay planes that stood in bits of the words, where the header names such bits. */
  readonly embeddedOverlays?: readonly EmbeddedOverlay[];
  /** Range of monochrome samples without padding, where the adapter has found it. */
  readonly range?: SampleRange;
}

/**
 * The adapter of one codec. It checks size, components and end marker before it decodes, uses a fresh decoder per
 * frame, and checks what comes out; whatever goes wrong is a DicomError.
 */
export interface FrameDecoder {
  /** Name and version: `openjpeg 1.3.6`. */
  readonly name: string;
  /** Loads the codec of a transfer syntax, so that the first frame need not wait for it. */
  prepare(transferSyntax: TransferSyntax): Promise<unknown>;
  /**
   * `encoded` is read only.
   * @throws DicomError `codec-failure`, `truncated`, `limit-exceeded`, `unsupported-transfer-syntax`.
   */
  decode(
    encoded: Uint8Array<ArrayBuffer>,
    imagePixel: ImagePixel,
    transferSyntax: TransferSyntax,
  ): Promise<CodecResult>;
}
