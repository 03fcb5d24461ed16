import type { DimseError } from "./dimse-error.ts";
import type { AssociateAcceptPdu, AssociateRejectPdu, AssociateRequestPdu } from "./pdu.ts";

/** Who uses the upper layer: indications and confirmations (PS3.8 section 7). */
export interface UpperLayerUser {
  /** A-ASSOCIATE indication. */
  requested(pdu: AssociateRequestPdu): void;
  /** A-ASSOCIATE confirmation. */
  answered(pdu: AssociateAcceptPdu | AssociateRejectPdu): void;
  /** P-DATA indication, as `PduHandler.fragment`. */
  data(
    contextId: number,
    isCommand: boolean,
    bytes: Uint8Array,
    isEnd: boolean,
  ): void | Promise<void>;
  /** A-RELEASE indication; answered by `answerRelease`. */
  releaseRequested(): void;
  /** A-RELEASE confirmation. */
  released(): void;
  /** A-ABORT or A-P-ABORT indication, and whatever else ends it from below; once. */
  ended(error: DimseError): void;
  /** Bytes came. */
  moved(): void;
  /** The peer is held back by what `data` gave, or no more. */
  held(isHeld: boolean): void;
  /** What `data` gave was rejected. */
  dataRefused(error: unknown): void;
  /** What was written has been taken. */
  drained(): void;
  /** The transport connection is closed. */
  closed(): void;
}
