import type { OutgoingMessage } from "./association.ts";
import { isResponse } from "./command-names.ts";
import { COMMAND_FIELDS, type CommandSet } from "./command-set.ts";
import { writeCommandSet } from "./command-set-codec.ts";
import { DimseError } from "./dimse-error.ts";
import { Fragmenter } from "./fragmenter.ts";
import { excess } from "./violation.ts";

/** Bytes up to which a message is copied together into one buffer rather than written as several. */
const SMALL_MESSAGE = 16_384;
/** Bytes of a data set up to which a message is written at once: they are in memory already. */
const LARGE_MESSAGE = 1_048_576;
/** Bytes that are written before the connection is asked whether it takes more. */
const BATCH = 262_144;
/** Messages that wait for others; a peer that asks on and reads no answer does not fill our memory. */
const MOST_WAITING = 1024;
const DONE = Promise.resolve();

/** What messages are written to. */
export interface OutgoingMessagesOwner {
  /** PDU length that the peer takes; 0 for no limit. */
  readonly maximumPduLength: number;
  /** Whether more may be written at once. */
  write(pdus: readonly Uint8Array[]): boolean;
  sendingBegins(command: CommandSet): void;
  /** A message was handed over. */
  messageSent(message: OutgoingMessage, dataSetBytes: number): void;
  /** Writing waits, for the connection or for what is to be written, or does so no more. */
  waitChanged(): void;
  /** The message cannot be completed. */
  failed(error: DimseError): void;
}

interface Waiting {
  readonly message: OutgoingMessage;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Sends messages one after another, each in as few writes as it takes. */
export class OutgoingMessages {
  readonly #owner: OutgoingMessagesOwner;
  readonly #queue: Waiting[] = [];
  #current: Waiting | undefined;
  #whenDrained: (() => void) | undefined;
  #error: DimseError | undefined;

  constructor(owner: OutgoingMessagesOwner) {
    this.#owner = owner;
  }

  /** Whether the peer does not take what is written. */
  get isBlocked(): boolean {
    return this.#whenDrained !== undefined;
  }

  /** Whether a message is on its way or waits for it. */
  get isSending(): boolean {
    return this.#current !== undefined || this.#queue.length > 0;
  }

  /** @throws DimseError of the association's end; that of the data set, when it cannot be read */
  send(message: OutgoingMessage): Promise<void> {
    if (this.#error !== undefined) return Promise.reject(this.#error);
    if (!this.isSending && this.#sendAtOnce(message)) return DONE;
    if (this.#queue.length >= MOST_WAITING && isResponse(message.command.commandField)) {
      this.#owner.failed(excess("The peer asks more than it lets us answer."));
      return this.send(message);
    }
    return new Promise((resolve, reject) => {
      this.#enqueue({ message, resolve, reject });
      this.#sendNext();
    });
  }

  /** What was written has been taken. */
  drained(): void {
    const whenDrained = this.#whenDrained;
    this.#whenDrained = undefined;
    whenDrained?.();
  }

  /** Nothing can be sent any more. */
  end(error: DimseError): void {
    this.#error = error;
    this.#current?.reject(error);
    for (const { reject } of this.#queue.splice(0)) reject(error);
    this.drained();
  }

  /** Responses and C-CANCEL go before requests that wait, but not before the request that they belong to. */
  #enqueue(waiting: Waiting): void {
    const { command } = waiting.message;
    const isFirst = isResponse(command.commandField) || isCancel(command);
    const at = isFirst ? this.#queue.findIndex((other) => mayWaitFor(other, command)) : -1;
    if (at < 0) this.#queue.push(waiting);
    else this.#queue.splice(at, 0, waiting);
  }

  /** The usual case, without a promise for each step; false when the message is to wait. */
  #sendAtOnce(message: OutgoingMessage): boolean {
    const { command, dataSet } = message;
    if (command.hasDataSet && !(dataSet instanceof Uint8Array)) return false;
    if (dataSet instanceof Uint8Array && dataSet.byteLength > LARGE_MESSAGE) return false;
    const pdus = this.#commandPdus(message);
    if (dataSet instanceof Uint8Array) {
      const fragmenter = this.#fragmenter(message, false);
      fragmenter.add(dataSet, pdus);
      fragmenter.finish(pdus);
    }
    this.#owner.sendingBegins(command);
    const isTaken = this.#owner.write(joined(pdus));
    this.#owner.messageSent(message, dataSet instanceof Uint8Array ? dataSet.byteLength : 0);
    return isTaken || this.#holdUntilDrained();
  }

  /** Lets the next message wait until this one has been taken. */
  #holdUntilDrained(): true {
    const waiting: Waiting = { message: NOTHING, resolve: () => {}, reject: () => {} };
    this.#current = waiting;
    this.#wait(() => {
      if (this.#current === waiting) this.#current = undefined;
      this.#sendNext();
    });
    return true;
  }

  #sendNext(): void {
    if (this.#current !== undefined) return;
    const next = this.#queue.shift();
    this.#current = next;
    if (next === undefined) {
      this.#owner.waitChanged();
      return;
    }
    this.#sendInSteps(next.message).then(
      () => this.#ends(next, next.resolve),
      (error: unknown) => this.#ends(next, () => next.reject(error)),
    );
  }

  #ends(waiting: Waiting, settle: () => void): void {
    settle();
    if (this.#current !== waiting) return;
    this.#current = undefined;
    this.#sendNext();
  }

  async #sendInSteps(message: OutgoingMessage): Promise<void> {
    const pdus: Uint8Array[] = [];
    const fragmenter = this.#fragmenter(message, false);
    let hasBegun = false;
    let byteLength = 0;
    try {
      for await (const chunk of chunksOf(message)) {
        if (this.#error !== undefined) throw this.#error;
        if (!hasBegun) pdus.push(...this.#begin(message));
        hasBegun = true;
        byteLength += chunk.byteLength;
        fragmenter.add(chunk, pdus);
        await this.#flush(pdus.splice(0));
      }
    } catch (error) {
      throw this.#unreadable(error, hasBegun);
    }
    if (this.#error !== undefined) throw this.#error;
    if (!hasBegun) pdus.push(...this.#begin(message));
    if (message.command.hasDataSet) fragmenter.finish(pdus);
    await this.#flush(pdus);
    if (this.#error !== undefined) throw this.#error;
    this.#owner.messageSent(message, byteLength);
  }

  #begin(message: OutgoingMessage): readonly Uint8Array[] {
    this.#owner.sendingBegins(message.command);
    return this.#commandPdus(message);
  }

  async #flush(pdus: readonly Uint8Array[]): Promise<void> {
    if (pdus.length === 0 || this.#owner.write(joined(pdus))) return;
    await new Promise<void>((resolve) => {
      this.#wait(resolve);
    });
    this.#owner.waitChanged();
  }

  #wait(whenDrained: () => void): void {
    this.#whenDrained = whenDrained;
    this.#owner.waitChanged();
  }

  /** The data set could not be read: half a message is on the way, unless nothing of it was written. */
  #unreadable(error: unknown, hasBegun: boolean): unknown {
    if (this.#error !== undefined) return this.#error;
    const reason =
      error instanceof DimseError
        ? error
        : new DimseError("cancelled", "The data set to be sent could not be read.", {
            cause: error,
          });
    if (hasBegun) this.#owner.failed(reason);
    return reason;
  }

  #commandPdus(message: OutgoingMessage): Uint8Array[] {
    const pdus: Uint8Array[] = [];
    const fragmenter = this.#fragmenter(message, true);
    fragmenter.add(writeCommandSet(message.command), pdus);
    fragmenter.finish(pdus);
    return pdus;
  }

  #fragmenter({ contextId }: OutgoingMessage, isCommand: boolean): Fragmenter {
    return new Fragmenter(contextId, isCommand, this.#owner.maximumPduLength);
  }
}

/** Stands for a message that was handed over and waits to be taken. */
const NOTHING: OutgoingMessage = { contextId: 0, command: { commandField: 0, hasDataSet: false } };

function isCancel({ commandField }: CommandSet): boolean {
  return commandField === COMMAND_FIELDS.cCancel;
}

/** Whether a waiting message may go behind one that is urgent. */
function mayWaitFor({ message }: Waiting, urgent: CommandSet): boolean {
  const { commandField, messageId } = message.command;
  if (isResponse(commandField) || isCancel(message.command)) return false;
  return !isCancel(urgent) || messageId !== urgent.messageIdBeingRespondedTo;
}

/** The data set in pieces of a batch at most. */
async function* chunksOf({ command, dataSet }: OutgoingMessage): AsyncGenerator<Uint8Array> {
  if (!command.hasDataSet || dataSet === undefined) return;
  if (!(dataSet instanceof Uint8Array)) {
    for await (const chunk of dataSet) yield* batchesOf(chunk);
  } else yield* batchesOf(dataSet);
}

function* batchesOf(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.byteLength; at += BATCH) yield bytes.subarray(at, at + BATCH);
}

/** Small ones as one buffer, so that they are one segment also where writes are not gathered. */
function joined(pdus: readonly Uint8Array[]): readonly Uint8Array[] {
  const length = pdus.reduce((sum, part) => sum + part.byteLength, 0);
  return length <= SMALL_MESSAGE ? [Buffer.concat(pdus, length)] : pdus;
}
