import type { FastifyRequest } from "fastify";
import type { Source } from "../sources/source.ts";
import { pathParameter } from "./dicomweb-request.ts";
import { HttpProblem } from "./problem.ts";

/** The source that the `name` of the path says. @throws HttpProblem 404 where there is none */
export function namedSource(request: FastifyRequest, sources: readonly Source[]): Source {
  const name = pathParameter(request, "name");
  const source = sources.find((one) => one.name === name);
  if (source !== undefined) return source;
  throw new HttpProblem(404, "no-such-source", "There is no source of this name");
}
