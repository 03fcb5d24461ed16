import { Readable } from "node:stream";
import type { FastifyReply } from "fastify";

/**
 * Answers with a body that is made while it is sent: the next chunk is asked for when the client has taken the ones
 * before. The first chunk is awaited, so that what fails at once becomes a problem document; what fails later cuts
 * the connection, so that the client sees a truncated body.
 */
export async function sendChunks(
  reply: FastifyReply,
  chunks: AsyncIterable<Uint8Array | string>,
): Promise<FastifyReply> {
  const body = await primed(chunks);
  return reply.send(Readable.from(body, { objectMode: false, highWaterMark: 65_536 }));
}

/** The same chunks, the first one of which has arrived: what fails at once fails here. */
export async function primed<Chunk>(chunks: AsyncIterable<Chunk>): Promise<AsyncGenerator<Chunk>> {
  const iterator = chunks[Symbol.asyncIterator]();
  const first = await iterator.next();
  return resumed(first, iterator);
}

/** Closes what it reads from when nobody listens any more. */
async function* resumed<Chunk>(
  first: IteratorResult<Chunk>,
  iterator: AsyncIterator<Chunk>,
): AsyncGenerator<Chunk> {
  try {
    for (let next = first; next.done !== true; next = await iterator.next()) yield next.value;
  } finally {
    await iterator.return?.();
  }
}
