import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Source, SourceChange } from "../sources/source.ts";
import { pathParameter } from "./dicomweb-request.ts";
import { HttpProblem } from "./problem.ts";
import { requestSignal } from "./request-signal.ts";
import { sendChunks } from "./send-chunks.ts";

const EVENT_STREAM = "text/event-stream";
/** A comment now and then keeps connections that tell nothing from being cut, and finds those that are. */
const HEARTBEAT_MS = 15_000;
/** Streams at a time; browsers open one per window. */
const MOST_STREAMS = 100;

/** Tells what arrives in a source, as server-sent events: `arrived` and `removed`, with UIDs. */
export function registerChangeRoutes(
  app: FastifyInstance,
  { sources }: { readonly sources: readonly Source[] },
): void {
  const closing = new AbortController();
  let open = 0;
  app.addHook("preClose", async () => closing.abort());
  app.get("/sources/:name/changes", async (request, reply) => {
    const source = watched(request, sources);
    if (open >= MOST_STREAMS)
      throw new HttpProblem(503, "busy", "Too many windows are being told of changes");
    open += 1;
    reply.raw.once("close", () => {
      open -= 1;
    });
    return await tell(reply, source, AbortSignal.any([requestSignal(reply), closing.signal]));
  });
}

type WatchedSource = Source & Required<Pick<Source, "changes">>;

function watched(request: FastifyRequest, sources: readonly Source[]): WatchedSource {
  const name = pathParameter(request, "name");
  const source = sources.find((one) => one.name === name);
  if (source === undefined)
    throw new HttpProblem(404, "no-such-source", "There is no source of this name");
  if (isWatched(source)) return source;
  throw new HttpProblem(404, "no-changes", "This source does not tell what arrives");
}

function isWatched(source: Source): source is WatchedSource {
  return source.changes !== undefined;
}

async function tell(
  reply: FastifyReply,
  source: WatchedSource,
  signal: AbortSignal,
): Promise<FastifyReply> {
  reply.type(EVENT_STREAM).header("cache-control", "no-store").header("x-accel-buffering", "no");
  return await sendChunks(reply, events(source.changes(signal), signal));
}

/** A comment at once, so that the head goes out, then events, and comments while there are none. */
async function* events(
  changes: AsyncIterable<SourceChange>,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const iterator = changes[Symbol.asyncIterator]();
  try {
    yield ": listening\n\n";
    for (let next = iterator.next(); !signal.aborted; ) {
      const change = await within(next, HEARTBEAT_MS);
      if (change === undefined) yield ": still listening\n\n";
      else if (change.done === true) return;
      else {
        yield eventOf(change.value);
        next = iterator.next();
      }
    }
  } finally {
    await iterator.return?.();
  }
}

/** The value, or undefined when it takes longer. */
async function within<Value>(value: Promise<Value>, milliseconds: number) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), milliseconds);
  });
  try {
    return await Promise.race([value, late]);
  } finally {
    clearTimeout(timer);
  }
}

function eventOf({ kind, selector }: SourceChange): string {
  const { studyInstanceUid, seriesInstanceUid, sopInstanceUid } = selector;
  const data = {
    studyInstanceUID: studyInstanceUid,
    seriesInstanceUID: seriesInstanceUid,
    sopInstanceUID: sopInstanceUid,
  };
  return `event: ${kind}\ndata: ${JSON.stringify(data)}\n\n`;
}
