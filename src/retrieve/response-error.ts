import { parseRetryAfter } from "./retry-policy.ts";
import { RetrieveError, type RetrieveErrorCode } from "./study-source.ts";

const LONGEST_PROBLEM_BYTES = 64 * 1024;
const LONGEST_DETAIL = 500;
/** What is said of an object that is whole and shows nothing. */
const NO_PIXEL_DATA = "This object has no pixel data.";

/** What each status means here, and the sentence for people where the archive gives none. */
export async function errorOfResponse(response: Response): Promise<RetrieveError> {
  const { status } = response;
  const [code, sentence] = meaningOf(status);
  const problem = await problemDocument(response);
  if (code === "not-found" && textOf(problem, "code") === "no-pixel-data")
    return new RetrieveError("no-pixel-data", NO_PIXEL_DATA, { status });
  const detail = textOf(problem, "detail")?.slice(0, LONGEST_DETAIL);
  const retryAfterMs = parseRetryAfter(response.headers.get("retry-after"), Date.now());
  const facts = { status, retryAfterMs };
  const known = detail === undefined ? undefined : EXPLAINED.get(status);
  if (known !== undefined && detail !== undefined)
    return new RetrieveError(known[0], explanation(known[1], detail, problem), facts);
  const said = detail ?? textOf(problem, "title")?.slice(0, LONGEST_DETAIL);
  const message = said === undefined ? sentence : `${sentence} It says: ${said}`;
  return new RetrieveError(code, message, facts);
}

/**
 * Whether the same request may succeed when it is repeated a little later. A gateway that explains itself has waited and
 * tried already; only one that calls the archive busy means that it is worth another attempt.
 */
export function isTransient({ status, code }: RetrieveError): boolean {
  if (code === "not-retrieved") return false;
  return status === 429 || status === 502 || status === 503 || status === 504;
}

/** What a gateway says by status where its problem document says why. */
const EXPLAINED: ReadonlyMap<number, readonly [RetrieveErrorCode, string]> = new Map([
  [502, ["not-retrieved", "The archive could not give this."]],
  [503, ["busy", "The archive cannot answer now."]],
  [504, ["not-retrieved", "The archive did not answer in time."]],
]);

/** What happened, and what to change where the gateway knows. */
function explanation(sentence: string, detail: string, problem: unknown): string {
  const hint = textOf(problem, "hint")?.slice(0, LONGEST_DETAIL);
  const isSaid = hint === undefined || detail.includes(hint);
  return [sentence, detail, ...(isSaid ? [] : [hint])].map(asSentence).join(" ");
}

function asSentence(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
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
