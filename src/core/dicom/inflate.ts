import type { DeviationLog } from "./deviation-log.ts";
import { DicomError } from "./dicom-error.ts";

/** Bytes that a deflated data set may take when inflated, by default. */
const INFLATED_LIMIT = 512 * 1024 * 1024;

/** Checksum and length, which some writers leave at the end of a data set. */
const GZIP_TRAILER_BYTES = 8;

interface Inflated {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly isWhole: boolean;
}

/**
 * Inflates a deflated data set (PS3.5 section A.5: RFC 1951, perhaps one NUL to even length). What came out
 * before damage is given, with a deviation.
 * @throws DicomError `limit-exceeded` beyond `limit` bytes, `malformed` when nothing comes out
 */
export async function inflateDataSet(
  deflated: Uint8Array<ArrayBuffer>,
  log: DeviationLog,
  signal?: AbortSignal,
  limit: number = INFLATED_LIMIT,
): Promise<Uint8Array<ArrayBuffer>> {
  let longest = await inflate(deflated, "deflate-raw", limit, signal);
  if (longest.isWhole) return longest.bytes;
  // Chromium's decompressor accepts nothing after the end: not the padding byte, nor the trailer of a gzip file.
  for (const excess of [1, GZIP_TRAILER_BYTES]) {
    const ended = await inflate(deflated.subarray(0, -excess), "deflate-raw", limit, signal);
    if (ended.isWhole) return ended.bytes;
  }
  const wrapped = await inflate(deflated, "deflate", limit, signal);
  if (wrapped.bytes.byteLength > longest.bytes.byteLength) {
    log.add("zlib-header", "The deflated data set has a zlib header");
    longest = wrapped;
  }
  if (longest.isWhole) return longest.bytes;
  if (longest.bytes.byteLength === 0)
    throw new DicomError("malformed", "The deflated data set cannot be inflated");
  log.add("deflate-damaged", "The deflated data set is damaged; what stands before is read");
  return longest.bytes;
}

async function inflate(
  deflated: Uint8Array<ArrayBuffer>,
  format: "deflate" | "deflate-raw",
  limit: number,
  signal: AbortSignal | undefined,
): Promise<Inflated> {
  const stream = new DecompressionStream(format);
  const writer = stream.writable.getWriter();
  const reader = stream.readable.getReader();
  // Failures of writing come out of reading as well; there they are handled.
  writer.write(deflated).catch(() => undefined);
  writer.close().catch(() => undefined);
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for (;;) {
      const next = await reader.read();
      if (next.done) return { bytes: join(chunks, length), isWhole: true };
      signal?.throwIfAborted();
      chunks.push(next.value);
      length += next.value.byteLength;
      if (length > limit)
        throw new DicomError("limit-exceeded", `The data set inflates beyond ${limit} bytes`);
    }
  } catch (error) {
    if (error instanceof DicomError || signal?.aborted === true) {
      await reader.cancel(error);
      throw error;
    }
    return { bytes: join(chunks, length), isWhole: false };
  }
}

function join(chunks: readonly Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    joined.set(chunk, at);
    at += chunk.byteLength;
  }
  return joined;
}
