import { DimseError, type DimseErrorCode, type DimseErrorFacts } from "../dimse/dimse-error.ts";
import { ObjectStoreError, type ObjectStoreErrorCode } from "../object-store/object-store.ts";
import { type DimseFacts, SourceError, type SourceErrorCode } from "../sources/source.ts";
import { explain, isTransientRejection, type PacsTask } from "./dimse-sentences.ts";
import type { PacsIdentity } from "./pacs-identity.ts";

/** What the failure is to a client of HTTP; `rejected` and `failed-status` depend on more than the code. */
const CODES: Readonly<Record<DimseErrorCode, SourceErrorCode>> = {
  unreachable: "unavailable",
  "connect-timeout": "timeout",
  "tls-failure": "upstream-failure",
  rejected: "upstream-failure",
  "no-context": "upstream-failure",
  aborted: "upstream-failure",
  "connection-lost": "upstream-failure",
  silent: "timeout",
  overdue: "timeout",
  "protocol-violation": "upstream-failure",
  "limit-exceeded": "upstream-failure",
  "failed-status": "upstream-failure",
  cancelled: "unavailable",
  busy: "unavailable",
  closed: "unavailable",
};

/** Statuses that pass by themselves: Out of Resources (PS3.4 table C.4-1), Resource Limitation (PS3.7 C.5.16). */
const TRANSIENT_STATUSES: ReadonlySet<number> = new Set([0xa700, 0x0213]);

/** When it is worth trying again, for what is unavailable; seconds. */
const RETRY_AFTER_SECONDS: Readonly<Partial<Record<DimseErrorCode, number>>> = {
  unreachable: 10,
  rejected: 5,
  "failed-status": 10,
  busy: 2,
  cancelled: 1,
  closed: 5,
};

const STORE_CODES: Readonly<
  Record<ObjectStoreErrorCode, readonly [code: SourceErrorCode, what: string, advice: string]>
> = {
  "disk-full": [
    "insufficient-storage",
    "The disk of the companion is full",
    "free space in its data folder, or give it a smaller cache",
  ],
  io: [
    "unavailable",
    "The disk of the companion cannot be read or written",
    "check its data folder",
  ],
  damaged: [
    "unavailable",
    "A stored object failed its check and was dropped",
    "try again: it is fetched anew",
  ],
  gone: [
    "unavailable",
    "A stored object was removed while it was read",
    "try again: it is fetched anew",
  ],
  locked: [
    "unavailable",
    "The cache of the companion is in use by another process",
    "let one companion at a time use this data folder",
  ],
  closed: ["unavailable", "The companion is being closed", "try again when it is back"],
};

/**
 * The error for HTTP of what went wrong with a PACS or with the store of received objects. What is neither (a
 * `SourceError`, an abort) is given back as it is, so that it can be thrown again.
 */
export function sourceErrorOf(error: unknown, pacs: PacsIdentity, task?: PacsTask): unknown {
  if (error instanceof ObjectStoreError) return storeErrorOf(error, pacs);
  if (!(error instanceof DimseError)) return error;
  const code = codeOf(error);
  const { what, advice } = explain(error.code, error.facts, pacs, task);
  const retryAfterSeconds = code === "unavailable" ? RETRY_AFTER_SECONDS[error.code] : undefined;
  return new SourceError(code, `${what}: ${advice}`, error, {
    pacs: pacs.name,
    dimse: factsOf(error.code, error.facts),
    hint: advice,
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  });
}

function codeOf({ code, facts }: DimseError): SourceErrorCode {
  const isTransient =
    code === "rejected"
      ? isTransientRejection(facts)
      : code === "failed-status" && TRANSIENT_STATUSES.has(facts.status ?? 0);
  return isTransient ? "unavailable" : CODES[code];
}

function factsOf(code: DimseErrorCode, facts: DimseErrorFacts): DimseFacts {
  const { status, result, source, reason, comment } = facts;
  return {
    code,
    ...(status === undefined ? {} : { status }),
    ...(result === undefined ? {} : { result }),
    ...(source === undefined ? {} : { source }),
    ...(reason === undefined ? {} : { reason }),
    ...(comment === undefined || comment === "" ? {} : { comment }),
  };
}

function storeErrorOf(error: ObjectStoreError, pacs: PacsIdentity): SourceError {
  const [code, what, advice] = STORE_CODES[error.code];
  return new SourceError(code, `${what}: ${advice}`, error, {
    pacs: pacs.name,
    hint: advice,
    ...(code === "unavailable" ? { retryAfterSeconds: 2 } : {}),
  });
}
