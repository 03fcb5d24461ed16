import type { Association, DataSetSink, MessageReceiver, OutgoingMessage } from "../association.ts";
import { DimseError } from "../dimse-error.ts";
import type { AcceptedContext } from "../presentation-context.ts";

/** Two ends of one association in memory: what one sends the other receives, without PDUs and sockets. */
export interface PairedAssociations {
  readonly requestor: Association;
  readonly acceptor: Association;
}

let count = 0;

/** A pair with the contexts; data sets go over in chunks of `chunkBytes`. */
export function pairAssociations(
  contexts: readonly AcceptedContext[],
  { chunkBytes = 1000 }: { readonly chunkBytes?: number } = {},
): PairedAssociations {
  const requestor = new PairedAssociation(contexts, chunkBytes);
  const acceptor = new PairedAssociation(contexts, chunkBytes);
  requestor.other = acceptor;
  acceptor.other = requestor;
  return { requestor, acceptor };
}

class PairedAssociation implements Association {
  readonly id: number;
  readonly callingAeTitle = "NEGATO";
  readonly calledAeTitle = "PACS";
  readonly contexts: readonly AcceptedContext[];
  readonly refused = [];
  readonly peer = {
    maximumPduLength: 0,
    asynchronousOperations: { invoked: 1, performed: 1 },
    extendedNegotiations: new Map<string, Uint8Array>(),
  };
  isOpen = true;
  other: PairedAssociation | undefined;
  readonly #chunkBytes: number;
  #messageId = 0;
  #receiver: MessageReceiver | undefined;
  #sink: DataSetSink | undefined;
  /** What was sent, one after another. */
  #sending: Promise<unknown> = Promise.resolve();
  #whenReceiving: () => void = () => undefined;
  readonly #isReceiving = new Promise<void>((resolve) => {
    this.#whenReceiving = resolve;
  });

  constructor(contexts: readonly AcceptedContext[], chunkBytes: number) {
    count++;
    this.id = count;
    this.contexts = contexts;
    this.#chunkBytes = chunkBytes;
  }

  receive(receiver: MessageReceiver): void {
    this.#receiver = receiver;
    this.#whenReceiving();
  }

  nextMessageId(): number {
    this.#messageId++;
    return this.#messageId;
  }

  heard(): void {}

  send(message: OutgoingMessage): Promise<void> {
    const sent = this.#sending.then(() => this.other?.deliver(message));
    this.#sending = sent.catch(() => undefined);
    return sent;
  }

  async release(): Promise<void> {
    await this.#sending;
    this.finish(undefined);
    this.other?.finish(undefined);
  }

  abort(error = new DimseError("cancelled", "The association was aborted here")): void {
    this.finish(error);
    this.other?.finish(
      new DimseError("aborted", "The peer aborted the association", { source: 0 }),
    );
  }

  async deliver({ contextId, command, dataSet }: OutgoingMessage): Promise<void> {
    await this.#isReceiving;
    if (!this.isOpen) throw new DimseError("aborted", "The association is over");
    try {
      this.#sink = this.#receiver?.message(contextId, command);
      if (dataSet === undefined) return;
      const chunks = dataSet instanceof Uint8Array ? [dataSet] : dataSet;
      for await (const bytes of chunks)
        for (let at = 0; at < bytes.byteLength && this.isOpen; at += this.#chunkBytes)
          await this.#sink?.write(bytes.subarray(at, at + this.#chunkBytes));
      const sink = this.#sink;
      if (!this.isOpen) return;
      this.#sink = undefined;
      await sink?.end();
    } catch (error) {
      this.abort(
        error instanceof DimseError
          ? error
          : new DimseError("cancelled", "A receiver failed", { cause: error }),
      );
    }
  }

  finish(error: DimseError | undefined): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    if (error !== undefined) this.#sink?.abort(error);
    void this.#isReceiving.then(() => this.#receiver?.closed(error));
  }
}
