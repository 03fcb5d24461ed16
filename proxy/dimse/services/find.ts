import type { DataSet } from "#core/dicom/data-set.ts";
import type { Association } from "../association.ts";
import { DimseError } from "../dimse-error.ts";
import type { QueryModel } from "./query-model.ts";

/** A match of a C-FIND. */
export interface FindMatch {
  /** Text is decoded by its Specific Character Set, or by the fallback where it has none. */
  readonly dataSet: DataSet;
  /** FF01H: an optional key was not supported for matching; still a match (PS3.4 C.4.1.1.4). */
  readonly isOptionalKeyUnsupported: boolean;
}

export interface FindRequest {
  readonly model: QueryModel;
  /** Keys, with Query/Retrieve Level; text is encoded in the Specific Character Set that it declares. */
  readonly identifier: DataSet;
  /** Specific Character Set of answers that declare none. */
  readonly fallbackCharacterSet: readonly string[];
}

/**
 * The matches as they come. Leaving the loop, or an abort of the signal, sends C-CANCEL and reads on until the peer
 * has ended the operation (for a short while, then the association is aborted).
 * @throws DimseError `no-context`, `failed-status`, `cancelled`, and those of the association's end
 */
// biome-ignore lint/correctness/useYield: replaced by the service
export async function* find(
  _association: Association,
  _request: FindRequest,
  _signal: AbortSignal,
): AsyncGenerator<FindMatch> {
  throw new DimseError("closed", "C-FIND is not there yet");
}
