import type { ServerResponse } from "node:http";
import type { FastifyReply } from "fastify";

/** Bytes that are gathered before they are handed to the connection at once; never more than a chunk beyond. */
const GATHERED_BYTES = 524_288;

const sent = new WeakMap<FastifyReply, number>();

/** Bytes of the body that were handed to the connection so far, for bodies that `sendChunks` sends. */
export function bytesSent(reply: FastifyReply): number | undefined {
  return sent.get(reply);
}

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
  // The framework's own way through streams costs more than all else that is done for a frame.
  reply.hijack();
  const { raw } = reply;
  raw.writeHead(reply.statusCode, headersOf(reply));
  pump(reply, reply.request.method === "HEAD" ? none() : body).catch((error: unknown) => {
    reply.log.warn({ code: codeOf(error) }, "cut");
    raw.destroy();
  });
  return reply;
}

/** The same chunks, the first one of which has arrived: what fails at once fails here. */
export async function primed<Chunk>(chunks: AsyncIterable<Chunk>): Promise<AsyncGenerator<Chunk>> {
  const iterator = chunks[Symbol.asyncIterator]();
  const first = await iterator.next();
  return resumed(first, iterator);
}

/** The values from one on that was read already; closes what it reads from when nobody listens any more. */
export async function* resumed<Chunk>(
  first: IteratorResult<Chunk>,
  iterator: AsyncIterator<Chunk>,
): AsyncGenerator<Chunk> {
  try {
    for (let next = first; next.done !== true; next = await iterator.next()) yield next.value;
  } finally {
    await iterator.return?.();
  }
}

/** Chunks that are there already leave together; a chunk that keeps others waiting does not hold them back. */
async function pump(reply: FastifyReply, body: AsyncIterable<Uint8Array | string>): Promise<void> {
  const { raw } = reply;
  let gathered = 0;
  let isFull = false;
  let flush: NodeJS.Immediate | undefined;
  const leave = () => {
    clearImmediate(flush);
    flush = undefined;
    gathered = 0;
    raw.uncork();
  };
  for await (const chunk of body) {
    if (raw.destroyed) return;
    if (flush === undefined) {
      raw.cork();
      flush = setImmediate(leave);
    }
    isFull = !raw.write(chunk) || isFull;
    gathered += chunk.length;
    sent.set(reply, (sent.get(reply) ?? 0) + chunk.length);
    if (gathered < GATHERED_BYTES) continue;
    leave();
    if (isFull && !raw.destroyed) await taken(raw);
    isFull = false;
  }
  if (flush !== undefined) leave();
  raw.end();
}

/** Settles when the client has taken what was written, or is gone. */
function taken(raw: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const settle = () => {
      raw.off("drain", settle);
      raw.off("close", settle);
      resolve();
    };
    raw.on("drain", settle);
    raw.on("close", settle);
  });
}

async function* none(): AsyncGenerator<Uint8Array> {}

function headersOf(reply: FastifyReply) {
  return Object.fromEntries(
    Object.entries(reply.getHeaders()).filter(([, value]) => value !== undefined),
  );
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unknown";
}
