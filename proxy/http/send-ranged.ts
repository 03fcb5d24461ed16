import type { FastifyReply, FastifyRequest } from "fastify";
import { parseByteRange } from "./byte-range.ts";
import { HttpProblem } from "./problem.ts";
import { sendChunks } from "./send-chunks.ts";

/** A body of known length that can be read from any byte. */
export interface RangedBody {
  readonly byteLength: number;
  open(range?: { readonly first: number; readonly last: number }): AsyncIterable<Uint8Array>;
}

/** Answers with the whole body, or with the part that the Range header asks for (206). */
export async function sendRanged(
  request: FastifyRequest,
  reply: FastifyReply,
  body: RangedBody,
): Promise<FastifyReply> {
  const { byteLength } = body;
  reply.header("accept-ranges", "bytes");
  const range = parseByteRange(rangeHeader(request, reply), byteLength);
  if (range === "unsatisfiable") {
    reply.header("content-range", `bytes */${byteLength}`);
    throw new HttpProblem(416, "range-not-satisfiable", `There are ${byteLength} bytes`);
  }
  if (range === undefined) {
    reply.header("content-length", byteLength);
    return await sendChunks(reply, body.open());
  }
  reply.code(206);
  reply.header("content-range", `bytes ${range.first}-${range.last}/${byteLength}`);
  reply.header("content-length", range.last - range.first + 1);
  return await sendChunks(reply, body.open(range));
}

/** A range of another version than the client holds would not fit what it has (RFC 9110 13.1.5). */
function rangeHeader(request: FastifyRequest, reply: FastifyReply): string | undefined {
  const condition = request.headers["if-range"];
  if (condition !== undefined && condition !== reply.getHeader("etag")) return undefined;
  return request.headers.range;
}
