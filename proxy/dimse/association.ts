import type { CommandSet } from "./command-set.ts";
import type { DimseError } from "./dimse-error.ts";
import type { AcceptedContext, RefusedContext } from "./presentation-context.ts";

/** Where the bytes of a data set go as they arrive. */
export interface DataSetSink {
  /**
   * Takes bytes that stay valid and are never changed afterwards. A promise holds back the connection until it
   * settles; when it rejects the association is aborted.
   */
  write(chunk: Uint8Array): void | Promise<void>;
  /** The data set is complete. */
  end(): void | Promise<void>;
  /** The association ended before the data set did. */
  abort(error: DimseError): void;
}

/** Who is told what arrives on an association. */
export interface MessageReceiver {
  /**
   * A command set has arrived; gives where its data set goes, which must be given when `command.hasDataSet`.
   * What it throws aborts the association.
   */
  message(contextId: number, command: CommandSet): DataSetSink | undefined;
  /** The association is over; without an error it was released. Called once, last. */
  closed(error: DimseError | undefined): void;
}

/** A message to be sent. */
export interface OutgoingMessage {
  readonly contextId: number;
  /** `hasDataSet` tells whether `dataSet` follows. */
  readonly command: CommandSet;
  /** Bytes in the transfer syntax of the context; read as the connection takes them. */
  readonly dataSet?: Uint8Array | AsyncIterable<Uint8Array>;
}

/** What the peer said of itself when the association was made. */
export interface PeerUserInformation {
  /** Bytes of a PDU's variable field that it takes; 0 for no limit. */
  readonly maximumPduLength: number;
  readonly implementationClassUid?: string;
  readonly implementationVersionName?: string;
  /** Operations that may be outstanding: invoked by the requestor, performed by the requestor; 0 for no limit (PS3.7 D.3.3.3). */
  readonly asynchronousOperations: { readonly invoked: number; readonly performed: number };
  /** Service class application information by SOP class (PS3.7 D.3.3.5). */
  readonly extendedNegotiations: ReadonlyMap<string, Uint8Array>;
}

/**
 * An established association, on either side. It keeps its own time: when a request is unanswered, or a write is not
 * taken, and nothing moves for the silence timeout, it aborts and ends with `silent`.
 */
export interface Association {
  /** Counts from 1 in this process; names it in traces. */
  readonly id: number;
  readonly callingAeTitle: string;
  readonly calledAeTitle: string;
  readonly contexts: readonly AcceptedContext[];
  readonly refused: readonly RefusedContext[];
  readonly peer: PeerUserInformation;
  readonly isOpen: boolean;
  /** Who hears what arrives; messages that came before wait for it. One at a time. */
  receive(receiver: MessageReceiver): void;
  /** 1 to 65535, not one in use. */
  nextMessageId(): number;
  /**
   * Settles when the message was handed to the connection, as fast as it takes it. Messages do not mix.
   * @throws DimseError of the association's end
   */
  send(message: OutgoingMessage): Promise<void>;
  /**
   * The peer was heard elsewhere: it stores here what was asked for by C-MOVE, and need not say anything on this
   * association meanwhile. Silence counts anew. Cheap enough for every chunk.
   */
  heard(): void;
  /** A-RELEASE; aborts when it is not answered. Never rejects. */
  release(): Promise<void>;
  /** A-ABORT of the service user; its receiver hears `cancelled`, or the error given. */
  abort(error?: DimseError): void;
}
