import type { Association } from "../association.ts";
import { DimseError } from "../dimse-error.ts";

/** C-ECHO. @throws DimseError `no-context`, `failed-status`, `cancelled`, and those of the association's end */
export function echo(_association: Association, _signal: AbortSignal): Promise<void> {
  return Promise.reject(new DimseError("closed", "C-ECHO is not there yet"));
}
