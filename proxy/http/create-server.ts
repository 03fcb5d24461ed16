import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import fastify, {
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from "fastify";
import { registerChangeRoutes } from "./change-routes.ts";
import { registerDiagnosticsRoutes } from "./diagnostics-routes.ts";
import { registerDicomwebRoutes } from "./dicomweb-routes.ts";
import { registerForwardRoutes } from "./forward-routes.ts";
import { checkHost, checkOrigin } from "./host-check.ts";
import { Metrics } from "./metrics.ts";
import { EVERYTHING_PERMITTED } from "./permissions.ts";
import { HttpProblem, PROBLEM_MEDIA_TYPE, problemOf, retryAfterOf } from "./problem.ts";
import { requestSignal } from "./request-signal.ts";
import { setRequestUser } from "./request-user.ts";
import { inlineHashes, securityHeaders } from "./security-headers.ts";
import { bytesSent } from "./send-chunks.ts";
import type { ServerOptions } from "./server-options.ts";
import { registerServiceRoutes } from "./service-routes.ts";
import { registerUserLimits } from "./user-limits.ts";
import { registerViewerRoutes } from "./viewer-routes.ts";

/** Bodies that are read into memory; store requests are not. */
const BODY_LIMIT = 64 * 1024;
const DEFAULT_STORE_LIMIT = 4 * 1024 * 1024 * 1024;
const LONGEST_PARAMETER = 65_536;

/** The HTTP server of the companion, ready to listen or to be asked by `inject`. */
export async function createServer(options: ServerOptions): Promise<FastifyInstance> {
  const app = fastify({
    bodyLimit: BODY_LIMIT,
    // Time until the head of a request is there; bodies may take long, silence may not.
    connectionTimeout: 120_000,
    requestTimeout: 0,
    keepAliveTimeout: 72_000,
    forceCloseConnections: "idle",
    routerOptions: { maxParamLength: LONGEST_PARAMETER },
    // Its lines hold addresses, and addresses name patients' studies.
    logController: new LogController({ disableRequestLogging: true }),
    logger:
      options.logTo === undefined
        ? false
        : { level: "info", stream: options.logTo, serializers: { req: () => ({}) } },
  });
  const metrics = new Metrics();
  const { sources, version, diagnostics, permissions = EVERYTHING_PERMITTED } = options;
  guard(app, options);
  if (options.limits !== undefined) registerUserLimits(app, options.limits);
  observe(app, metrics);
  answerFailures(app);
  await app.register((scope, _options, done) => {
    registerServiceRoutes(scope, { sources, metrics, version, permissions, diagnostics });
    registerForwardRoutes(scope, { sources, permissions });
    registerChangeRoutes(scope, { sources });
    done();
  });
  if (diagnostics !== undefined) {
    await app.register((scope, _options, done) => {
      registerDiagnosticsRoutes(scope, { diagnostics, permissions });
      done();
    });
  }
  for (const [index, source] of sources.entries()) {
    const prefixes = [`/sources/${source.name}/dicom-web`, ...(index === 0 ? ["/dicom-web"] : [])];
    for (const prefix of prefixes) {
      await registerDicomwebRoutes(app, {
        source,
        decoder: options.decoder,
        prefix,
        publicUrl: options.publicUrl,
        maximumStoreBytes: options.maximumStoreBytes ?? DEFAULT_STORE_LIMIT,
        permissions,
      });
    }
  }
  if (options.viewerDirectory !== undefined) {
    await registerViewerRoutes(app, options.viewerDirectory);
  }
  return app;
}

/** Who is let in, and what every response says to browsers. */
function guard(app: FastifyInstance, options: ServerOptions): void {
  const headers = securityHeaders({
    ...inlineHashes(pageOf(options.viewerDirectory)),
    frameAncestors: options.frameAncestors ?? ["'self'"],
  });
  app.addHook("onRequest", async (request, reply) => {
    reply.headers(headers);
    checkHost(request.headers.host, options.allowedHosts);
    if (request.method === "POST") {
      checkOrigin(request.headers.origin, hostOf(request, options.publicUrl));
    }
    await authenticate(request, reply, options);
  });
}

async function authenticate(
  request: FastifyRequest,
  reply: FastifyReply,
  { authenticator }: ServerOptions,
): Promise<void> {
  if (authenticator === undefined || request.routeOptions.url === "/healthz") return;
  const user = await authenticator.authenticate(request.headers);
  if (user !== undefined) {
    setRequestUser(request, user);
    return;
  }
  reply.header("www-authenticate", authenticator.challenge);
  throw new HttpProblem(401, "unauthenticated", "Sign in to reach this archive");
}

function hostOf(request: FastifyRequest, publicUrl: string | undefined): string | undefined {
  return publicUrl === undefined ? request.headers.host : new URL(publicUrl).host;
}

/** One log line and one count per response: the pattern of the route, never the address, which names patients. */
function observe(app: FastifyInstance, metrics: Metrics): void {
  app.addHook("onResponse", async (request, reply) => {
    const answered = {
      method: request.method,
      route: request.routeOptions.url ?? "unknown",
      status: reply.statusCode,
      seconds: reply.elapsedTime / 1000,
      bytes: bytesSent(reply) ?? Number(reply.getHeader("content-length") ?? 0),
    };
    metrics.record(answered);
    reply.log.info(answered, "answered");
  });
}

function answerFailures(app: FastifyInstance): void {
  app.setErrorHandler((error, request, reply) => {
    const problem = problemOf(error);
    // A client that left hears no answer, and nothing is wrong.
    const left = requestSignal(reply);
    const hasLeft = left.aborted && error === left.reason;
    if (problem.status >= 500 && !hasLeft) {
      const { code, status } = problem;
      const stack = error instanceof Error && code === "internal" ? error.stack : undefined;
      request.log.error({ code, status, route: request.routeOptions.url, stack }, "failed");
    }
    for (const name of ["etag", "content-length", "accept-ranges"]) reply.removeHeader(name);
    if (problem.status === 503) reply.header("retry-after", String(retryAfterOf(error)));
    return reply
      .code(problem.status)
      .header("cache-control", "no-store")
      .type(PROBLEM_MEDIA_TYPE)
      .send(JSON.stringify(problem));
  });
  app.setNotFoundHandler((request, reply) => {
    reply.header("cache-control", "no-store");
    const isKnownMethod = request.method === "GET" || request.method === "HEAD";
    throw isKnownMethod
      ? new HttpProblem(404, "no-such-address", "There is nothing at this address")
      : new HttpProblem(405, "method-not-allowed", "This address does not take this method");
  });
}

/** The page, whose inline scripts have to be named in the policy. */
function pageOf(viewerDirectory: string | undefined): string {
  if (viewerDirectory === undefined) return "";
  const file = path.join(viewerDirectory, "index.html");
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}
