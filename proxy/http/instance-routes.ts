import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { EXPLICIT_VR_LITTLE_ENDIAN, transferSyntaxOf } from "#core/dicom/transfer-syntax.ts";
import {
  multipartContentType,
  type OutgoingPart,
  writeMultipart,
} from "#core/dicomweb/multipart-writer.ts";
import { takes, type WantedRepresentation } from "#core/dicomweb/wanted-representation.ts";
import { type ResourceSelector, SourceError, type StoredInstance } from "../sources/source.ts";
import { canDecode } from "./decode-stored-frame.ts";
import { decodedInstance } from "./decoded-instance.ts";
import {
  baseUrl,
  type DicomwebContext,
  isNotModified,
  markUnverified,
  notAcceptable,
  onBehalf,
  resourceUrl,
  selectorOf,
  wantedOf,
} from "./dicomweb-request.ts";
import { newBoundary } from "./multipart-boundary.ts";
import type { HttpProblem } from "./problem.ts";
import { requestSignal } from "./request-signal.ts";
import { primed, resumed, sendChunks } from "./send-chunks.ts";
import { sendRanged } from "./send-ranged.ts";

const DICOM = "application/dicom";

/** How an instance is given. */
type Delivery = "stored" | "explicit";

/** WADO-RS of study, series and instance (PS3.18 10.4.1.1.1). */
export function registerInstanceRoutes(app: FastifyInstance, context: DicomwebContext): void {
  for (const resource of [
    "/studies/:study",
    "/studies/:study/series/:series",
    "/studies/:study/series/:series/instances/:instance",
  ]) {
    app.get(resource, (request, reply) => retrieve(request, reply, onBehalf(request, context)));
  }
}

async function retrieve(
  request: FastifyRequest,
  reply: FastifyReply,
  context: DicomwebContext,
): Promise<FastifyReply> {
  const selector = selectorOf(request);
  const isOne = selector.sopInstanceUid !== undefined;
  const etag = isOne ? undefined : await context.source.etag(selector, requestSignal(reply));
  // What has no identity yet is still to arrive: it leaves as it does.
  return !isOne && etag === undefined
    ? await sendArriving(request, reply, selector, context)
    : await sendKnown(request, reply, selector, context);
}

/** Answers with objects of which all are there. */
async function sendKnown(
  request: FastifyRequest,
  reply: FastifyReply,
  selector: ResourceSelector,
  context: DicomwebContext,
): Promise<FastifyReply> {
  const signal = requestSignal(reply);
  const instances: StoredInstance[] = [];
  for await (const instance of context.source.instances(selector, signal)) instances.push(instance);
  const [first] = instances;
  if (first === undefined) throw new SourceError("not-found", "The archive has no such object");
  const wanted = choose(wantedOf(request), instances, selector);
  const deliver = (instance: StoredInstance) => deliveryFor(instance.transferSyntaxUid, wanted);
  const etag = await context.source.etag(selector, signal);
  markUnverified(reply, context, selector);
  const form = instances.map((instance) => (deliver(instance) ?? "stored")[0]).join("");
  if (isNotModified(request, reply, etag && `${etag}-${form.length > 64 ? "m" : form}`))
    return reply;
  if (wanted.form === "single")
    return await sendOne(request, reply, first, deliver(first) ?? "stored", context);
  return await sendParts(request, reply, instances, wanted, context);
}

/** Answers with objects that arrive while they are sent; the first decides on the form. */
async function sendArriving(
  request: FastifyRequest,
  reply: FastifyReply,
  selector: ResourceSelector,
  context: DicomwebContext,
): Promise<FastifyReply> {
  const instances = context.source
    .instances(selector, requestSignal(reply))
    [Symbol.asyncIterator]();
  const first = await instances.next();
  if (first.done === true) throw new SourceError("not-found", "The archive has no such object");
  try {
    const wanted = choose(wantedOf(request), [first.value], selector);
    isNotModified(request, reply, undefined);
    return await sendParts(request, reply, resumed(first, instances), wanted, context);
  } catch (error) {
    await instances.return?.();
    throw error;
  }
}

async function sendParts(
  request: FastifyRequest,
  reply: FastifyReply,
  instances: Iterable<StoredInstance> | AsyncIterable<StoredInstance>,
  wanted: WantedRepresentation,
  context: DicomwebContext,
): Promise<FastifyReply> {
  const boundary = newBoundary();
  reply.type(multipartContentType(boundary, DICOM));
  const base = baseUrl(request, context);
  const parts = partsOf(instances, wanted, base, context, requestSignal(reply));
  return await sendChunks(reply, writeMultipart(boundary, parts));
}

/**
 * The first wanted form that every instance can be given in; a mixed answer is possible, a partial one is not.
 * @throws HttpProblem 406
 */
function choose(
  wantedList: readonly WantedRepresentation[],
  instances: readonly StoredInstance[],
  selector: ResourceSelector,
): WantedRepresentation {
  const isOne = selector.sopInstanceUid !== undefined;
  for (const wanted of wantedList) {
    if (!takes(wanted, DICOM) || (wanted.form === "single" && !isOne)) continue;
    const isGiven = ({ transferSyntaxUid }: StoredInstance) =>
      deliveryFor(transferSyntaxUid, wanted) !== undefined;
    if (instances.every(isGiven)) return wanted;
  }
  throw noFormFor(instances);
}

function noFormFor(instances: readonly StoredInstance[]): HttpProblem {
  const stored = [...new Set(instances.map(({ transferSyntaxUid }) => transferSyntaxUid))];
  const decodable = stored.every(isConvertible) ? [EXPLICIT_VR_LITTLE_ENDIAN] : [];
  return notAcceptable(
    "The objects are not available in a form that the request accepts",
    ["*", ...new Set([...decodable, ...stored])].map((uid) => `${DICOM}; transfer-syntax=${uid}`),
  );
}

/** Without a transfer syntax, explicit VR little endian is meant (PS3.18 8.7.3.5.2). */
function deliveryFor(storedUid: string, wanted: WantedRepresentation): Delivery | undefined {
  const asked = wanted.transferSyntaxUid ?? EXPLICIT_VR_LITTLE_ENDIAN;
  if (asked === "*" || asked === storedUid) return "stored";
  if (asked === EXPLICIT_VR_LITTLE_ENDIAN && isConvertible(storedUid)) return "explicit";
  // Whoever takes anything is better served with what there is than with nothing.
  return wanted.form === "any" && wanted.transferSyntaxUid === undefined ? "stored" : undefined;
}

function isConvertible(storedUid: string): boolean {
  return transferSyntaxOf(storedUid)?.isEncapsulated === false || canDecode(storedUid);
}

async function sendOne(
  request: FastifyRequest,
  reply: FastifyReply,
  instance: StoredInstance,
  delivery: Delivery,
  context: DicomwebContext,
): Promise<FastifyReply> {
  reply.type(contentTypeOf(instance, delivery));
  const { byteLength } = instance;
  if (delivery === "stored" && byteLength !== undefined) {
    return await sendRanged(request, reply, { byteLength, open: (range) => instance.open(range) });
  }
  return await sendChunks(reply, bytesOf(instance, delivery, context, requestSignal(reply)));
}

async function* partsOf(
  instances: Iterable<StoredInstance> | AsyncIterable<StoredInstance>,
  wanted: WantedRepresentation,
  base: string,
  context: DicomwebContext,
  signal: AbortSignal,
): AsyncGenerator<OutgoingPart> {
  for await (const instance of instances) {
    const delivery = deliveryFor(instance.transferSyntaxUid, wanted);
    if (delivery === undefined) throw noFormFor([instance]);
    const isLengthKnown = delivery === "stored" && instance.byteLength !== undefined;
    yield {
      headers: {
        "Content-Type": contentTypeOf(instance, delivery),
        ...(isLengthKnown ? { "Content-Length": String(instance.byteLength) } : {}),
        "Content-Location": resourceUrl(base, instance.selector),
      },
      body: await primed(bytesOf(instance, delivery, context, signal)),
    };
  }
}

function bytesOf(
  instance: StoredInstance,
  delivery: Delivery,
  { source, decoder }: DicomwebContext,
  signal: AbortSignal,
): AsyncIterable<Uint8Array> {
  if (delivery === "stored") return instance.open();
  return decodedInstance(instance.selector, source, decoder, signal);
}

function contentTypeOf(instance: StoredInstance, delivery: Delivery): string {
  const uid = delivery === "stored" ? instance.transferSyntaxUid : EXPLICIT_VR_LITTLE_ENDIAN;
  return `${DICOM}; transfer-syntax=${uid}`;
}
