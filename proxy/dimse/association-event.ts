import type { DimseErrorCode } from "./dimse-error.ts";

/** What happened on an association, without patient data: for traces, metrics and logs. */
export type AssociationEvent =
  | {
      readonly kind: "requested";
      readonly contexts: number;
    }
  | {
      readonly kind: "accepted";
      readonly acceptedContexts: number;
      readonly refusedContexts: number;
      readonly maximumPduLength: number;
      readonly implementation: string;
      readonly tls?: string;
    }
  | {
      /** A message was sent or has arrived, with its data set where it has one. */
      readonly kind: "message";
      readonly direction: "sent" | "received";
      /** `C-FIND-RSP` and so on. */
      readonly command: string;
      readonly messageId: number;
      readonly status?: number;
      readonly sopClassUid?: string;
      readonly transferSyntaxUid?: string;
      readonly dataSetBytes: number;
    }
  | {
      readonly kind: "ended";
      readonly how: "released" | "aborted" | "failed";
      readonly code?: DimseErrorCode;
      readonly bytesSent: number;
      readonly bytesReceived: number;
    };

/** An event with the association that it belongs to. */
export interface ObservedEvent {
  /** Milliseconds since 1970. */
  readonly time: number;
  /** `RemoteAe.name`, or `listener` for associations that others request of us. */
  readonly remote: string;
  readonly association: number;
  readonly callingAeTitle: string;
  readonly calledAeTitle: string;
  readonly event: AssociationEvent;
}

/** Hears of all that happens on associations; must neither throw nor take long. */
export type AssociationObserver = (event: ObservedEvent) => void;
