import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { transferSyntaxOf } from "#core/dicom/transfer-syntax.ts";
import { multipartContentType, writeMultipart } from "#core/dicomweb/multipart-writer.ts";
import { takes } from "#core/dicomweb/wanted-representation.ts";
import type { InstanceSelector } from "../sources/source.ts";
import { isPixelData, sendAllFrames } from "./all-frames.ts";
import {
  type DicomwebContext,
  instanceSelectorOf,
  isNotModified,
  markUnverified,
  notAcceptable,
  onBehalf,
  pathParameter,
  wantedOf,
} from "./dicomweb-request.ts";
import { newBoundary } from "./multipart-boundary.ts";
import { requestSignal } from "./request-signal.ts";
import { sendChunks } from "./send-chunks.ts";
import { sendRanged } from "./send-ranged.ts";

const OCTETS = "application/octet-stream";

/** Values that metadata names by address (PS3.18 10.4.1.1.5). */
export function registerBulkDataRoutes(app: FastifyInstance, context: DicomwebContext): void {
  app.get("/studies/:study/series/:series/instances/:instance/bulkdata/*", (request, reply) =>
    bulkData(request, reply, onBehalf(request, context)),
  );
}

async function bulkData(
  request: FastifyRequest,
  reply: FastifyReply,
  context: DicomwebContext,
): Promise<FastifyReply> {
  const selector = instanceSelectorOf(request);
  const path = pathParameter(request, "*") ?? "";
  const signal = requestSignal(reply);
  const etag = await context.source.etag(selector, signal);
  markUnverified(reply, context, selector);
  if (isNotModified(request, reply, etag)) return reply;
  if (isPixelData(path) && (await isEncapsulated(selector, context, signal))) {
    return await sendAllFrames(reply, selector, context, signal);
  }
  const value = await context.source.bulkData(selector, path, signal);
  if (negotiate(request) === "single") {
    reply.type(OCTETS);
    return await sendRanged(request, reply, value);
  }
  const boundary = newBoundary();
  reply.type(multipartContentType(boundary, OCTETS));
  const headers = { "Content-Type": OCTETS, "Content-Length": String(value.byteLength) };
  return await sendChunks(reply, writeMultipart(boundary, [{ headers, body: value.open() }]));
}

async function isEncapsulated(
  selector: InstanceSelector,
  context: DicomwebContext,
  signal: AbortSignal,
): Promise<boolean> {
  for await (const { dataSet, transferSyntaxUid } of context.source.metadata(selector, signal)) {
    return dataSet.has(0x7fe00010) && transferSyntaxOf(transferSyntaxUid)?.isEncapsulated === true;
  }
  return false;
}

/** One body for clients that take it, parts for those that ask for them. */
function negotiate(request: FastifyRequest): "single" | "multipart" {
  for (const wanted of wantedOf(request)) {
    if (takes(wanted, OCTETS)) return wanted.form === "multipart" ? "multipart" : "single";
  }
  throw notAcceptable("Values are given as bytes", [OCTETS, `multipart/related; type="${OCTETS}"`]);
}
