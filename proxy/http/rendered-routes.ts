import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { DataSet } from "#core/dicom/data-set.ts";
import { takes } from "#core/dicomweb/wanted-representation.ts";
import type { RenderedType } from "../decode/rendering/render-picture.ts";
import {
  type InstanceSelector,
  type ResourceSelector,
  type Source,
  SourceError,
} from "../sources/source.ts";
import {
  type DicomwebContext,
  isNotModified,
  markUnverified,
  notAcceptable,
  onBehalf,
  pathParameter,
  queryParameters,
  selectorOf,
  wantedOf,
} from "./dicomweb-request.ts";
import { frameNumbersOf } from "./frame-routes.ts";
import { HttpProblem } from "./problem.ts";
import { renderFrame } from "./render-frame.ts";
import { parseRenderedParameters, type RenderedParameters } from "./rendered-parameters.ts";
import { requestSignal } from "./request-signal.ts";

const TYPES: readonly RenderedType[] = ["image/jpeg", "image/png"];
const THUMBNAIL = { width: 200, height: 200, region: undefined };

const INSTANCE = "/studies/:study/series/:series/instances/:instance";

/** WADO-RS rendered and thumbnail (PS3.18 10.4.1.1.3, 10.4.1.1.4): one picture per request. */
export function registerRenderedRoutes(app: FastifyInstance, context: DicomwebContext): void {
  for (const resource of [INSTANCE, `${INSTANCE}/frames/:frames`]) {
    app.get(`${resource}/rendered`, (request, reply) =>
      render(
        request,
        reply,
        onBehalf(request, context),
        parseRenderedParameters(queryParameters(request)),
      ),
    );
  }
  for (const resource of [
    "/studies/:study",
    "/studies/:study/series/:series",
    INSTANCE,
    `${INSTANCE}/frames/:frames`,
  ]) {
    app.get(`${resource}/thumbnail`, (request, reply) => {
      const parameters = parseRenderedParameters(queryParameters(request));
      const viewport = parameters.viewport ?? THUMBNAIL;
      return render(request, reply, onBehalf(request, context), { ...parameters, viewport });
    });
  }
}

async function render(
  request: FastifyRequest,
  reply: FastifyReply,
  context: DicomwebContext,
  parameters: RenderedParameters,
): Promise<FastifyReply> {
  const type = negotiate(request);
  const selector = selectorOf(request);
  const signal = requestSignal(reply);
  const etag = await context.source.etag(selector, signal);
  markUnverified(reply, context, selector);
  if (isNotModified(request, reply, etag)) return reply;
  const { instance, numberOfFrames } = await representativeOf(selector, context, signal);
  const frameNumber = frameNumberOf(request) ?? Math.ceil(numberOfFrames / 2);
  const rendered = await renderFrame(instance, frameNumber, parameters, type, context, signal);
  const warnings = [...parameters.warnings, ...rendered.warnings];
  const unverified = reply.getHeader("warning");
  const header = [
    ...(typeof unverified === "string" ? [unverified] : []),
    ...warnings.map((warning) => `299 negato "${warning}"`),
  ].join(", ");
  if (header !== "") reply.header("warning", header);
  reply.type(type);
  return reply.send(Buffer.from(rendered.picture));
}

function frameNumberOf(request: FastifyRequest): number | undefined {
  if (pathParameter(request, "frames") === undefined) return undefined;
  const [number, ...others] = frameNumbersOf(request);
  if (others.length === 0) return number;
  throw new HttpProblem(400, "bad-frame-list", "One frame at a time is rendered");
}

function negotiate(request: FastifyRequest): RenderedType {
  for (const wanted of wantedOf(request)) {
    const type = TYPES.find((one) => takes(wanted, one));
    if (type !== undefined && wanted.form !== "multipart") return type;
  }
  throw notAcceptable("Rendered images are given as JPEG or PNG", TYPES);
}

/** The instance itself; of a series or study the middle one of those with pixels. */
async function representativeOf(
  selector: ResourceSelector,
  { source }: DicomwebContext,
  signal: AbortSignal,
): Promise<{ readonly instance: InstanceSelector; readonly numberOfFrames: number }> {
  const { studyInstanceUid, seriesInstanceUid, sopInstanceUid } = selector;
  const instance =
    seriesInstanceUid === undefined || sopInstanceUid === undefined
      ? await middleOf(selector, source, signal)
      : { studyInstanceUid, seriesInstanceUid, sopInstanceUid };
  for await (const { dataSet } of source.metadata(instance, signal)) {
    if (dataSet.number(0x00280010) === undefined) break;
    return { instance, numberOfFrames: Math.max(dataSet.number(0x00280008) ?? 1, 1) };
  }
  throw new SourceError("not-found", "There is no image to render");
}

/** The middle image of the first series with images; of all instances where the archive does not say which are images. */
async function middleOf(
  selector: ResourceSelector,
  source: Source,
  signal: AbortSignal,
): Promise<InstanceSelector> {
  const page = await source.search(
    {
      level: "instance",
      studyInstanceUid: selector.studyInstanceUid,
      ...(selector.seriesInstanceUid === undefined
        ? {}
        : { seriesInstanceUid: selector.seriesInstanceUid }),
      keys: [],
      includeFields: [],
      includeAll: false,
      fuzzyMatching: false,
      offset: 0,
    },
    signal,
  );
  const told = page.matches.filter((match) => match.number(0x00280010) !== undefined);
  const images = told.length > 0 ? told : page.matches;
  const sameSeries = images.filter((match) => seriesOf(match) === seriesOf(images[0]));
  const match = sameSeries[Math.floor(sameSeries.length / 2)];
  const seriesInstanceUid = selector.seriesInstanceUid ?? seriesOf(match);
  const sopInstanceUid = match?.string(0x00080018);
  if (match === undefined || seriesInstanceUid === undefined || sopInstanceUid === undefined) {
    throw new SourceError("not-found", "There is no image to render");
  }
  const { studyInstanceUid } = selector;
  return { studyInstanceUid, seriesInstanceUid, sopInstanceUid };
}

function seriesOf(match: DataSet | undefined): string | undefined {
  return match?.string(0x0020000e);
}
