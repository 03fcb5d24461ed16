import type { FastifyInstance } from "fastify";
import type { Source } from "../sources/source.ts";
import { pathParameter } from "./dicomweb-request.ts";
import type { Metrics } from "./metrics.ts";
import { HttpProblem } from "./problem.ts";

/** What the routes about the companion itself work with. */
export interface ServiceContext {
  readonly sources: readonly Source[];
  readonly metrics: Metrics;
  readonly version: string;
}

/** Health, readiness, metrics, and the list of sources. */
export function registerServiceRoutes(app: FastifyInstance, context: ServiceContext): void {
  const { sources, metrics, version } = context;
  app.addHook("onSend", async (_request, reply) => {
    reply.header("cache-control", "no-store");
  });
  app.get("/healthz", async () => ({ status: "ok", version }));
  app.get("/readyz", async (_request, reply) => {
    const states = sources.map((source) => ({ name: source.name, ...source.status() }));
    const isReady = states.some(({ state }) => state !== "unavailable");
    const isIndexing = states.some(({ state }) => state === "indexing");
    reply.code(isReady ? 200 : 503);
    const whenReady = isIndexing ? "indexing" : "ready";
    return { status: isReady ? whenReady : "unavailable", sources: states };
  });
  app.get("/metrics", async (_request, reply) => {
    reply.type("text/plain; version=0.0.4; charset=utf-8");
    return metrics.text(sources);
  });
  app.get("/sources", async () => ({
    sources: sources.map((source) => described(source, sources)),
  }));
  app.get("/sources/:name", async (request) => described(named(sources, request), sources));
  app.get("/sources/:name/problems", async (request) => ({
    problems: await named(sources, request).problems(),
  }));
}

function described(source: Source, sources: readonly Source[]) {
  return {
    name: source.name,
    kind: source.kind,
    isDefault: source === sources[0],
    dicomweb: `/sources/${source.name}/dicom-web`,
    canStore: source.canStore,
    ...source.status(),
  };
}

function named(sources: readonly Source[], request: Parameters<typeof pathParameter>[0]): Source {
  const name = pathParameter(request, "name");
  const source = sources.find((one) => one.name === name);
  if (source !== undefined) return source;
  throw new HttpProblem(404, "no-such-source", "There is no source of this name");
}
