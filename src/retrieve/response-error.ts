import { RetrieveError, type RetrieveErrorCode } from "./study-source.ts";

const LONGEST_PROBLEM_BYTES = 64 * 1024;
const LONGEST_DETAIL = 300;
/** What is said of an object that is whole and shows nothing. */
const NO_PIXEL_DATA = "This object has no pixel data.";

/** What each status means here, and the sentence for people where the archive gives none. */
export async function errorOfResponse(response: Response): Promise<RetrieveError> {
  const { status } = response;
  const [code, sentence] = meaningOf(status);
  const problem = await problemDocument(response);
  if (code === "not-found" && textOf(problem, "code") === "no-pixel-data")
    return new RetrieveError("no-pixel-data", NO_PIXEL_DATA, { status });
  const detail = (textOf(problem, "detail") ?? textOf(problem, "title"))?.slice(0, LONGEST_DETAIL);
  const message = detail === undefined ? sentence : `${sentence} It says: ${detail}`;
  return new RetrieveError(code, message, { status });
}

/** Whether the same request may succeed when it is repeated a little later. */
export function isTransientStatus(status: number): boolean {
  return status === 429 || status === 502 || status === 503 || status === 504;
}

function meaningOf(status: number): readonly [RetrieveErrorCode, string] {
  switch (status) {
    case 401:
      return ["unauthorized", "The archive asks you to sign in."];
    case 403:
      return ["forbidden", "The archive does not let you see this."];
    case 404:
    case 410:
      return ["not-found", "The archive does not have this."];
    case 406:
    case 415:
      return ["not-acceptable", "The archive cannot give this in a form that can be shown here."];
    case 429:
    case 503:
      return ["busy", "The archive is busy."];
    case 502:
    case 504:
      return ["server-error", "The gateway before the archive gets no answer from it."];
    default:
      return status >= 500
        ? ["server-error", `The archive failed with status ${status}.`]
        : ["bad-response", `The archive refused the request with status ${status}.`];
  }
}

/** A problem document (RFC 9457); undefined when there is none. */
async function problemDocument(response: Response): Promise<unknown> {
  const isProblem = response.headers.get("content-type")?.startsWith("application/problem+json");
  const declared = Number(response.headers.get("content-length") ?? 0);
  if (isProblem !== true || declared > LONGEST_PROBLEM_BYTES) {
    await response.body?.cancel().catch(ignore);
    return undefined;
  }
  return await response.json().catch(ignore);
}

function textOf(value: unknown, name: string): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const text: unknown = Object.entries(value).find(([key]) => key === name)?.[1];
  return typeof text === "string" && text !== "" ? text : undefined;
}

/** A problem document that cannot be read changes nothing about the error that it came with. */
function ignore(): undefined {
  return undefined;
}
