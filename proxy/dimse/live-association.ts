import type {
  Association,
  MessageReceiver,
  OutgoingMessage,
  PeerUserInformation,
} from "./association.ts";
import type { AssociationReporter } from "./association-reporter.ts";
import type { CommandSet } from "./command-set.ts";
import { Deferred } from "./deferred.ts";
import { DimseError } from "./dimse-error.ts";
import { IncomingMessages } from "./incoming-messages.ts";
import { OutgoingMessages } from "./outgoing-messages.ts";
import { OutstandingOperations } from "./outstanding-operations.ts";
import type { AcceptedContext, RefusedContext } from "./presentation-context.ts";
import { SilenceTimer, type Wait } from "./silence-timer.ts";
import type { UpperLayer } from "./upper-layer.ts";
import type { UpperLayerUser } from "./upper-layer-user.ts";
import { violation } from "./violation.ts";

/** What was negotiated. */
export interface Negotiated {
  readonly callingAeTitle: string;
  readonly calledAeTitle: string;
  readonly contexts: readonly AcceptedContext[];
  readonly refused: readonly RefusedContext[];
  readonly peer: PeerUserInformation;
}

export interface AssociationTimes {
  readonly silenceTimeoutMs: number;
  /** Without it the association may be idle as long as it likes. */
  readonly idleTimeoutMs?: number;
  /** Longest duration of one message, however lively. */
  readonly messageTimeoutMs?: number;
}

/** For one message; milliseconds. */
const MESSAGE_TIMEOUT_MS = 30 * 60_000;
/** Until A-RELEASE-RP, less where the peer may be silent for less; milliseconds. */
const RELEASE_TIMEOUT_MS = 2000;

/** An association on a connection, from its acceptance to its end. */
export class LiveAssociation implements Association, UpperLayerUser {
  readonly id: number;
  readonly callingAeTitle: string;
  readonly calledAeTitle: string;
  readonly contexts: readonly AcceptedContext[];
  readonly refused: readonly RefusedContext[];
  readonly peer: PeerUserInformation;
  readonly #upper: UpperLayer;
  readonly #reporter: AssociationReporter;
  readonly #contextsById: ReadonlyMap<number, AcceptedContext>;
  readonly #incoming: IncomingMessages;
  readonly #outgoing: OutgoingMessages;
  readonly #operations = new OutstandingOperations();
  readonly #timer: SilenceTimer;
  readonly #times: AssociationTimes;
  readonly #whenClosed = new Deferred<void>();
  readonly #messageTimeoutMs: number;
  #messageBegan = 0;
  #isOpen = true;
  #isHeld = false;
  #isReleasing = false;
  #releaseTimer: NodeJS.Timeout | undefined;

  /** Takes the connection over from who negotiated. */
  constructor(
    upper: UpperLayer,
    negotiated: Negotiated,
    times: AssociationTimes,
    reporter: AssociationReporter,
  ) {
    this.id = reporter.association;
    this.callingAeTitle = negotiated.callingAeTitle;
    this.calledAeTitle = negotiated.calledAeTitle;
    this.contexts = negotiated.contexts;
    this.refused = negotiated.refused;
    this.peer = negotiated.peer;
    this.#contextsById = new Map(negotiated.contexts.map((context) => [context.id, context]));
    this.#upper = upper;
    this.#reporter = reporter;
    this.#times = times;
    this.#messageTimeoutMs = times.messageTimeoutMs ?? MESSAGE_TIMEOUT_MS;
    this.#incoming = this.#openIncoming();
    this.#outgoing = this.#openOutgoing();
    this.#timer = new SilenceTimer(
      { silence: times.silenceTimeoutMs, idle: times.idleTimeoutMs },
      (wait) => this.#expired(wait),
    );
    upper.user = this;
    this.#updateWait();
  }

  get isOpen(): boolean {
    return this.#isOpen && !this.#isReleasing;
  }

  receive(receiver: MessageReceiver): void {
    this.#incoming.receive(receiver);
  }

  nextMessageId(): number {
    return this.#operations.nextMessageId();
  }

  send(message: OutgoingMessage): Promise<void> {
    if (this.#isReleasing) return Promise.reject(closing());
    return this.#outgoing.send(message);
  }

  heard(): void {
    this.#timer.moved();
  }

  release(): Promise<void> {
    if (!this.isOpen) return this.#whenClosed.promise;
    this.#isReleasing = true;
    this.#releaseWhenSent();
    return this.#whenClosed.promise;
  }

  abort(error?: DimseError): void {
    if (!this.#isOpen) return;
    this.#end(
      "aborted",
      error ?? new DimseError("cancelled", "The association was aborted on this side."),
      () => this.#upper.abort(),
    );
  }

  requested(): void {}

  answered(): void {}

  data(
    contextId: number,
    isCommand: boolean,
    bytes: Uint8Array,
    isEnd: boolean,
  ): void | Promise<void> {
    const wasReceiving = this.#incoming.isReceiving;
    const now = performance.now();
    if (!wasReceiving) this.#messageBegan = now;
    if (now - this.#messageBegan > this.#messageTimeoutMs) {
      this.abort(new DimseError("overdue", "A message of the peer takes too long to arrive."));
      return undefined;
    }
    const held = this.#incoming.fragment(contextId, isCommand, bytes, isEnd);
    if (isEnd || !wasReceiving) this.#updateWait();
    return held;
  }

  releaseRequested(): void {
    const isUnanswered = this.#operations.isPeerDue || this.#incoming.isReceiving;
    const error =
      isUnanswered && !this.#isReleasing
        ? new DimseError(
            "connection-lost",
            "The peer released the association before it had answered.",
          )
        : undefined;
    // In a collision the confirmation ends it, as the other side's release may still be on its way.
    if (this.#upper.state === "Sta8") {
      this.#end("released", error, () => this.#upper.answerRelease());
    } else this.#upper.answerRelease();
  }

  released(): void {
    this.#end("released", undefined);
  }

  ended(error: DimseError): void {
    if (this.#isReleasing && error.code === "connection-lost") this.#end("released", undefined);
    else this.#end(error.code === "connection-lost" ? "failed" : "aborted", error);
  }

  moved(): void {
    this.#timer.moved();
  }

  held(isHeld: boolean): void {
    this.#isHeld = isHeld;
    this.#updateWait();
  }

  dataRefused(error: unknown): void {
    this.#failed(error);
  }

  drained(): void {
    this.#outgoing.drained();
  }

  closed(): void {
    this.#whenClosed.resolve(undefined);
  }

  #openIncoming(): IncomingMessages {
    return new IncomingMessages({
      isAccepted: (contextId) => this.#contextsById.has(contextId),
      commandArrived: (command) => this.#operations.received(command),
      messageArrived: (contextId, command, dataSetBytes) => {
        const context = this.#contextsById.get(contextId);
        this.#reporter.message("received", command, context, dataSetBytes);
      },
      failed: (error) => this.#failed(error),
    });
  }

  #openOutgoing(): OutgoingMessages {
    return new OutgoingMessages({
      maximumPduLength: this.peer.maximumPduLength,
      write: (pdus) => this.#upper.writeData(pdus),
      sendingBegins: (command) => this.#sendingBegins(command),
      messageSent: ({ contextId, command }, dataSetBytes) => {
        const context = this.#contextsById.get(contextId);
        this.#reporter.message("sent", command, context, dataSetBytes);
        this.#updateWait();
      },
      waitChanged: () => {
        this.#updateWait();
        this.#releaseWhenSent();
      },
      failed: (error) => this.abort(error),
    });
  }

  #sendingBegins(command: CommandSet): void {
    this.#operations.sent(command);
    // An answer is due from now on, not from when the one before was.
    this.#timer.moved();
  }

  #releaseWhenSent(): void {
    const isDue = this.#isReleasing && this.#isOpen && !this.#outgoing.isSending;
    if (!isDue || this.#releaseTimer !== undefined) return;
    const timeoutMs = Math.min(RELEASE_TIMEOUT_MS, this.#times.silenceTimeoutMs);
    this.#releaseTimer = setTimeout(() => this.abort(closing()), timeoutMs);
    this.#upper.release();
  }

  #failed(error: unknown): void {
    this.abort(
      error instanceof DimseError
        ? error
        : new DimseError("cancelled", "What came could not be taken.", { cause: error }),
    );
  }

  #updateWait(): void {
    this.#timer.set(this.#isOpen ? this.#currentWait() : "none");
  }

  #currentWait(): Wait {
    if (this.#isHeld) return "none";
    if (this.#outgoing.isBlocked) return "blocked";
    if (this.#incoming.isReceiving) return "silence";
    const { isPeerDue, isOursDue } = this.#operations;
    if (isOursDue || this.#outgoing.isSending) return "none";
    return isPeerDue ? "silence" : "idle";
  }

  #expired(wait: Exclude<Wait, "none">): void {
    const seconds = this.#times.silenceTimeoutMs / 1000;
    const messages = {
      idle: "Nothing was asked on the association for too long.",
      blocked: `The peer took nothing of what was sent for ${seconds} s.`,
      silence: `Nothing came from the peer for ${seconds} s while an answer was due.`,
    };
    this.abort(new DimseError("silent", messages[wait]));
  }

  #end(
    how: "released" | "aborted" | "failed",
    error: DimseError | undefined,
    answer?: () => void,
  ): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    clearTimeout(this.#releaseTimer);
    this.#timer.set("none");
    answer?.();
    this.#reporter.ended(how, error, this.#upper);
    this.#outgoing.end(error ?? closing());
    this.#incoming.end(error, closing());
  }
}

function closing(): DimseError {
  return new DimseError("closed", "The association was released.");
}

/** That a peer takes no data at all. */
export function unusablePduLength(): DimseError {
  return violation("invalidParameter", "The peer announces a PDU length that no data fit into.");
}
