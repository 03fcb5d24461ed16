import type { DataSetSink, MessageReceiver } from "./association.ts";
import type { CommandSet } from "./command-set.ts";
import { MOST_COMMAND_BYTES, readCommandSet } from "./command-set-codec.ts";
import type { DimseError } from "./dimse-error.ts";
import { GrowingBytes } from "./growing-bytes.ts";
import { excess, violation } from "./violation.ts";

/** Who is told of messages as they come. */
export interface IncomingMessagesOwner {
  isAccepted(contextId: number): boolean;
  /** A command set is complete; its data set, where it has one, follows. */
  commandArrived(command: CommandSet): void;
  /** A message is complete. */
  messageArrived(contextId: number, command: CommandSet, dataSetBytes: number): void;
  /** The receiver or a sink threw. */
  failed(error: unknown): void;
}

interface IncomingDataSet {
  readonly contextId: number;
  readonly command: CommandSet;
  readonly sink: DataSetSink;
  byteLength: number;
}

/** Puts messages together from fragments: command sets whole, data sets as they come. */
export class IncomingMessages {
  readonly #owner: IncomingMessagesOwner;
  readonly #commandBytes = new GrowingBytes();
  #commandContext: number | undefined;
  #dataSet: IncomingDataSet | undefined;
  #receiver: MessageReceiver | undefined;
  #whenReceived: (() => void) | undefined;
  #end: { readonly error: DimseError | undefined } | undefined;

  constructor(owner: IncomingMessagesOwner) {
    this.#owner = owner;
  }

  /** Whether a message has begun and is not complete. */
  get isReceiving(): boolean {
    return this.#commandContext !== undefined || this.#dataSet !== undefined;
  }

  receive(receiver: MessageReceiver): void {
    const end = this.#end;
    if (end !== undefined) {
      queueMicrotask(() => receiver.closed(end.error));
      return;
    }
    this.#receiver = receiver;
    const whenReceived = this.#whenReceived;
    this.#whenReceived = undefined;
    whenReceived?.();
  }

  /** @throws DimseError `protocol-violation`, `limit-exceeded` */
  fragment(
    contextId: number,
    isCommand: boolean,
    bytes: Uint8Array,
    isEnd: boolean,
  ): void | Promise<void> {
    return isCommand ? this.#command(contextId, bytes, isEnd) : this.#data(contextId, bytes, isEnd);
  }

  /** The association is over: whoever receives is told. */
  end(error: DimseError | undefined, lost: DimseError): void {
    this.#end = { error };
    const sink = this.#dataSet?.sink;
    this.#dataSet = undefined;
    sink?.abort(error ?? lost);
    this.#whenReceived?.();
    this.#receiver?.closed(error);
  }

  #command(contextId: number, bytes: Uint8Array, isEnd: boolean): void | Promise<void> {
    if (this.#dataSet !== undefined) {
      throw violation("unexpectedParameter", "A command set came inside of a data set.");
    }
    if (this.#commandContext === undefined && !this.#owner.isAccepted(contextId)) {
      throw violation("invalidParameter", "A message came on a context that was not accepted.");
    }
    if ((this.#commandContext ?? contextId) !== contextId) {
      throw violation("unexpectedParameter", "A command set came on two contexts.");
    }
    if (this.#commandBytes.length + bytes.byteLength > MOST_COMMAND_BYTES) {
      throw excess("A command set is longer than is taken.");
    }
    this.#commandContext = contextId;
    this.#commandBytes.add(bytes);
    if (!isEnd) return undefined;
    const command = readCommandSet(this.#commandBytes.take());
    this.#owner.commandArrived(command);
    return this.#deliver(contextId, command);
  }

  #deliver(contextId: number, command: CommandSet): void | Promise<void> {
    if (this.#end !== undefined) return undefined;
    const receiver = this.#receiver;
    if (receiver === undefined) {
      return new Promise<void>((resolve) => {
        this.#whenReceived = resolve;
      }).then(() => this.#deliver(contextId, command));
    }
    this.#commandContext = undefined;
    let sink: DataSetSink | undefined;
    try {
      sink = receiver.message(contextId, command);
    } catch (error) {
      return this.#owner.failed(error);
    }
    if (!command.hasDataSet) return this.#owner.messageArrived(contextId, command, 0);
    if (this.#end !== undefined) return undefined;
    if (sink === undefined)
      throw violation("notSpecified", "Nothing takes the data set that came.");
    this.#dataSet = { contextId, command, sink, byteLength: 0 };
    return undefined;
  }

  #data(contextId: number, bytes: Uint8Array, isEnd: boolean): void | Promise<void> {
    const dataSet = this.#dataSet;
    if (dataSet === undefined) {
      throw violation("unexpectedParameter", "A data set came before its command set.");
    }
    if (dataSet.contextId !== contextId) {
      throw violation(
        "unexpectedParameter",
        "A data set came on another context than its command.",
      );
    }
    dataSet.byteLength += bytes.byteLength;
    try {
      const written = bytes.byteLength === 0 ? undefined : dataSet.sink.write(bytes);
      if (!isEnd) return written;
      return written === undefined
        ? this.#complete(dataSet)
        : written.then(() => this.#complete(dataSet));
    } catch (error) {
      return this.#owner.failed(error);
    }
  }

  #complete(dataSet: IncomingDataSet): void | Promise<void> {
    if (this.#dataSet !== dataSet) return undefined;
    this.#dataSet = undefined;
    const { contextId, command, sink, byteLength } = dataSet;
    this.#owner.messageArrived(contextId, command, byteLength);
    return sink.end();
  }
}
