import type { Association } from "../association.ts";
import { DimseError } from "../dimse-error.ts";

/** An object to be sent by C-STORE. */
export interface OutgoingObject {
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  /** The bytes are in this syntax; a context with it must have been accepted. */
  readonly transferSyntaxUid: string;
  /** Data set without preamble and meta group. */
  readonly dataSet: AsyncIterable<Uint8Array>;
}

/** The answer to a C-STORE, whatever it says. */
export interface StoreAnswer {
  /** Status (0000,0900): 0000H, a warning Bxxx, or a failure. */
  readonly status: number;
  readonly comment?: string;
}

/** C-STORE. @throws DimseError `no-context`, `cancelled`, and those of the association's end */
export function store(
  _association: Association,
  _object: OutgoingObject,
  _signal: AbortSignal,
): Promise<StoreAnswer> {
  return Promise.reject(new DimseError("closed", "C-STORE is not there yet"));
}
