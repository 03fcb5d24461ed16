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
  const sending = reply.request.method === "HEAD" ? leave(body, raw) : pump(reply, body);
  sending.catch((error: unknown) => {
    reply.log.warn({ code: codeOf(error) }, "cut");
    raw.destroy();
  });
  return reply;
}

/** The same chunks, the first one of which has arrived: what fails at once fails here. */
export async function primed<Chunk>(
  chunks: AsyncIterable<Chunk>,
): Promise<AsyncIterableIterator<Chunk>> {
  const iterator = chunks[Symbol.asyncIterator]();
  const first = await iterator.next();
  return resumed(first, iterator);
}

/**
 * The values from one on that was read already. Closes what it reads from when nobody listens any more, also when nobody
 * ever did: a generator would not.
 */
export function resumed<Chunk>(
  first: IteratorResult<Chunk>,
  iterator: AsyncIterator<Chunk>,
): AsyncIterableIterator<Chunk> {
  let held: IteratorResult<Chunk> | undefined = first;
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    next: async () => {
      const next = held ?? (await iterator.next());
      held = undefined;
      return next;
    },
    return: async () => {
      held = { done: true, value: undefined };
      await iterator.return?.();
      return held;
    },
  };
}

/** Ends the answer to HEAD, and lets go of what the body would have been read from. */
async function leave(body: AsyncIterable<unknown>, raw: ServerResponse): Promise<void> {
  raw.end();
  for await (const _chunk of body) return;
}

/** Chunks that are there already leave together; a chunk that keeps others waiting does not hold them back. */
async function pump(reply: FastifyReply, body: AsyncIterable<Uint8Array | string>): Promise<void> {
  const { raw } = reply;
  let gathered = 0;
  let isFull = false;
  let flush: NodeJS.Immediate | undefined;
  const handOver = () => {
    clearImmediate(flush);
    flush = undefined;
    gathered = 0;
    raw.uncork();
  };
  for await (const chunk of body) {
    if (raw.destroyed) return;
    if (flush === undefined) {
      raw.cork();
      flush = setImmediate(handOver);
    }
    isFull = !raw.write(chunk) || isFull;
    gathered += chunk.length;
    sent.set(reply, (sent.get(reply) ?? 0) + chunk.length);
    if (gathered < GATHERED_BYTES) continue;
    handOver();
    if (isFull && !raw.destroyed) await taken(raw);
    isFull = false;
  }
  if (flush !== undefined) handOver();
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

function headersOf(reply: FastifyReply) {
  return Object.fromEntries(
    Object.entries(reply.getHeaders()).filter(([, value]) => value !== undefined),
  );
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unknown";
}
