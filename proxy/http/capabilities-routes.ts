import type { FastifyInstance } from "fastify";
import { takes } from "#core/dicomweb/wanted-representation.ts";
import type { Source } from "../sources/source.ts";
import { type DicomwebContext, notAcceptable, wantedOf } from "./dicomweb-request.ts";

const WADL = "application/vnd.sun.wadl+xml";
const JSON_TYPE = "application/json";

interface Capability {
  readonly path: string;
  readonly method: "GET" | "POST";
  readonly transaction: string;
}

const STUDY = "studies/{study}";
const SERIES = `${STUDY}/series/{series}`;
const INSTANCE = `${SERIES}/instances/{instance}`;

/** Capabilities of an archive (PS3.18 8.9). */
export function registerCapabilitiesRoutes(app: FastifyInstance, context: DicomwebContext): void {
  const capabilities = capabilitiesOf(context.source);
  for (const method of ["OPTIONS", "GET"] as const) {
    app.route({
      method,
      url: "/",
      handler: async (request, reply) => {
        reply.header("allow", "GET, HEAD, OPTIONS").header("vary", "Accept");
        for (const wanted of wantedOf(request)) {
          if (takes(wanted, JSON_TYPE)) return reply.type(JSON_TYPE).send({ capabilities });
          if (takes(wanted, WADL)) return reply.type(WADL).send(wadl(capabilities));
        }
        throw notAcceptable("Capabilities are given as JSON or WADL", [JSON_TYPE, WADL]);
      },
    });
  }
}

function capabilitiesOf({ canStore, searchWorkitems }: Source): readonly Capability[] {
  const get = (path: string, transaction: string): Capability => ({
    path,
    method: "GET",
    transaction,
  });
  const resources = [STUDY, SERIES, INSTANCE];
  return [
    ...["studies", "series", "instances", `${STUDY}/series`, `${STUDY}/instances`].map((path) =>
      get(path, "search"),
    ),
    get(`${SERIES}/instances`, "search"),
    ...resources.map((path) => get(path, "retrieve")),
    ...resources.map((path) => get(`${path}/metadata`, "retrieve metadata")),
    ...resources.map((path) => get(`${path}/thumbnail`, "retrieve thumbnail")),
    get(`${INSTANCE}/rendered`, "retrieve rendered"),
    get(`${INSTANCE}/frames/{frames}`, "retrieve frames"),
    get(`${INSTANCE}/frames/{frame}/rendered`, "retrieve rendered"),
    get(`${INSTANCE}/frames/{frame}/thumbnail`, "retrieve thumbnail"),
    get(`${INSTANCE}/bulkdata/{path}`, "retrieve bulkdata"),
    ...(searchWorkitems === undefined ? [] : [get("workitems", "search workitems")]),
    ...(canStore
      ? ["studies", STUDY].map(
          (path): Capability => ({ path, method: "POST", transaction: "store" }),
        )
      : []),
  ];
}

function wadl(capabilities: readonly Capability[]): string {
  const resources = capabilities.map(
    ({ path, method, transaction }) =>
      `<resource path="${path}"><method name="${method}" id="${transaction}"/></resource>`,
  );
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<application xmlns="http://wadl.dev.java.net/2009/02"><resources>',
    ...resources,
    "</resources></application>",
  ].join("\n");
}
