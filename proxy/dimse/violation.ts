import { DimseError } from "./dimse-error.ts";
import { ABORT_REASONS, ABORT_SOURCES } from "./pdu.ts";

/**
 * What a peer sent that it may not send. The facts carry source and reason of the A-ABORT that answers it (PS3.8
 * table 9-26).
 */
export function violation(reason: keyof typeof ABORT_REASONS, message: string): DimseError {
  return new DimseError("protocol-violation", message, {
    source: ABORT_SOURCES.serviceProvider,
    reason: ABORT_REASONS[reason],
  });
}

/** More than is taken of a peer, answered like a violation. */
export function excess(message: string): DimseError {
  return new DimseError("limit-exceeded", message, {
    source: ABORT_SOURCES.serviceProvider,
    reason: ABORT_REASONS.invalidParameter,
  });
}
