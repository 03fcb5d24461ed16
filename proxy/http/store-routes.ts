import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { DicomError } from "#core/dicom/dicom-error.ts";
import { dataSetToJson } from "#core/dicom-json/to-json.ts";
import { parseMediaType } from "#core/dicomweb/media-type.ts";
import { type MultipartPart, readMultipart } from "#core/dicomweb/multipart-reader.ts";
import { type StoredObject, storeResponse, storeStatus } from "#core/dicomweb/store-response.ts";
import type { StoreOutcome, StoreTransaction } from "../sources/source.ts";
import {
  baseUrl,
  type DicomwebContext,
  onBehalf,
  resourceUrl,
  uidParameter,
} from "./dicomweb-request.ts";
import { HttpProblem } from "./problem.ts";
import { RequestBody } from "./request-body.ts";
import { requestSignal } from "./request-signal.ts";
import { negotiateJson } from "./search-routes.ts";
import { storeOneByOne } from "./store-one-by-one.ts";

const DICOM = "application/dicom";
const CANNOT_UNDERSTAND = 0xc000;
const MOST_PARTS = 10_000;
/** Different sentences of one answer. */
const MOST_WARNINGS = 5;

/** STOW-RS (PS3.18 10.5): each part goes to the archive while it arrives. */
export function registerStoreRoutes(app: FastifyInstance, context: DicomwebContext): void {
  // The body is left alone: it can be larger than memory.
  app.addContentTypeParser(/^multipart\/related/i, (_request, payload, done) => {
    done(null, payload);
  });
  for (const resource of ["/studies", "/studies/:study"]) {
    app.post(resource, (request, reply) => {
      context.permissions?.demand(request, "store");
      return store(request, reply, onBehalf(request, context));
    });
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
  const { maximumStoreBytes } = context;
  if (Number(request.headers["content-length"] ?? 0) > maximumStoreBytes) throw tooLarge(context);
  const body = new RequestBody(request.raw, maximumStoreBytes);
  const transaction = source.openStore?.(expectedStudy) ?? storeOneByOne(source, expectedStudy);
  try {
    const outcomes = await storeParts(contentType, body, transaction, requestSignal(reply));
    return answer(reply, outcomes, baseUrl(request, context), mediaType);
  } finally {
    transaction.abort();
    body.drain();
  }
}

function tooLarge({ maximumStoreBytes }: DicomwebContext): HttpProblem {
  const detail = `At most ${maximumStoreBytes} bytes are taken in one request`;
  return new HttpProblem(413, "body-too-large", detail);
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

/** What became of each part, in order. A body that breaks off after something was stored is one more that failed. */
async function storeParts(
  contentType: string,
  body: RequestBody,
  transaction: StoreTransaction,
  signal: AbortSignal,
): Promise<readonly StoreOutcome[]> {
  const refused: StoreOutcome[] = [];
  const stop = () => body.stop(transaction.failure.reason);
  transaction.failure.addEventListener("abort", stop);
  let broken: HttpProblem | undefined;
  let count = 0;
  try {
    const limits = { parts: MOST_PARTS };
    for await (const part of readMultipart(contentType, body, limits, findNatively)) {
      count += 1;
      if (isDicom(part)) await transaction.add(part.body, signal);
      else refused.push(unreadable("A part is not application/dicom"));
    }
  } catch (error) {
    // An archive that cannot be reached is the reason, also where the body was cut because of it.
    signal.throwIfAborted();
    transaction.failure.throwIfAborted();
    broken = bodyProblem(error);
    if (count === 0) throw broken;
  } finally {
    transaction.failure.removeEventListener("abort", stop);
  }
  if (count === 0) throw new HttpProblem(400, "empty-request", "The request holds no objects");
  const outcomes = [...(await transaction.finish(signal)), ...refused];
  if (broken === undefined) return outcomes;
  if (outcomes.every(({ kind }) => kind === "failed")) throw broken;
  return [...outcomes, unreadable(broken.message)];
}

/** Node's own search, which reads several bytes at a time. */
function findNatively(bytes: Uint8Array, pattern: Uint8Array, from: number): number {
  const { buffer, byteOffset, byteLength } = bytes;
  return Buffer.from(buffer, byteOffset, byteLength).indexOf(pattern, from);
}

/** A body that is no multipart body, or breaks off, is the client's fault. @throws what is something else */
function bodyProblem(error: unknown): HttpProblem {
  if (error instanceof HttpProblem) return error;
  if (!(error instanceof DicomError)) throw error;
  const code = error.code === "truncated" ? "truncated-body" : "malformed-body";
  return new HttpProblem(400, code, error.message);
}

function isDicom(part: MultipartPart): boolean {
  return parseMediaType(part.headers.get("content-type") ?? DICOM)?.essence === DICOM;
}

function unreadable(message: string): StoreOutcome {
  return {
    sopClassUid: undefined,
    sopInstanceUid: undefined,
    studyInstanceUid: undefined,
    seriesInstanceUid: undefined,
    status: CANNOT_UNDERSTAND,
    kind: "failed",
    message,
  };
}

function answer(
  reply: FastifyReply,
  outcomes: readonly StoreOutcome[],
  base: string,
  mediaType: string,
): FastifyReply {
  const objects = outcomes.map((outcome) => objectOf(outcome, base));
  const studies = new Set(
    outcomes.flatMap(({ kind, studyInstanceUid }) =>
      kind === "failed" || studyInstanceUid === undefined ? [] : [studyInstanceUid],
    ),
  );
  const [study, ...others] = studies;
  const studyUrl =
    study === undefined || others.length > 0
      ? undefined
      : resourceUrl(base, { studyInstanceUid: study });
  const sentences = new Set(
    outcomes.flatMap(({ kind, message }) => (kind === "stored" ? [] : [message])),
  );
  // The answer has codes only; people read sentences.
  const warnings = [...sentences]
    .slice(0, MOST_WARNINGS)
    .map((text) => `299 negato "${headerText(text)}"`);
  if (warnings.length > 0) reply.header("warning", warnings.join(", "));
  reply.code(storeStatus(objects)).type(mediaType).header("cache-control", "no-store");
  return reply.send(JSON.stringify(dataSetToJson(storeResponse(objects, studyUrl))));
}

/** Text as it may stand between quotes in a header. */
function headerText(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, "?").replace(/["\\]/g, "'");
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
