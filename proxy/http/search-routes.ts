import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { type DataElement, DataSet } from "#core/dicom/data-set.ts";
import { dataSetToJson } from "#core/dicom-json/to-json.ts";
import { parseQidoQuery, type QueryScope } from "#core/dicomweb/parse-qido-query.ts";
import type { QueryLevel } from "#core/dicomweb/qido-query.ts";
import { takes } from "#core/dicomweb/wanted-representation.ts";
import type { ResourceSelector } from "../sources/source.ts";
import {
  baseUrl,
  type DicomwebContext,
  notAcceptable,
  onBehalf,
  queryParameters,
  resourceUrl,
  uidParameter,
  wantedOf,
} from "./dicomweb-request.ts";
import { requestSignal } from "./request-signal.ts";
import { sendChunks } from "./send-chunks.ts";

const DICOM_JSON = "application/dicom+json";

const RESOURCES: readonly (readonly [path: string, level: QueryLevel])[] = [
  ["/studies", "study"],
  ["/series", "series"],
  ["/instances", "instance"],
  ["/studies/:study/series", "series"],
  ["/studies/:study/instances", "instance"],
  ["/studies/:study/series/:series/instances", "instance"],
];

/** QIDO-RS (PS3.18 10.6). */
export function registerSearchRoutes(app: FastifyInstance, context: DicomwebContext): void {
  for (const [path, level] of RESOURCES) {
    app.get(path, (request, reply) => search(request, reply, level, onBehalf(request, context)));
  }
}

/** The media type for DICOM JSON. @throws HttpProblem 406 */
export function negotiateJson(request: FastifyRequest): string {
  const essences = [DICOM_JSON, "application/json"];
  for (const wanted of wantedOf(request)) {
    if (wanted.form === "multipart") continue;
    const essence = essences.find((one) => takes(wanted, one));
    if (essence !== undefined) return essence;
  }
  throw notAcceptable("This resource is given as DICOM JSON only", essences);
}

async function search(
  request: FastifyRequest,
  reply: FastifyReply,
  level: QueryLevel,
  context: DicomwebContext,
): Promise<FastifyReply> {
  const mediaType = negotiateJson(request);
  const query = parseQidoQuery(scopeOf(request, level), queryParameters(request));
  const page = await context.source.search(query, requestSignal(reply));
  const warnings = [
    ...page.warnings,
    ...(page.hasMore ? ["There are additional results that can be requested"] : []),
  ].map((warning) => `299 negato "${warning}"`);
  // One header for all: a second one of the same name would take the place of the first.
  if (warnings.length > 0) reply.header("warning", warnings.join(", "));
  reply.header("cache-control", "private, no-cache").header("vary", "Accept");
  reply.type(mediaType);
  const base = baseUrl(request, context);
  return await sendChunks(
    reply,
    jsonArray(page.matches, (match) => described(match, level, base)),
  );
}

function scopeOf(request: FastifyRequest, level: QueryLevel): QueryScope {
  const study = uidParameter(request, "study");
  const series = uidParameter(request, "series");
  return {
    level,
    ...(study === undefined ? {} : { studyInstanceUid: study }),
    ...(series === undefined ? {} : { seriesInstanceUid: series }),
  };
}

/** A result with its Retrieve URL (0008,1190). */
function described(match: DataSet, level: QueryLevel, base: string): unknown {
  const selector = selectorOfMatch(match, level);
  if (selector === undefined) return dataSetToJson(match);
  const retrieveUrl: DataElement = {
    tag: 0x00081190,
    vr: "UR",
    value: { kind: "strings", strings: [resourceUrl(base, selector)] },
  };
  return dataSetToJson(new DataSet([...match.elements.values(), retrieveUrl], match.encoding));
}

function selectorOfMatch(match: DataSet, level: QueryLevel): ResourceSelector | undefined {
  const studyInstanceUid = match.string(0x0020000d);
  const seriesInstanceUid = level === "study" ? undefined : match.string(0x0020000e);
  const sopInstanceUid = level === "instance" ? match.string(0x00080018) : undefined;
  if (studyInstanceUid === undefined) return undefined;
  return {
    studyInstanceUid,
    ...(seriesInstanceUid === undefined ? {} : { seriesInstanceUid }),
    ...(sopInstanceUid === undefined ? {} : { sopInstanceUid }),
  };
}

/** The text of a JSON array, an element at a time. */
export async function* jsonArray<Item>(
  items: Iterable<Item> | AsyncIterable<Item>,
  toJson: (item: Item) => unknown,
): AsyncGenerator<string> {
  let separator = "[";
  for await (const item of items) {
    yield separator + JSON.stringify(toJson(item));
    separator = ",";
  }
  yield separator === "[" ? "[]" : "]";
}
