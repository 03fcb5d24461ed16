import { DicomError } from "../dicom/dicom-error.ts";

/** One part of a multipart body. */
export interface MultipartPart {
  /** By name in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  /** To be read before the next part is asked for; what is left is skipped. */
  readonly body: AsyncIterable<Uint8Array>;
}

/** What a body may not exceed. */
export interface MultipartLimits {
  /** Bytes of the header lines of one part; 16384 by default. */
  readonly headerBytes?: number;
  /** Count of parts; no limit by default. */
  readonly parts?: number;
}

/**
 * The parts of a `multipart/related` body (RFC 2046, PS3.18 8.6.1.2), while it arrives.
 * @throws DicomError `bad-message` without a boundary or beyond the limits, `truncated` without the last delimiter
 */
export async function* readMultipart(
  _contentType: string,
  _chunks: AsyncIterable<Uint8Array>,
  _limits: MultipartLimits = {},
): AsyncGenerator<MultipartPart> {
  throw new DicomError("bad-message", "Nothing reads this yet");
}

/**
 * A body in one piece, in a buffer of its own.
 * @throws DicomError `limit-exceeded` beyond `limit` bytes
 */
export async function collect(
  _body: AsyncIterable<Uint8Array>,
  _limit: number,
): Promise<Uint8Array<ArrayBuffer>> {
  throw new DicomError("bad-message", "Nothing reads this yet");
}
