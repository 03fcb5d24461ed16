import { STORAGE_STATUSES } from "../../dimse/services/storage-statuses.ts";
import type { StoreOutcome } from "../source.ts";

/** Failure Reasons (0008,1197) that are ours to give (PS3.18 table I.2-2). */
export const FAILURE_REASONS = {
  outOfResources: STORAGE_STATUSES.outOfResources,
  /** Also: belongs to another study than the address names. */
  doesNotMatch: STORAGE_STATUSES.doesNotMatch,
  cannotUnderstand: STORAGE_STATUSES.cannotUnderstand,
  syntaxNotSupported: 0xc122,
  classNotSupported: 0x0122,
  processingFailure: 0x0110,
} as const;

/**
 * Warning Reason (0008,1196) of our own: the archive took the object, but has not confirmed in time that it keeps it.
 * It is in the conformance statement, as PS3.18 I.2 asks of codes that are not in its tables.
 */
export const NOT_CONFIRMED = 0xb0c0;

/** What is known of an object, however little. */
type KnownIdentity = Partial<
  Pick<StoreOutcome, "sopClassUid" | "sopInstanceUid" | "studyInstanceUid" | "seriesInstanceUid">
>;

/** An object that was not stored; `message` holds no patient data. */
export function failedOutcome(
  status: number,
  message: string,
  identity: KnownIdentity = {},
): StoreOutcome {
  return {
    sopClassUid: identity.sopClassUid,
    sopInstanceUid: identity.sopInstanceUid,
    studyInstanceUid: identity.studyInstanceUid,
    seriesInstanceUid: identity.seriesInstanceUid,
    kind: "failed",
    status,
    message,
  };
}
