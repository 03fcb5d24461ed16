import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { dataSetToJson } from "#core/dicom-json/to-json.ts";
import { parseQidoQuery } from "#core/dicomweb/parse-qido-query.ts";
import { type DicomwebContext, onBehalf, queryParameters } from "./dicomweb-request.ts";
import { HttpProblem } from "./problem.ts";
import { requestSignal } from "./request-signal.ts";
import { jsonArray, negotiateJson } from "./search-routes.ts";
import { sendChunks } from "./send-chunks.ts";

/** UPS-RS (PS3.18 section 11): what is scheduled can be searched for, and nothing else. */
export function registerWorkitemRoutes(app: FastifyInstance, context: DicomwebContext): void {
  app.get("/workitems", (request, reply) => search(request, reply, onBehalf(request, context)));
  app.post("/workitems", (_request, reply) => {
    reply.header("allow", "GET, HEAD");
    throw new HttpProblem(405, "read-only", "Workitems are searched for here, not made");
  });
  app.all("/workitems/*", () => {
    throw new HttpProblem(
      501,
      "not-implemented",
      "Workitems come from a worklist that is only searched: they are not retrieved, changed or subscribed to",
    );
  });
}

/** PS3.18 11.9. */
async function search(
  request: FastifyRequest,
  reply: FastifyReply,
  { source }: DicomwebContext,
): Promise<FastifyReply> {
  const mediaType = negotiateJson(request);
  const query = parseQidoQuery({ level: "study" }, queryParameters(request));
  if (source.searchWorkitems === undefined) {
    throw new HttpProblem(501, "no-worklist", "No worklist is configured for this archive");
  }
  const page = await source.searchWorkitems(query, requestSignal(reply));
  const warnings = [
    ...page.warnings,
    ...(page.hasMore ? ["There are additional results that can be requested"] : []),
  ].map((warning) => `299 negato "${warning}"`);
  if (warnings.length > 0) reply.header("warning", warnings.join(", "));
  reply.header("cache-control", "private, no-cache").header("vary", "Accept").type(mediaType);
  return await sendChunks(reply, jsonArray(page.matches, dataSetToJson));
}
