import { DicomError } from "#core/dicom/dicom-error.ts";
import type { DecodeOutcome } from "#core/pixels/decode-outcome.ts";
import type { DecodedFrame } from "#core/pixels/decoded-frame.ts";
import { frameFromSamples } from "#core/pixels/frame-from-samples.ts";
import type { ImagePixel } from "#core/pixels/image-pixel.ts";
import { unpackSamples } from "#core/pixels/unpack-samples.ts";
import { isColourSamples, ybrToRgb } from "#core/pixels/ybr.ts";
import { type CodecLoader, decodingOf } from "./codec-loader.ts";
import { inflateFrame } from "./deflated-frame.ts";
import type { CodecResult } from "./frame-decoder.ts";

/** One encoded frame and what its header says. */
export interface EncodedFrame {
  /** Exactly one frame; decoding takes the bytes over. */
  readonly encoded: Uint8Array<ArrayBuffer>;
  readonly transferSyntaxUid: string;
  readonly imagePixel: ImagePixel;
}

/**
 * Decodes a frame of any transfer syntax; the one function for the browser's workers, the companion and tests.
 * @throws DicomError `unknown-transfer-syntax`, `unsupported-transfer-syntax`, `truncated`, `codec-failure`,
 * `limit-exceeded`, `invalid-value`.
 */
export async function decodeFrame(
  { encoded, transferSyntaxUid, imagePixel }: EncodedFrame,
  codecs: CodecLoader,
): Promise<DecodedFrame> {
  const { syntax, decoding } = decodingOf(transferSyntaxUid);
  if (encoded.length === 0) throw new DicomError("truncated", "The frame has no bytes");
  switch (decoding.kind) {
    case "native":
      return unpackSamples(encoded, imagePixel, { littleEndian: syntax.littleEndian });
    case "deflated": {
      const native = await inflateFrame(encoded, imagePixel);
      return unpackSamples(native, imagePixel, { littleEndian: true, decoder: "deflate" });
    }
    case "adapter": {
      const adapter = await codecs.adapter(decoding);
      const result = await adapter.decode(encoded, imagePixel, syntax);
      return codedFrame(result, imagePixel, adapter.name);
    }
  }
}

/** `decodeFrame` with expected failures as values. Anything but a DicomError is a defect, told as `codec-failure`. */
export async function tryDecodeFrame(
  frame: EncodedFrame,
  codecs: CodecLoader,
): Promise<DecodeOutcome> {
  try {
    return { ok: true, frame: await decodeFrame(frame, codecs) };
  } catch (error) {
    if (error instanceof DicomError)
      return { ok: false, error: { code: error.code, message: error.message } };
    const reason = error instanceof RangeError ? "memory ran out" : "of an unexpected error";
    return {
      ok: false,
      error: { code: "codec-failure", message: `The frame could not be decoded: ${reason}` },
    };
  }
}

function codedFrame(
  result: CodecResult,
  imagePixel: ImagePixel,
  adapterName: string,
): DecodedFrame {
  const { samples, colour, decoder = adapterName, ...facts } = result;
  if (colour === "as-declared" && imagePixel.samplesPerPixel === 3) {
    if (!isColourSamples(samples))
      throw new DicomError("invalid-value", "Colour samples cannot be signed");
    ybrToRgb(samples, imagePixel, result.bitsStored);
  }
  return frameFromSamples(samples, imagePixel, { ...facts, decoder });
}
