import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { pathParameter, queryParameters } from "./dicomweb-request.ts";
import type { Permissions } from "./permissions.ts";
import { HttpProblem } from "./problem.ts";
import { requestSignal } from "./request-signal.ts";
import { jsonLines, NDJSON, sendLive, withHeartbeat } from "./send-live.ts";
import type { SourceDiagnostics, Told } from "./source-diagnostics.ts";

/** What the routes about the PACS behind sources work with. */
export interface DiagnosticsContext {
  readonly diagnostics: SourceDiagnostics;
  readonly permissions: Permissions;
}

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

/** A line for each value, and an empty one now and then. */
function sendLines(reply: FastifyReply, values: AsyncIterable<Told>): Promise<FastifyReply> {
  return sendLive(reply, NDJSON, withHeartbeat(jsonLines(values), "\n"));
}

function known<Value>(value: Value | undefined): Value {
  if (value !== undefined) return value;
  throw new HttpProblem(404, "no-pacs", "There is no source of this name with a PACS behind it");
}

function nameOf(request: FastifyRequest): string {
  return pathParameter(request, "name") ?? "";
}
