import type { FastifyReply } from "fastify";
import { transferSyntaxOf } from "#core/dicom/transfer-syntax.ts";
import {
  multipartContentType,
  type OutgoingPart,
  writeMultipart,
} from "#core/dicomweb/multipart-writer.ts";
import type { InstanceSelector, StoredFrame } from "../sources/source.ts";
import type { DicomwebContext } from "./dicomweb-request.ts";
import { newBoundary } from "./multipart-boundary.ts";
import { sendChunks } from "./send-chunks.ts";

/** Whether a path names the pixel data of an instance. */
export function isPixelData(path: string): boolean {
  return path.toUpperCase() === "7FE00010";
}

/** Answers with encapsulated pixel data as they are stored, a part for each frame. */
export async function sendAllFrames(
  reply: FastifyReply,
  selector: InstanceSelector,
  context: DicomwebContext,
  signal: AbortSignal,
): Promise<FastifyReply> {
  const numbers = Array.from(
    { length: await numberOfFrames(selector, context, signal) },
    (_, index) => index + 1,
  );
  const boundary = newBoundary();
  reply.type(multipartContentType(boundary, "application/octet-stream"));
  const frames = context.source.frames(selector, numbers, signal);
  return await sendChunks(reply, writeMultipart(boundary, parts(frames)));
}

/** Number of Frames of an instance; 1 where the header does not say, and for a video, which is one stream. */
async function numberOfFrames(
  selector: InstanceSelector,
  context: DicomwebContext,
  signal: AbortSignal,
): Promise<number> {
  for await (const { dataSet, transferSyntaxUid } of context.source.metadata(selector, signal)) {
    if (transferSyntaxOf(transferSyntaxUid)?.frameEncoding === "video") return 1;
    return Math.max(1, dataSet.number(0x00280008) ?? 1);
  }
  return 1;
}

async function* parts(frames: AsyncIterable<StoredFrame>): AsyncGenerator<OutgoingPart> {
  for await (const frame of frames) {
    const { transferSyntaxUid, byteLength } = frame;
    const mediaType = transferSyntaxOf(transferSyntaxUid)?.mediaType ?? "application/octet-stream";
    yield {
      headers: {
        "Content-Type": `${mediaType}; transfer-syntax=${transferSyntaxUid}`,
        "Content-Length": String(byteLength),
      },
      body: frame.open(),
    };
  }
}
