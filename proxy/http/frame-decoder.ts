import type { DecodedFrame } from "#core/pixels/decoded-frame.ts";
import type { ImagePixel } from "#core/pixels/image-pixel.ts";

/** Gives the samples of an encoded frame; what the HTTP room needs of `proxy/decode`. */
export interface FrameDecoder {
  /**
   * The buffer of `encoded` is detached by the call.
   * @throws DicomError `unsupported-transfer-syntax`, `codec-failure`, `truncated`, `invalid-value`
   */
  decodeFrame(
    encoded: Uint8Array<ArrayBuffer>,
    transferSyntaxUid: string,
    imagePixel: ImagePixel,
    signal: AbortSignal,
  ): Promise<DecodedFrame>;
}
