import { DimseError } from "../../dimse/dimse-error.ts";
import { ObjectStoreError } from "../../object-store/object-store.ts";
import { SourceError } from "../source.ts";
import type { Refusal } from "./retrieve-job.ts";

/** How a retrieve ended; the numbers are those of the PACS. */
export interface FetchOutcome {
  readonly status: number;
  readonly completed: number;
  readonly failed: number;
}

const MESSAGES: Readonly<Record<Exclude<Refusal, "disk-full" | "io">, string>> = {
  unreadable: "The PACS sent an object whose study, series and instance cannot be read from it",
  "cut-off": "The PACS sent an object that breaks off in the middle of a value",
  "other-instance": "The PACS sent another object than its command said",
  "other-series":
    "The PACS sent an object that belongs to another study or series than it was asked for",
};

/** Why an instance did not come with a retrieve that did not fail as a whole. */
export function shortfall(outcome: FetchOutcome | undefined, refusal: Refusal | undefined): Error {
  if (refusal === "disk-full" || refusal === "io")
    return new ObjectStoreError(refusal, "The object could not be kept");
  if (refusal !== undefined) return new DimseError("protocol-violation", MESSAGES[refusal]);
  const { status = 0, completed = 0, failed = 0 } = outcome ?? {};
  if (status === 0 && completed + failed === 0)
    return new SourceError("not-found", "The PACS lists this object, and sends nothing for it");
  return new DimseError("failed-status", "The PACS could not send this object", { status });
}
