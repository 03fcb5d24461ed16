import type { FastifyReply } from "fastify";
import { sendChunks } from "./send-chunks.ts";

/** Lines of JSON, one value each. */
export const NDJSON = "application/x-ndjson";

/** After so many milliseconds in which nothing is told, a beat is. */
const HEARTBEAT_MS = 15_000;

/** Answers with texts as they come: nothing between us and the client keeps them back, or stores them. */
export function sendLive(
  reply: FastifyReply,
  mediaType: string,
  texts: AsyncIterable<string>,
): Promise<FastifyReply> {
  reply.type(mediaType).header("cache-control", "no-store").header("x-accel-buffering", "no");
  return sendChunks(reply, texts);
}

/** A line of JSON for each value. */
export async function* jsonLines(values: AsyncIterable<object>): AsyncGenerator<string> {
  for await (const value of values) yield `${JSON.stringify(value)}\n`;
}

/**
 * The texts, with a beat at once, so that the head goes out, and another one whenever none came for a while: it keeps
 * connections that tell nothing from being cut, and finds those that are.
 */
export async function* withHeartbeat(
  texts: AsyncIterable<string>,
  beat: string,
  heartbeatMs: number = HEARTBEAT_MS,
): AsyncGenerator<string> {
  const iterator = texts[Symbol.asyncIterator]();
  try {
    yield beat;
    let next = iterator.next();
    while (true) {
      const result = await within(next, heartbeatMs);
      if (result === undefined) {
        yield beat;
        continue;
      }
      if (result.done === true) return;
      yield result.value;
      next = iterator.next();
    }
  } finally {
    await iterator.return?.();
  }
}

/** The value, or undefined when it does not come in time. */
function within<Value>(value: Promise<Value>, milliseconds: number): Promise<Value | undefined> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(undefined), milliseconds);
    value.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
