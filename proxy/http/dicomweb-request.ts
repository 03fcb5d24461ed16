import type { FastifyReply, FastifyRequest } from "fastify";
import { isUid } from "#core/dicom/uid.ts";
import {
  type WantedRepresentation,
  wantedRepresentations,
} from "#core/dicomweb/wanted-representation.ts";
import type { InstanceSelector, ResourceSelector, Source } from "../sources/source.ts";
import type { FrameDecoder } from "./frame-decoder.ts";
import type { Permissions } from "./permissions.ts";
import { HttpProblem } from "./problem.ts";
import { requestUser } from "./request-user.ts";

/** What the routes of one archive work with. */
export interface DicomwebContext {
  readonly source: Source;
  readonly decoder: FrameDecoder;
  /** Path before the DICOMweb resources: `/sources/demo/dicom-web`. */
  readonly prefix: string;
  /** `https://host/…` as browsers see it, where the companion cannot tell by itself. */
  readonly publicUrl: string | undefined;
  readonly maximumStoreBytes: number;
  /** What users may do beyond reading; everything by default. */
  readonly permissions?: Permissions;
}

/** The same context on behalf of the user who signed in, where there is one: sources are fair between users. */
export function onBehalf(request: FastifyRequest, context: DicomwebContext): DicomwebContext {
  const user = requestUser(request);
  const source = user === undefined ? undefined : context.source.forUser?.(user);
  return source === undefined ? context : { ...context, source };
}

/** The study, series or instance that an address names. @throws HttpProblem 400 for what is no UID */
export function selectorOf(request: FastifyRequest): ResourceSelector {
  const study = uidParameter(request, "study");
  const series = uidParameter(request, "series");
  const instance = uidParameter(request, "instance");
  if (study === undefined) throw new HttpProblem(404, "not-found", "The address names no study");
  return {
    studyInstanceUid: study,
    ...(series === undefined ? {} : { seriesInstanceUid: series }),
    ...(instance === undefined ? {} : { sopInstanceUid: instance }),
  };
}

/** @throws HttpProblem 400 for what is no UID */
export function instanceSelectorOf(request: FastifyRequest): InstanceSelector {
  const { studyInstanceUid, seriesInstanceUid, sopInstanceUid } = selectorOf(request);
  if (seriesInstanceUid === undefined || sopInstanceUid === undefined) {
    throw new HttpProblem(404, "not-found", "The address names no instance");
  }
  return { studyInstanceUid, seriesInstanceUid, sopInstanceUid };
}

/** A text of the path, percent-decoded. */
export function pathParameter(request: FastifyRequest, name: string): string | undefined {
  const { params } = request;
  if (typeof params !== "object" || params === null) return undefined;
  const value: unknown = Reflect.get(params, name);
  return typeof value === "string" ? value : undefined;
}

/** UID of the path, or undefined where the route has none of this name. */
export function uidParameter(request: FastifyRequest, name: string): string | undefined {
  const value = pathParameter(request, name);
  if (value === undefined || isUid(value)) return value;
  throw new HttpProblem(400, "bad-uid", `The ${name} of the address is not a UID`);
}

/** Query parameters in order, percent-decoded, `+` as it is in forms. */
export function queryParameters(request: FastifyRequest): URLSearchParams {
  const question = request.url.indexOf("?");
  return new URLSearchParams(question < 0 ? "" : request.url.slice(question + 1));
}

/** What the client takes: the `accept` query parameter goes before the header (PS3.18 8.3.3.1). */
export function wantedOf(request: FastifyRequest): readonly WantedRepresentation[] {
  return wantedRepresentations(
    queryParameters(request).get("accept") ?? request.headers.accept ?? undefined,
  );
}

/** Address of the archive as the client sees it, without a slash at the end. */
export function baseUrl(request: FastifyRequest, context: DicomwebContext): string {
  const origin =
    context.publicUrl ?? `${request.protocol}://${request.headers.host ?? "localhost"}`;
  return origin.replace(/\/$/, "") + context.prefix;
}

/** Address of a resource. */
export function resourceUrl(base: string, selector: ResourceSelector): string {
  const { studyInstanceUid, seriesInstanceUid, sopInstanceUid } = selector;
  return [
    `${base}/studies/${studyInstanceUid}`,
    ...(seriesInstanceUid === undefined ? [] : [`series/${seriesInstanceUid}`]),
    ...(sopInstanceUid === undefined ? [] : [`instances/${sopInstanceUid}`]),
  ].join("/");
}

/**
 * Answers 304 where the client holds this version already, and labels the response otherwise. Patient data may be
 * kept by the browser alone, and is asked for again each time.
 */
export function isNotModified(
  request: FastifyRequest,
  reply: FastifyReply,
  etag: string | undefined,
): boolean {
  reply.header("cache-control", "private, no-cache").header("vary", "Accept");
  if (etag === undefined) return false;
  const quoted = `"${etag}"`;
  reply.header("etag", quoted);
  const held = (request.headers["if-none-match"] ?? "").split(",").map((one) => one.trim());
  const isHeld = held.some((one) => one === "*" || one.replace(/^W\//, "") === quoted);
  if (isHeld) reply.code(304).send();
  return isHeld;
}

/** Says of what is served without the archive having confirmed it that this is so (RFC 7234 5.5.2, 111). */
export function markUnverified(
  reply: FastifyReply,
  { source }: DicomwebContext,
  selector: ResourceSelector,
): void {
  const since = source.unverifiedSince?.(selector);
  if (since === undefined) return;
  reply.header("warning", '111 negato "The archive does not answer: this is what was kept of it"');
  if (since > 0) reply.header("age", String(Math.max(0, Math.round((Date.now() - since) / 1000))));
}

/** A 406 that says what there is instead. */
export function notAcceptable(detail: string, available: readonly string[]): HttpProblem {
  return new HttpProblem(406, "not-acceptable", detail, { available });
}
