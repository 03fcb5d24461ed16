import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Source, SourceChange } from "../sources/source.ts";
import { namedSource } from "./named-source.ts";
import { HttpProblem } from "./problem.ts";
import { requestSignal } from "./request-signal.ts";
import { sendLive, withHeartbeat } from "./send-live.ts";

const EVENT_STREAM = "text/event-stream";
const COMMENT = ": listening\n\n";
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
    const changes = source.changes(AbortSignal.any([requestSignal(reply), closing.signal]));
    return await sendLive(reply, EVENT_STREAM, withHeartbeat(events(changes), COMMENT));
  });
}

type WatchedSource = Source & Required<Pick<Source, "changes">>;

function watched(request: FastifyRequest, sources: readonly Source[]): WatchedSource {
  const source = namedSource(request, sources);
  if (isWatched(source)) return source;
  throw new HttpProblem(404, "no-changes", "This source does not tell what arrives");
}

function isWatched(source: Source): source is WatchedSource {
  return source.changes !== undefined;
}

async function* events(changes: AsyncIterable<SourceChange>): AsyncGenerator<string> {
  for await (const change of changes) yield eventOf(change);
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
