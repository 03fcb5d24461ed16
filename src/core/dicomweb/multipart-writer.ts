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
  let before = "";
  for await (const part of parts) {
    const head = encoder.encode(before + headOf(boundary, part.headers));
    if (part.body instanceof Uint8Array) yield* [head, part.body];
    else yield* behind(head, part.body[Symbol.asyncIterator]());
    before = "\r\n";
  }
  yield encoder.encode(before + closeOf(boundary));
}

/** A body behind its head; it is closed as well when its reader leaves between the two. */
async function* behind(
  head: Uint8Array,
  body: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  try {
    yield head;
    for (let next = await body.next(); next.done !== true; next = await body.next())
      yield next.value;
  } finally {
    await body.return?.();
  }
}

/** Length of such a body in bytes, from the headers of its parts and the lengths of their bodies. */
export function multipartLength(
  boundary: string,
  parts: Iterable<Pick<OutgoingPart, "headers"> & { readonly byteLength: number }>,
): number {
  let length = closeOf(boundary).length;
  for (const { headers, byteLength } of parts)
    length += headOf(boundary, headers).length + byteLength + 2;
  return length;
}

/** ASCII, as header fields are. */
function headOf(boundary: string, headers: OutgoingPart["headers"]): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `--${boundary}\r\n${lines.join("")}\r\n`;
}

function closeOf(boundary: string): string {
  return `--${boundary}--\r\n`;
}

/** The Content-Type of such a body. `type` is the media type of its parts, with parameters where it has any. */
export function multipartContentType(boundary: string, type: string): string {
  return `multipart/related; type="${type.replace(/["\\]/g, "\\$&")}"; boundary=${boundary}`;
}
