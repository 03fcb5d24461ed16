import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { type DataElement, DataSet } from "#core/dicom/data-set.ts";
import { dataSetToJson } from "#core/dicom-json/to-json.ts";
import type { InstanceMetadata } from "../sources/source.ts";
import {
  baseUrl,
  type DicomwebContext,
  isNotModified,
  markUnverified,
  onBehalf,
  resourceUrl,
  selectorOf,
} from "./dicomweb-request.ts";
import { requestSignal } from "./request-signal.ts";
import { jsonArray, negotiateJson } from "./search-routes.ts";
import { sendChunks } from "./send-chunks.ts";

const AVAILABLE_TRANSFER_SYNTAX_UID = 0x00083002;

/** WADO-RS metadata of study, series and instance (PS3.18 10.4.1.1.2). */
export function registerMetadataRoutes(app: FastifyInstance, context: DicomwebContext): void {
  for (const resource of [
    "/studies/:study",
    "/studies/:study/series/:series",
    "/studies/:study/series/:series/instances/:instance",
  ]) {
    app.get(`${resource}/metadata`, (request, reply) =>
      metadata(request, reply, onBehalf(request, context)),
    );
  }
}

async function metadata(
  request: FastifyRequest,
  reply: FastifyReply,
  context: DicomwebContext,
): Promise<FastifyReply> {
  const mediaType = negotiateJson(request);
  const selector = selectorOf(request);
  const signal = requestSignal(reply);
  const etag = await context.source.etag(selector, signal);
  markUnverified(reply, context, selector);
  if (isNotModified(request, reply, etag)) return reply;
  const base = baseUrl(request, context);
  reply.type(mediaType);
  const instances = context.source.metadata(selector, signal);
  return await sendChunks(
    reply,
    jsonArray(instances, (instance) => instanceJson(instance, base)),
  );
}

/** An instance in DICOM JSON; large values are named by their addresses. */
function instanceJson({ dataSet, transferSyntaxUid }: InstanceMetadata, base: string): unknown {
  const available: DataElement = {
    tag: AVAILABLE_TRANSFER_SYNTAX_UID,
    vr: "UI",
    value: { kind: "strings", strings: [transferSyntaxUid] },
  };
  const address = resourceUrl(base, {
    studyInstanceUid: dataSet.string(0x0020000d) ?? "",
    seriesInstanceUid: dataSet.string(0x0020000e) ?? "",
    sopInstanceUid: dataSet.string(0x00080018) ?? "",
  });
  return dataSetToJson(new DataSet([...dataSet.elements.values(), available], dataSet.encoding), {
    bulkDataUri: (path) => `${address}/bulkdata/${path.join("/")}`,
  });
}
