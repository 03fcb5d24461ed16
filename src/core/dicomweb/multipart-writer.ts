/** A part to write: header fields in order, and the bytes. */
export interface OutgoingPart {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | AsyncIterable<Uint8Array>;
}

/** A `multipart/related` body (PS3.18 8.6.1.2) as chunks; bodies pass through without a copy. */
export async function* writeMultipart(
  boundary: string,
  parts: AsyncIterable<OutgoingPart> | Iterable<OutgoingPart>,
): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  for await (const part of parts) {
    const lines = Object.entries(part.headers).map(([name, value]) => `${name}: ${value}\r\n`);
    yield encoder.encode(`--${boundary}\r\n${lines.join("")}\r\n`);
    if (part.body instanceof Uint8Array) yield part.body;
    else yield* part.body;
    yield encoder.encode("\r\n");
  }
  yield encoder.encode(`--${boundary}--\r\n`);
}

/** The Content-Type of such a body. `type` is the media type of its parts, with parameters where it has any. */
export function multipartContentType(boundary: string, type: string): string {
  return `multipart/related; type="${type.replace(/["\\]/g, "\\$&")}"; boundary=${boundary}`;
}
