import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { isUid } from "#core/dicom/uid.ts";
import type { Forwarding, ResourceSelector, Source } from "../sources/source.ts";
import { namedSource } from "./named-source.ts";
import type { Permissions } from "./permissions.ts";
import { HttpProblem } from "./problem.ts";
import { requestSignal } from "./request-signal.ts";
import { requestUser } from "./request-user.ts";
import { jsonLines, NDJSON, sendLive } from "./send-live.ts";

/** What the routes that send to other systems work with. */
export interface ForwardContext {
  readonly sources: readonly Source[];
  readonly permissions: Permissions;
}

/** Where a source may send to, and sending: a line of progress while it goes on, and one for how it ended. */
export function registerForwardRoutes(app: FastifyInstance, context: ForwardContext): void {
  app.get("/sources/:name/forward", async (request, reply) => {
    reply.header("cache-control", "no-store");
    return { destinations: forwardingOf(request, context)?.destinations ?? [] };
  });
  app.post("/sources/:name/forward", (request, reply) => forward(request, reply, context));
}

/** @throws HttpProblem 403, 404 */
function forwardingOf(
  request: FastifyRequest,
  { sources, permissions }: ForwardContext,
): Forwarding | undefined {
  permissions.demand(request, "forward");
  const source = namedSource(request, sources);
  const user = requestUser(request);
  return (user === undefined ? source : (source.forUser?.(user) ?? source)).forwarding;
}

async function forward(
  request: FastifyRequest,
  reply: FastifyReply,
  context: ForwardContext,
): Promise<FastifyReply> {
  const forwarding = forwardingOf(request, context);
  const { destination, selector } = orderOf(request.body);
  if (forwarding?.destinations.includes(destination) !== true) {
    throw new HttpProblem(
      403,
      "destination-not-allowed",
      "Nothing is sent to this AE title: the configuration has to list it",
      { destinations: forwarding?.destinations ?? [] },
    );
  }
  const events = forwarding.forward(selector, destination, requestSignal(reply));
  return await sendLive(reply, NDJSON, jsonLines(events));
}

/** @throws HttpProblem 400 */
function orderOf(body: unknown): {
  readonly destination: string;
  readonly selector: ResourceSelector;
} {
  const destination = textOf(body, "destination");
  const study = textOf(body, "studyInstanceUID");
  const series = textOf(body, "seriesInstanceUID");
  const instance = textOf(body, "sopInstanceUID");
  if (destination === undefined || study === undefined)
    throw badOrder('An object with "destination" and "studyInstanceUID" is needed');
  if (instance !== undefined && series === undefined)
    throw badOrder('"sopInstanceUID" needs "seriesInstanceUID"');
  if (![study, series ?? study, instance ?? study].every(isUid))
    throw badOrder("What names study, series or instance is not a UID");
  return {
    destination,
    selector: {
      studyInstanceUid: study,
      ...(series === undefined ? {} : { seriesInstanceUid: series }),
      ...(instance === undefined ? {} : { sopInstanceUid: instance }),
    },
  };
}

function textOf(body: unknown, name: string): string | undefined {
  if (typeof body !== "object" || body === null) throw badOrder("A JSON object is needed");
  const value: unknown = Reflect.get(body, name);
  if (value === undefined || typeof value === "string") return value;
  throw badOrder(`"${name}" has to be a text`);
}

function badOrder(detail: string): HttpProblem {
  return new HttpProblem(400, "bad-request", detail);
}
