import { DimseError } from "../dimse/dimse-error.ts";
import { SourceError } from "../sources/source.ts";

/** Which PACS an error is about, in words that its team can use. */
export interface PacsIdentity {
  /** Name of the source. */
  readonly name: string;
  readonly aeTitle: string;
  readonly host: string;
  readonly port: number;
  readonly callingAeTitle: string;
}

/** What was being done, for sentences. */
export type PacsTask = "search" | "retrieve" | "store" | "worklist" | "commitment" | "echo";

/**
 * The error for HTTP of what went wrong with a PACS or with the store of received objects. What is neither (a
 * `SourceError`, an abort) is given back as it is, so that it can be thrown again.
 */
export function sourceErrorOf(error: unknown, pacs: PacsIdentity, _task?: PacsTask): unknown {
  if (!(error instanceof DimseError)) return error;
  return new SourceError("upstream-failure", error.message, error, {
    pacs: pacs.name,
    dimse: { code: error.code },
  });
}
