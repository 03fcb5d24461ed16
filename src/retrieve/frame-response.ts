import { EXPLICIT_VR_LITTLE_ENDIAN, RLE_LOSSLESS } from "#core/dicom/transfer-syntax.ts";
import { type MediaType, parseMediaType } from "#core/dicomweb/media-type.ts";
import { collect, readMultipart } from "#core/dicomweb/multipart-reader.ts";
import { type EncodedFrame, RetrieveError } from "./study-source.ts";

/** Largest encoded frame that is accepted: a mammogram of 6000 x 5000 pixels of 16 bits has 60 MB. */
const LARGEST_FRAME_BYTES = 512 * 1024 * 1024;

/** Decoded by the archive (PS3.18 8.7.3.3.2: the default), for frames that it fails to give as they are stored. */
export const DECODED_FRAME_ACCEPT = 'multipart/related; type="application/octet-stream"';

/**
 * What to ask for, best first (PS3.18 8.7.3.3.2): stored bytes in one multipart type, stored bytes in any type,
 * then whatever the archive likes to give. An archive that answers 406 is asked again with the next one.
 */
export const FRAME_ACCEPTS: readonly string[] = [
  'multipart/related; type="application/octet-stream"; transfer-syntax=*',
  'multipart/related; type="image/*"; transfer-syntax=*, multipart/related; type="application/octet-stream"; transfer-syntax=*',
  DECODED_FRAME_ACCEPT,
  'multipart/related; type="image/jpeg"; transfer-syntax=*, multipart/related; type="image/jp2"; transfer-syntax=*, multipart/related; type="image/jls"; transfer-syntax=*, multipart/related; type="image/dicom-rle"; transfer-syntax=*',
  "*/*",
];

/**
 * The frame of an answer: the first part of a multipart body, or the whole of a plain one. Its transfer syntax
 * is that of the media type, or else the default of PS3.18 table 8.7.3-5.
 * @throws RetrieveError `bad-response`; DicomError when the multipart body is malformed or cut short
 */
export async function readFrameResponse(
  contentType: string,
  chunks: AsyncIterable<Uint8Array>,
): Promise<EncodedFrame> {
  const type = parseMediaType(contentType);
  if (type?.essence !== "multipart/related")
    return encodedFrame(type, await collect(chunks, LARGEST_FRAME_BYTES));
  let frame: EncodedFrame | undefined;
  // The body is read to its last delimiter, so that a frame which was cut short is not taken for a whole one.
  for await (const part of readMultipart(contentType, chunks, { parts: 16 })) {
    if (frame !== undefined) continue;
    const partType = parseMediaType(part.headers.get("content-type") ?? "");
    frame = encodedFrame(partType, await collect(part.body, LARGEST_FRAME_BYTES));
  }
  if (frame === undefined)
    throw new RetrieveError("bad-response", "The archive answered without the image.");
  return frame;
}

function encodedFrame(type: MediaType | undefined, bytes: Uint8Array<ArrayBuffer>): EncodedFrame {
  if (bytes.length === 0)
    throw new RetrieveError("bad-response", "The archive answered with an empty image.");
  const stated = type?.parameters.get("transfer-syntax");
  const transferSyntaxUid =
    stated !== undefined && stated !== "*" ? stated : defaultSyntax(type?.essence, bytes);
  if (transferSyntaxUid === undefined)
    throw new RetrieveError(
      "bad-response",
      "The archive answered with something that is not an image.",
    );
  return { bytes, transferSyntaxUid };
}

function defaultSyntax(essence: string | undefined, bytes: Uint8Array): string | undefined {
  switch (essence) {
    case "application/octet-stream":
      return EXPLICIT_VR_LITTLE_ENDIAN;
    case "image/jpeg":
      return jpegSyntax(bytes);
    case "image/jp2":
      return "1.2.840.10008.1.2.4.90";
    case "image/jpx":
      return "1.2.840.10008.1.2.4.92";
    case "image/jls":
    case "image/x-jls":
      return "1.2.840.10008.1.2.4.80";
    case "image/jphc":
    case "image/jph":
      return "1.2.840.10008.1.2.4.201";
    case "image/jxl":
      return "1.2.840.10008.1.2.4.110";
    case "image/dicom-rle":
    case "image/x-dicom-rle":
      return RLE_LOSSLESS;
    default:
      return undefined;
  }
}

const MARKER_SYNTAXES: ReadonlyMap<number, string> = new Map([
  [0xc0, "1.2.840.10008.1.2.4.50"],
  [0xc1, "1.2.840.10008.1.2.4.51"],
  [0xc3, "1.2.840.10008.1.2.4.70"],
]);

/**
 * The process that a JPEG stream names in its start-of-frame marker (ITU-T T.81 table B.1). The standard's
 * default for `image/jpeg` is lossless, while most archives that leave the parameter out mean baseline.
 */
function jpegSyntax(bytes: Uint8Array): string | undefined {
  for (let at = 2; at + 3 < bytes.length; ) {
    if (bytes[at] !== 0xff) return undefined;
    const marker = bytes[at + 1] ?? 0;
    const syntax = MARKER_SYNTAXES.get(marker);
    if (syntax !== undefined) return syntax;
    const isFill = marker === 0xff;
    at += isFill ? 1 : 2 + (bytes[at + 2] ?? 0) * 256 + (bytes[at + 3] ?? 0);
  }
  return undefined;
}
