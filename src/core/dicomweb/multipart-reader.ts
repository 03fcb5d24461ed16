import { DicomError } from "../dicom/dicom-error.ts";
import { ChunkBuffer, type FindPattern } from "./chunk-buffer.ts";
import { parseMediaType } from "./media-type.ts";

/** One part of a multipart body. */
export interface MultipartPart {
  /** By name in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  /** To be read before the next part is asked for; what is left is skipped. */
  readonly body: AsyncIterable<Uint8Array>;
}

/** What a body may not exceed. */
export interface MultipartLimits {
  /** Bytes of the header lines of one part, and of what precedes the first; 16384 by default. */
  readonly headerBytes?: number;
  /** Count of parts; no limit by default. */
  readonly parts?: number;
}

const LINE_END = Uint8Array.of(0x0d, 0x0a);
const HYPHEN = 0x2d;

/**
 * The parts of a `multipart/related` body (RFC 2046 section 5.1, PS3.18 8.6.1.2), while it arrives. Boundaries alone
 * separate the parts; a Content-Length of a part is not relied upon. `find` is a faster way to look for them, where
 * the platform has one.
 * @throws DicomError `bad-message` without a boundary or beyond the limits, `truncated` without the last delimiter
 */
export async function* readMultipart(
  contentType: string,
  chunks: AsyncIterable<Uint8Array>,
  limits: MultipartLimits = {},
  find?: FindPattern,
): AsyncGenerator<MultipartPart> {
  const boundary = boundaryOf(contentType);
  const buffer = new ChunkBuffer(chunks, find);
  try {
    const limit = limits.headerBytes ?? 16384;
    await skipPreamble(buffer, boundary, limit);
    const delimiter = asciiBytes(`\r\n--${boundary}`);
    for (let count = 1; await startsPart(buffer); count++) {
      if (count > (limits.parts ?? Number.POSITIVE_INFINITY))
        throw new DicomError(
          "bad-message",
          `The multipart body has more than ${limits.parts} parts`,
        );
      const headers = await readHeaders(buffer, limit);
      const body = new PartBody(buffer, delimiter);
      yield { headers, body };
      await body.skip();
    }
  } finally {
    await buffer.close();
  }
}

/**
 * A body in one piece, in a buffer of its own.
 * @throws DicomError `limit-exceeded` beyond `limit` bytes
 */
export async function collect(
  body: AsyncIterable<Uint8Array>,
  limit: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of body) {
    length += piece.byteLength;
    if (length > limit)
      throw new DicomError("limit-exceeded", `A part is longer than ${limit} bytes`);
    pieces.push(piece);
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.byteLength;
  }
  return whole;
}

function boundaryOf(contentType: string): string {
  const type = parseMediaType(contentType);
  const boundary = type?.parameters.get("boundary");
  if (type?.essence.startsWith("multipart/") !== true || !boundary || boundary.length > 200)
    throw new DicomError("bad-message", "This is no multipart body with a boundary");
  return boundary;
}

function asciiBytes(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** Passes over what stands before the first boundary, and the boundary. */
async function skipPreamble(buffer: ChunkBuffer, boundary: string, limit: number): Promise<void> {
  const first = asciiBytes(`--${boundary}`);
  let left = limit;
  for (;;) {
    await buffer.hold(first.byteLength);
    if (buffer.startsWith(first)) {
      buffer.take(first.byteLength);
      return;
    }
    left -= (await readLine(buffer, left)).length + LINE_END.byteLength;
  }
}

/** After a boundary: whether a part follows. Two hyphens mean that none does. */
async function startsPart(buffer: ChunkBuffer): Promise<boolean> {
  await buffer.hold(2);
  if (buffer.byteAt(0) === HYPHEN && buffer.byteAt(1) === HYPHEN) return false;
  const padding = await readLine(buffer, 1024);
  if (padding.trim() !== "")
    throw new DicomError("bad-message", "A boundary of the multipart body is followed by text");
  return true;
}

/** Text up to the end of the line, without it. */
async function readLine(buffer: ChunkBuffer, limit: number): Promise<string> {
  const end = await buffer.find(LINE_END, limit);
  if (end === undefined)
    throw new DicomError(
      "bad-message",
      `A line of the multipart body is longer than ${limit} bytes`,
    );
  const line = String.fromCharCode(...buffer.take(end));
  buffer.take(LINE_END.byteLength);
  return line;
}

async function readHeaders(
  buffer: ChunkBuffer,
  limit: number,
): Promise<ReadonlyMap<string, string>> {
  const headers = new Map<string, string>();
  let left = limit;
  for (;;) {
    const line = await readLine(buffer, left);
    if (line === "") return headers;
    left -= line.length;
    const colon = line.indexOf(":");
    if (colon > 0)
      headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
}

/** The bytes of a part up to the delimiter, as they arrive; reading may be left off and taken up again. */
class PartBody implements AsyncIterable<Uint8Array> {
  readonly #buffer: ChunkBuffer;
  readonly #delimiter: Uint8Array;
  #isOver = false;

  constructor(buffer: ChunkBuffer, delimiter: Uint8Array) {
    this.#buffer = buffer;
    this.#delimiter = delimiter;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    while (!this.#isOver) {
      const piece = await this.#next();
      if (piece.byteLength > 0) yield piece;
    }
  }

  async skip(): Promise<void> {
    while (!this.#isOver) await this.#next();
  }

  async #next(): Promise<Uint8Array> {
    await this.#buffer.hold(this.#delimiter.byteLength);
    const { free, isFound } = this.#buffer.scan(this.#delimiter);
    const piece = this.#buffer.take(free);
    if (isFound) {
      this.#buffer.take(this.#delimiter.byteLength);
      this.#isOver = true;
    }
    return piece;
  }
}
