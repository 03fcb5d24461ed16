import type { Readable } from "node:stream";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { dataSetToJson } from "#core/dicom-json/to-json.ts";
import { parseMediaType } from "#core/dicomweb/media-type.ts";
import { type MultipartPart, readMultipart } from "#core/dicomweb/multipart-reader.ts";
import { type StoredObject, storeResponse, storeStatus } from "#core/dicomweb/store-response.ts";
import type { StoreOutcome } from "../sources/source.ts";
import {
  baseUrl,
  type DicomwebContext,
  onBehalf,
  resourceUrl,
  uidParameter,
} from "./dicomweb-request.ts";
import { HttpProblem } from "./problem.ts";
import { requestSignal } from "./request-signal.ts";
import { negotiateJson } from "./search-routes.ts";

const DICOM = "application/dicom";
const CANNOT_UNDERSTAND = 0xc000;
const MOST_PARTS = 10_000;

/** STOW-RS (PS3.18 10.5): each part goes to the archive while it arrives. */
export function registerStoreRoutes(app: FastifyInstance, context: DicomwebContext): void {
  // The body is left alone: it can be larger than memory.
  app.addContentTypeParser(/^multipart\/related/i, (_request, payload, done) => {
    done(null, payload);
  });
  for (const resource of ["/studies", "/studies/:study"]) {
    app.post(resource, (request, reply) => store(request, reply, onBehalf(request, context)));
  }
}

async function store(
  request: FastifyRequest,
  reply: FastifyReply,
  context: DicomwebContext,
): Promise<FastifyReply> {
  const { source } = context;
  if (!source.canStore) {
    throw new HttpProblem(405, "read-only", "This archive does not store objects");
  }
  const expectedStudy = uidParameter(request, "study");
  const mediaType = negotiateJson(request);
  const contentType = request.headers["content-type"] ?? "";
  checkContentType(contentType);
  const signal = requestSignal(reply);
  const base = baseUrl(request, context);
  const objects: StoredObject[] = [];
  const studies = new Set<string>();
  const body = limited(request, context.maximumStoreBytes);
  for await (const part of readMultipart(contentType, body, { parts: MOST_PARTS })) {
    const outcome = await storePart(part, expectedStudy, context, signal);
    if (outcome.studyInstanceUid !== undefined && outcome.kind !== "failed") {
      studies.add(outcome.studyInstanceUid);
    }
    objects.push(objectOf(outcome, base));
  }
  if (objects.length === 0) {
    throw new HttpProblem(400, "empty-request", "The request holds no objects");
  }
  const [study, ...others] = studies;
  const studyUrl =
    study === undefined || others.length > 0
      ? undefined
      : resourceUrl(base, { studyInstanceUid: study });
  reply.code(storeStatus(objects)).type(mediaType).header("cache-control", "no-store");
  return reply.send(JSON.stringify(dataSetToJson(storeResponse(objects, studyUrl))));
}

function checkContentType(contentType: string): void {
  const type = parseMediaType(contentType);
  const part = parseMediaType(type?.parameters.get("type") ?? DICOM)?.essence;
  if (type?.essence === "multipart/related" && part === DICOM) return;
  throw new HttpProblem(
    415,
    "unsupported-media-type",
    `Objects are taken as multipart/related; type="${DICOM}"`,
  );
}

async function storePart(
  part: MultipartPart,
  expectedStudy: string | undefined,
  { source }: DicomwebContext,
  signal: AbortSignal,
): Promise<StoreOutcome> {
  const type = parseMediaType(part.headers.get("content-type") ?? DICOM);
  if (type?.essence === DICOM) return await source.store(part.body, expectedStudy, signal);
  return {
    sopClassUid: undefined,
    sopInstanceUid: undefined,
    studyInstanceUid: undefined,
    seriesInstanceUid: undefined,
    status: CANNOT_UNDERSTAND,
    kind: "failed",
    message: "A part is not application/dicom",
  };
}

function objectOf(outcome: StoreOutcome, base: string): StoredObject {
  const { studyInstanceUid, seriesInstanceUid, sopInstanceUid, sopClassUid, status, kind } =
    outcome;
  const isPlaced =
    kind !== "failed" &&
    studyInstanceUid !== undefined &&
    seriesInstanceUid !== undefined &&
    sopInstanceUid !== undefined;
  const retrieveUrl = isPlaced
    ? resourceUrl(base, { studyInstanceUid, seriesInstanceUid, sopInstanceUid })
    : undefined;
  return { sopClassUid, sopInstanceUid, status, kind, retrieveUrl };
}

/** The body of a request, up to a number of bytes. */
async function* limited(request: FastifyRequest, most: number): AsyncGenerator<Uint8Array> {
  const tooLarge = () =>
    new HttpProblem(413, "body-too-large", `At most ${most} bytes are taken in one request`);
  if (Number(request.headers["content-length"] ?? 0) > most) throw tooLarge();
  let count = 0;
  for await (const chunk of bodyOf(request)) {
    count += chunk.byteLength;
    if (count > most) throw tooLarge();
    yield chunk;
  }
}

function bodyOf(request: FastifyRequest): Readable {
  return request.raw;
}
