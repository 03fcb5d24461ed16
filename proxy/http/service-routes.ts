import type { FastifyInstance } from "fastify";
import type { Source } from "../sources/source.ts";
import type { Metrics } from "./metrics.ts";
import { namedSource } from "./named-source.ts";
import type { Permissions } from "./permissions.ts";
import type { SourceDiagnostics } from "./source-diagnostics.ts";

/** What the routes about the companion itself work with. */
export interface ServiceContext {
  readonly sources: readonly Source[];
  readonly metrics: Metrics;
  readonly version: string;
  readonly permissions: Permissions;
  readonly diagnostics: SourceDiagnostics | undefined;
}

/** Health, readiness, metrics, and the list of sources. */
export function registerServiceRoutes(app: FastifyInstance, context: ServiceContext): void {
  const { sources, metrics, version, permissions, diagnostics } = context;
  const stated = (source: Source) => ({ ...source.status(), ...reached(source, diagnostics) });
  app.addHook("onSend", async (_request, reply) => {
    reply.header("cache-control", "no-store");
  });
  app.get("/healthz", async () => ({ status: "ok", version }));
  app.get("/readyz", async (_request, reply) => {
    const states = sources.map((source) => ({ name: source.name, ...stated(source) }));
    const isReady = states.some(({ state }) => state !== "unavailable");
    const isIndexing = states.some(({ state }) => state === "indexing");
    reply.code(isReady ? 200 : 503);
    const whenReady = isIndexing ? "indexing" : "ready";
    return { status: isReady ? whenReady : "unavailable", sources: states };
  });
  app.get("/metrics", async (request, reply) => {
    permissions.demand(request, "diagnose");
    reply.type("text/plain; version=0.0.4; charset=utf-8");
    return metrics.text(sources, diagnostics?.metrics());
  });
  app.get("/sources", async () => ({
    sources: sources.map((source) => ({ ...described(source, sources), ...stated(source) })),
  }));
  app.get("/sources/:name", async (request) => {
    const source = namedSource(request, sources);
    return { ...described(source, sources), ...stated(source) };
  });
  app.get("/sources/:name/problems", async (request) => ({
    problems: await namedSource(request, sources).problems(),
  }));
}

function described(source: Source, sources: readonly Source[]) {
  return {
    name: source.name,
    kind: source.kind,
    isDefault: source === sources[0],
    dicomweb: `/sources/${source.name}/dicom-web`,
    canStore: source.canStore,
    canForward: (source.forwarding?.destinations.length ?? 0) > 0,
    hasWorklist: source.searchWorkitems !== undefined,
    tellsChanges: source.changes !== undefined,
  };
}

/** What a PACS that does not answer changes in the status of its source. */
function reached(source: Source, diagnostics: SourceDiagnostics | undefined) {
  const reachability = diagnostics?.reachability(source.name);
  if (reachability === undefined) return {};
  return reachability === "unreachable"
    ? { state: "unavailable" as const, reachability }
    : { reachability };
}
