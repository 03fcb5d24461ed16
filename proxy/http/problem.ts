import { STATUS_CODES } from "node:http";
import { DicomError, type DicomErrorCode } from "#core/dicom/dicom-error.ts";
import { SourceError, type SourceErrorCode } from "../sources/source.ts";

/** A problem document (RFC 9457); `code` is stable, `detail` is a sentence without patient data. */
export interface ProblemDocument {
  readonly type: "about:blank";
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly [extension: string]: unknown;
}

export const PROBLEM_MEDIA_TYPE = "application/problem+json";

/** A request that the companion itself answers with an error status. */
export class HttpProblem extends Error {
  override readonly name = "HttpProblem";
  readonly status: number;
  readonly code: string;
  /** Further members of the problem document. */
  readonly facts: Readonly<Record<string, unknown>>;

  constructor(
    status: number,
    code: string,
    detail: string,
    facts: Readonly<Record<string, unknown>> = {},
  ) {
    super(detail);
    this.status = status;
    this.code = code;
    this.facts = facts;
  }
}

const SOURCE_STATUS: Readonly<Record<SourceErrorCode, number>> = {
  "not-found": 404,
  "no-pixel-data": 404,
  "bad-request": 400,
  "not-acceptable": 406,
  conflict: 409,
  unavailable: 503,
  timeout: 504,
  "upstream-failure": 502,
  "not-implemented": 501,
  "insufficient-storage": 507,
};

/** Errors about stored data are the archive's, those about messages the client's. */
const DICOM_STATUS: Readonly<Record<DicomErrorCode, number>> = {
  "not-dicom": 500,
  truncated: 500,
  malformed: 500,
  "limit-exceeded": 500,
  "unknown-transfer-syntax": 406,
  "unsupported-transfer-syntax": 406,
  "missing-attribute": 404,
  "invalid-value": 500,
  "no-pixel-data": 404,
  "no-such-frame": 404,
  "codec-failure": 500,
  "bad-message": 400,
};

/** Names by which Fastify knows what it refuses before a route sees it. */
const FASTIFY_CODES: Readonly<Record<string, string>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: "body-too-large",
  FST_ERR_CTP_INVALID_MEDIA_TYPE: "unsupported-media-type",
  FST_ERR_BAD_URL: "bad-address",
  FST_ERR_ROUTE_MAX_PARAM_LENGTH: "bad-address",
};

/** The problem document for whatever was thrown; what is not expected says nothing of its insides. */
export function problemOf(error: unknown): ProblemDocument {
  if (error instanceof HttpProblem) {
    return problem(error.status, error.code, error.message, error.facts);
  }
  if (error instanceof SourceError) {
    const { pacs, dimse, hint } = error.facts;
    return problem(SOURCE_STATUS[error.code], error.code, error.message, {
      ...(pacs === undefined ? {} : { pacs }),
      ...(dimse === undefined ? {} : { dimse }),
      ...(hint === undefined ? {} : { hint }),
    });
  }
  if (error instanceof DicomError) {
    return problem(DICOM_STATUS[error.code], error.code, error.message);
  }
  const refused = clientFaultOf(error);
  if (refused !== undefined) return refused;
  return problem(500, "internal", "Something went wrong inside the companion; its log says more.");
}

/** Seconds after which a request that met this error is worth repeating (RFC 9110, 10.2.3). */
export function retryAfterOf(error: unknown): number {
  return (error instanceof SourceError ? error.facts.retryAfterSeconds : undefined) ?? 2;
}

function clientFaultOf(error: unknown): ProblemDocument | undefined {
  if (!(error instanceof Error) || !("statusCode" in error) || !("code" in error)) return undefined;
  const { statusCode, code } = error;
  if (typeof statusCode !== "number" || statusCode < 400 || statusCode >= 500) return undefined;
  return problem(statusCode, FASTIFY_CODES[String(code)] ?? "bad-request", error.message);
}

function problem(
  status: number,
  code: string,
  detail: string,
  facts: Readonly<Record<string, unknown>> = {},
): ProblemDocument {
  return {
    ...facts,
    type: "about:blank",
    title: STATUS_CODES[status] ?? "Error",
    status,
    code,
    detail,
  };
}
