import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import {
  multipartContentType,
  multipartLength,
  type OutgoingPart,
  writeMultipart,
} from "#core/dicomweb/multipart-writer.ts";
import type { ImagePixel } from "#core/pixels/image-pixel.ts";
import { readImagePixel } from "#core/pixels/image-pixel-reader.ts";
import { type InstanceSelector, SourceError, type StoredFrame } from "../sources/source.ts";
import { chooseFrameForm, type FrameForm } from "./choose-frame-form.ts";
import { decodeStoredFrame } from "./decode-stored-frame.ts";
import { decodedFrameBytes } from "./decoded-frame-bytes.ts";
import {
  baseUrl,
  type DicomwebContext,
  instanceSelectorOf,
  isNotModified,
  markUnverified,
  onBehalf,
  pathParameter,
  resourceUrl,
  wantedOf,
} from "./dicomweb-request.ts";
import { newBoundary } from "./multipart-boundary.ts";
import { HttpProblem } from "./problem.ts";
import { requestSignal } from "./request-signal.ts";
import { primed, sendChunks } from "./send-chunks.ts";

const MOST_FRAMES = 100_000;

/** WADO-RS frames (PS3.18 10.4.1.1.6). */
export function registerFrameRoutes(app: FastifyInstance, context: DicomwebContext): void {
  app.get("/studies/:study/series/:series/instances/:instance/frames/:frames", (request, reply) =>
    retrieveFrames(request, reply, onBehalf(request, context)),
  );
}

/** Frame numbers of an address, as given. @throws HttpProblem 400 */
export function frameNumbersOf(request: FastifyRequest): readonly number[] {
  const text = pathParameter(request, "frames") ?? "";
  const numbers = text.split(",").map(Number);
  const isList = /^\d{1,9}(,\d{1,9})*$/.test(text) && numbers.every((number) => number >= 1);
  if (isList && numbers.length <= MOST_FRAMES) return numbers;
  throw new HttpProblem(400, "bad-frame-list", "Frames are numbers from 1 on, separated by commas");
}

/** The Image Pixel module of an instance. @throws SourceError `not-found` */
async function imagePixelOf(
  selector: InstanceSelector,
  context: DicomwebContext,
  signal: AbortSignal,
): Promise<ImagePixel> {
  for await (const { dataSet } of context.source.metadata(selector, signal)) {
    return readImagePixel(dataSet);
  }
  throw new SourceError("not-found", "The archive has no such object");
}

async function retrieveFrames(
  request: FastifyRequest,
  reply: FastifyReply,
  context: DicomwebContext,
): Promise<FastifyReply> {
  const selector = instanceSelectorOf(request);
  const numbers = frameNumbersOf(request);
  const signal = requestSignal(reply);
  const frames = context.source.frames(selector, numbers, signal)[Symbol.asyncIterator]();
  const first = await frames.next();
  if (first.done === true) throw new SourceError("not-found", "There are no such frames");
  const form = chooseFrameForm(wantedOf(request), first.value.transferSyntaxUid, numbers.length);
  const etag = await context.source.etag(selector, signal);
  markUnverified(reply, context, selector);
  const version = etag === undefined ? undefined : `${etag}-${form.isDecoded ? "d" : "s"}`;
  if (isNotModified(request, reply, version)) return reply;
  const imagePixel = form.isDecoded ? await imagePixelOf(selector, context, signal) : undefined;
  const open = (frame: StoredFrame) => openFrame(frame, imagePixel, context, signal);
  if (!form.isMultipart) {
    const body = await open(first.value);
    reply.type(form.contentType).header("content-length", body.byteLength);
    return await sendChunks(reply, body.chunks);
  }
  const boundary = newBoundary();
  const location = `${resourceUrl(baseUrl(request, context), selector)}/frames`;
  reply.type(multipartContentType(boundary, form.contentType.split(";")[0] ?? ""));
  const all = rest(first.value, frames);
  if (!form.isDecoded) return await sendStored(reply, all, { boundary, form, location });
  return await sendChunks(reply, writeMultipart(boundary, partsOf(all, form, location, open)));
}

/** Sends frames as they are stored: their lengths are known, and so is that of the whole. */
async function sendStored(
  reply: FastifyReply,
  frames: AsyncIterable<StoredFrame>,
  {
    boundary,
    form,
    location,
  }: { readonly boundary: string; readonly form: FrameForm; readonly location: string },
): Promise<FastifyReply> {
  const parts: (Omit<OutgoingPart, "body"> & StoredFrame)[] = [];
  for await (const frame of frames)
    parts.push({ ...frame, headers: headersOf(frame, form, location) });
  reply.header("content-length", multipartLength(boundary, parts));
  return await sendChunks(reply, writeMultipart(boundary, opened(parts)));
}

async function* opened(
  parts: readonly (Omit<OutgoingPart, "body"> & StoredFrame)[],
): AsyncGenerator<OutgoingPart> {
  for (const part of parts) yield { headers: part.headers, body: await primed(part.open()) };
}

/** Bytes of one frame to send. */
interface FrameBody {
  readonly byteLength: number;
  readonly chunks: AsyncIterable<Uint8Array>;
}

async function openFrame(
  frame: StoredFrame,
  imagePixel: ImagePixel | undefined,
  { decoder }: DicomwebContext,
  signal: AbortSignal,
): Promise<FrameBody> {
  if (imagePixel === undefined) {
    return { byteLength: frame.byteLength, chunks: await primed(frame.open()) };
  }
  const decoded = await decodeStoredFrame(frame, imagePixel, decoder, signal);
  const bytes = decodedFrameBytes(decoded, imagePixel.bitsAllocated);
  return { byteLength: bytes.byteLength, chunks: single(bytes) };
}

async function* partsOf(
  frames: AsyncIterable<StoredFrame>,
  form: FrameForm,
  location: string,
  open: (frame: StoredFrame) => Promise<FrameBody>,
): AsyncGenerator<OutgoingPart> {
  for await (const frame of frames) {
    const { byteLength, chunks } = await open(frame);
    const { frameNumber } = frame;
    yield { headers: headersOf({ frameNumber, byteLength }, form, location), body: chunks };
  }
}

function headersOf(
  { frameNumber, byteLength }: Pick<StoredFrame, "frameNumber" | "byteLength">,
  form: FrameForm,
  location: string,
): OutgoingPart["headers"] {
  return {
    "Content-Type": form.contentType,
    "Content-Length": String(byteLength),
    "Content-Location": `${location}/${frameNumber}`,
  };
}

async function* single(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function* rest<Item>(first: Item, others: AsyncIterator<Item>): AsyncGenerator<Item> {
  yield first;
  for (let next = await others.next(); next.done !== true; next = await others.next()) {
    yield next.value;
  }
}
