import { RetrieveError, type RetrieveErrorCode } from "./study-source.ts";

const LONGEST_PROBLEM_BYTES = 64 * 1024;
const LONGEST_DETAIL = 300;

/** What each status means here, and the sentence for people where the archive gives none. */
export async function errorOfResponse(response: Response): Promise<RetrieveError> {
  const [code, sentence] = meaningOf(response.status);
  const detail = await problemDetail(response);
  return new RetrieveError(
    code,
    detail === undefined ? sentence : `${sentence} It says: ${detail}`,
    {
      status: response.status,
    },
  );
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

/** `detail`, or else `title`, of a problem document (RFC 9457); undefined when there is none. */
async function problemDetail(response: Response): Promise<string | undefined> {
  const isProblem = response.headers.get("content-type")?.startsWith("application/problem+json");
  const declared = Number(response.headers.get("content-length") ?? 0);
  if (isProblem !== true || declared > LONGEST_PROBLEM_BYTES) {
    await response.body?.cancel().catch(ignore);
    return undefined;
  }
  const problem: unknown = await response.json().catch(ignore);
  const text = textOf(problem, "detail") ?? textOf(problem, "title");
  return text?.slice(0, LONGEST_DETAIL);
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
