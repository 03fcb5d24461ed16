import { parseMediaType } from "#core/dicomweb/media-type.ts";
import { collect, readMultipart } from "#core/dicomweb/multipart-reader.ts";

const LARGEST_VALUE_BYTES = 512 * 1024 * 1024;

/**
 * The value of an answer: all parts of a multipart body in order, or the whole of a plain one.
 * @throws DicomError when the multipart body is malformed, cut short or too large
 */
export async function readBulkDataResponse(
  contentType: string,
  chunks: AsyncIterable<Uint8Array>,
): Promise<Uint8Array<ArrayBuffer>> {
  const isMultipart = parseMediaType(contentType)?.essence === "multipart/related";
  return collect(isMultipart ? partBodies(contentType, chunks) : chunks, LARGEST_VALUE_BYTES);
}

async function* partBodies(
  contentType: string,
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  for await (const part of readMultipart(contentType, chunks)) yield* part.body;
}
