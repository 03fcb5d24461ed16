import type { DecodeFailure } from "../decode/protocol.ts";
import { RetrieveError, type RetrieveErrorCode } from "../retrieve/study-source.ts";

/** Why something cannot be shown, in words for people. */
export interface Failure {
  /** Stable, for tests and support: a code of `RetrieveError`, `DicomError` or the decode pool. */
  readonly code: string;
  /** What is the matter, one sentence. */
  readonly message: string;
  /** What to do about it, one sentence; empty where nothing can be done. */
  readonly advice: string;
}

/** The failure that an error of a source stands for. What is no `RetrieveError` is a fault of this program. */
export function failureOfError(error: unknown): Failure {
  if (error instanceof RetrieveError)
    return { code: error.code, message: error.message, advice: adviceFor(error) };
  return {
    code: "internal",
    message: "The viewer failed at an unexpected place.",
    advice: "Reload the page; if it happens again, report it.",
  };
}

/** An archive that says how long it needs is taken by its word. */
function adviceFor({ code, retryAfterMs = 0 }: RetrieveError): string {
  if (code !== "busy" || retryAfterMs < 1000) return RETRIEVE_ADVICE[code];
  return `Wait ${Math.ceil(retryAfterMs / 1000)} seconds, then try again.`;
}

/** The failure that a refusal of the decoder stands for. */
export function failureOfDecoding({ code, message }: DecodeFailure): Failure {
  return { code, message, advice: DECODE_ADVICE[code] ?? "The file itself may be damaged." };
}

/** Whether the same request may succeed a moment later, without anything being repaired. */
export function isPassing(failure: Failure): boolean {
  return PASSING_CODES.has(failure.code);
}

const PASSING_CODES: ReadonlySet<string> = new Set([
  "network",
  "busy",
  "not-retrieved",
  "server-error",
  "unauthorized",
  "timeout",
  "worker-died",
  "aborted",
]);

const RETRIEVE_ADVICE: Readonly<Record<RetrieveErrorCode, string>> = {
  network: "Check the network connection, then try again.",
  unauthorized: "Sign in again and reload the page.",
  forbidden: "Ask the administrator of the archive for access.",
  "not-found": "It may have been deleted or moved in the archive.",
  "no-pixel-data":
    "Its attributes are there; if it should be an image, ask for it to be sent again.",
  "not-acceptable": "Ask the administrator of the archive which formats it can give.",
  busy: "Wait a moment, then try again.",
  "not-retrieved": "Try again; if it stays so, tell the administrator of the archive.",
  "server-error": "Try again later; if it stays so, tell the administrator of the archive.",
  "bad-response":
    "Try again; if it stays so, check the address of the archive or tell its administrator.",
  aborted: "",
};

const DECODE_ADVICE: Readonly<Partial<Record<DecodeFailure["code"], string>>> = {
  "unsupported-transfer-syntax": "Ask the archive for the image in another format.",
  "unknown-transfer-syntax": "Ask the archive for the image in another format.",
  truncated: "The image is incomplete; ask for it to be sent to the archive again.",
  timeout: "Decoding took too long and was stopped; try again.",
  "worker-died": "The decoder stopped; try again, and close other pages if memory is short.",
  "limit-exceeded": "The image is larger than this viewer can hold.",
  aborted: "",
};
