import { DicomError } from "#core/dicom/dicom-error.ts";
import { transferSyntaxOf } from "#core/dicom/transfer-syntax.ts";
import { collect } from "#core/dicomweb/multipart-reader.ts";
import type { DecodeFailure } from "#core/pixels/decode-outcome.ts";
import type { DecodedFrame } from "#core/pixels/decoded-frame.ts";
import type { ImagePixel } from "#core/pixels/image-pixel.ts";
import { CODEC_TABLE } from "../../wasm/codec-table.ts";
import type { PictureRequest } from "../decode/rendering/render-picture.ts";
import type { StoredFrame } from "../sources/source.ts";
import type { FrameDecoder } from "./frame-decoder.ts";
import { HttpProblem } from "./problem.ts";

const MOST_ENCODED_BYTES = 1024 * 1024 * 1024;

/** Whether frames of a transfer syntax can be decoded here, where there is no browser to do it. */
export function canDecode(transferSyntaxUid: string): boolean {
  const syntax = transferSyntaxOf(transferSyntaxUid);
  if (syntax === undefined) return false;
  const decoding = CODEC_TABLE[syntax.frameEncoding];
  return decoding.kind !== "not-yet" && !(decoding.kind === "adapter" && decoding.isPlatformOnly);
}

/** Why frames of a transfer syntax are not decoded, by its name. */
export function undecodable(transferSyntaxUid: string): DicomError {
  const syntax = transferSyntaxOf(transferSyntaxUid);
  return syntax === undefined
    ? new DicomError("unknown-transfer-syntax", `Nobody here knows ${transferSyntaxUid}`)
    : new DicomError("unsupported-transfer-syntax", `${syntax.name} is not decoded here`);
}

/**
 * The samples of a frame.
 * @throws HttpProblem 503 when the decoder is busy or was too slow; DicomError for a frame that cannot be decoded
 */
export async function decodeStoredFrame(
  frame: StoredFrame,
  imagePixel: ImagePixel,
  decoder: FrameDecoder,
  signal: AbortSignal,
): Promise<DecodedFrame> {
  const encoded = await collect(frame.open(), MOST_ENCODED_BYTES);
  const { transferSyntaxUid } = frame;
  const outcome = await decoder.decode({ encoded, transferSyntaxUid, imagePixel }, signal);
  if (outcome.ok) return outcome.frame;
  throw errorOf(outcome.error);
}

/** The picture of a frame, encoded; it throws like `decodeStoredFrame`. */
export async function renderStoredFrame(
  frame: StoredFrame,
  imagePixel: ImagePixel,
  picture: PictureRequest,
  decoder: FrameDecoder,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const encoded = await collect(frame.open(), MOST_ENCODED_BYTES);
  const { transferSyntaxUid } = frame;
  const request = { encoded, transferSyntaxUid, imagePixel };
  const outcome = await decoder.render(request, picture, signal);
  if (outcome.ok) return outcome.picture;
  throw errorOf(outcome.error);
}

function errorOf({ code, message }: DecodeFailure): Error {
  switch (code) {
    case "aborted":
    case "timeout":
    case "worker-died":
      return new HttpProblem(503, `decoder-${code}`, message);
    default:
      return new DicomError(code, message);
  }
}
