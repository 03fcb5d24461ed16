import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { pathParameter, queryParameters } from "./dicomweb-request.ts";
import type { Permissions } from "./permissions.ts";
import { HttpProblem } from "./problem.ts";
import { requestSignal } from "./request-signal.ts";
import { sendChunks } from "./send-chunks.ts";
import type { SourceDiagnostics, Told } from "./source-diagnostics.ts";

/** What the routes about the PACS behind sources work with. */
export interface DiagnosticsContext {
  readonly diagnostics: SourceDiagnostics;
  readonly permissions: Permissions;
}

const NDJSON = "application/x-ndjson";
/** An empty line now and then keeps connections that tell nothing from being cut, and finds those that are. */
const HEARTBEAT_MS = 15_000;

/** How a PACS does, a trial of it, and what happens on its associations. All of it needs the permission `diagnose`. */
export function registerDiagnosticsRoutes(app: FastifyInstance, context: DiagnosticsContext): void {
  const { diagnostics, permissions } = context;
  app.addHook("onRequest", async (request) => {
    permissions.demand(request, "diagnose");
  });
  app.get("/sources/:name/pacs", async (request) => known(diagnostics.pacs(nameOf(request))));
  app.post("/sources/:name/pacs/test", (request, reply) => {
    const name = nameOf(request);
    known(diagnostics.pacs(name));
    return sendLines(reply, diagnostics.test(name, requestSignal(reply)));
  });
  app.get("/sources/:name/trace", (request, reply) => trace(request, reply, diagnostics));
}

async function trace(
  request: FastifyRequest,
  reply: FastifyReply,
  diagnostics: SourceDiagnostics,
): Promise<FastifyReply> {
  const name = nameOf(request);
  const parameters = queryParameters(request);
  const recent = known(diagnostics.trace(name));
  if (parameters.has("download")) {
    reply.header("content-disposition", `attachment; filename="negato-${name}-trace.ndjson"`);
  }
  if (!parameters.has("follow")) {
    return reply.type(NDJSON).send(recent.map((event) => `${JSON.stringify(event)}\n`).join(""));
  }
  return await sendLines(reply, diagnostics.follow(name, requestSignal(reply)));
}

function sendLines(reply: FastifyReply, values: AsyncIterable<Told>): Promise<FastifyReply> {
  reply.type(NDJSON).header("cache-control", "no-store").header("x-accel-buffering", "no");
  return sendChunks(reply, lines(values));
}

/** A line for each value; an empty one at once, and whenever there was none for a while. */
async function* lines(values: AsyncIterable<Told>): AsyncGenerator<string> {
  const iterator = values[Symbol.asyncIterator]();
  try {
    yield "\n";
    let next = iterator.next();
    while (true) {
      const result = await within(next, HEARTBEAT_MS);
      if (result === undefined) {
        yield "\n";
        continue;
      }
      if (result.done === true) return;
      yield `${JSON.stringify(result.value)}\n`;
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

function known<Value>(value: Value | undefined): Value {
  if (value !== undefined) return value;
  throw new HttpProblem(404, "no-pacs", "There is no source of this name with a PACS behind it");
}

function nameOf(request: FastifyRequest): string {
  return pathParameter(request, "name") ?? "";
}
