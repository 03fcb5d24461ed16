import type { AssociationEvent, AssociationObserver } from "./association-event.ts";
import { commandName } from "./command-names.ts";
import type { CommandSet } from "./command-set.ts";
import type { DimseError } from "./dimse-error.ts";
import type { AcceptedContext } from "./presentation-context.ts";

let associations = 0;

/** Bytes on the connection so far. */
export interface Traffic {
  readonly bytesSent: number;
  readonly bytesReceived: number;
}

/** Who an association is between, for observers. */
export interface ObservedPeers {
  readonly remote: string;
  readonly callingAeTitle: string;
  readonly calledAeTitle: string;
}

/** Tells an observer what happens on one association. */
export class AssociationReporter {
  /** Counts from 1 in this process. */
  readonly association: number;
  readonly #peers: ObservedPeers;
  readonly #observe: AssociationObserver | undefined;
  #isEnded = false;

  constructor(
    peers: ObservedPeers,
    observe: AssociationObserver | undefined,
    association?: number,
  ) {
    associations += association === undefined ? 1 : 0;
    this.association = association ?? associations;
    this.#peers = peers;
    this.#observe = observe;
  }

  /** The same association, now that its AE titles are known. */
  named(callingAeTitle: string, calledAeTitle: string): AssociationReporter {
    const { remote } = this.#peers;
    return new AssociationReporter(
      { remote, callingAeTitle, calledAeTitle },
      this.#observe,
      this.association,
    );
  }

  event(event: AssociationEvent): void {
    this.#observe?.({
      time: Date.now(),
      association: this.association,
      ...this.#peers,
      event,
    });
  }

  message(
    direction: "sent" | "received",
    command: CommandSet,
    context: AcceptedContext | undefined,
    dataSetBytes: number,
  ): void {
    if (this.#observe === undefined) return;
    const { status } = command;
    const sopClassUid = command.affectedSopClassUid ?? command.requestedSopClassUid;
    const transferSyntaxUid = command.hasDataSet ? context?.transferSyntaxUid : undefined;
    this.event({
      kind: "message",
      direction,
      command: commandName(command),
      messageId: command.messageId ?? command.messageIdBeingRespondedTo ?? 0,
      ...(status === undefined ? {} : { status }),
      ...(sopClassUid === undefined ? {} : { sopClassUid }),
      ...(transferSyntaxUid === undefined ? {} : { transferSyntaxUid }),
      dataSetBytes,
    });
  }

  /** Once; later calls say nothing. */
  ended(
    how: "released" | "aborted" | "failed",
    error: DimseError | undefined,
    traffic: Traffic,
  ): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.event({
      kind: "ended",
      how,
      ...(error === undefined ? {} : { code: error.code }),
      bytesSent: traffic.bytesSent,
      bytesReceived: traffic.bytesReceived,
    });
  }
}
