import type { Association, DataSetSink, MessageReceiver, OutgoingMessage } from "../association.ts";
import { COMMAND_FIELDS, type CommandSet, RESPONSE } from "../command-set.ts";
import { DimseError } from "../dimse-error.ts";

/** How long a peer has to confirm C-CANCEL before the association is aborted; milliseconds. */
export const CANCEL_GRACE_MS = 1500;

/** An operation that we invoke. */
export interface OperationOptions<Result> {
  readonly association: Association;
  /** The request, with its message ID. */
  readonly message: OutgoingMessage & { readonly command: { readonly messageId: number } };
  /** Name in error messages: `C-FIND`. */
  readonly name: string;
  /** A response to the request; gives where its data set goes, and settles the operation when it is the final one. */
  readonly response: (
    command: CommandSet,
    operation: Operation<Result>,
    contextId: number,
  ) => DataSetSink | undefined;
  /** A request of the peer while the operation goes on. */
  readonly request?: (contextId: number, command: CommandSet) => DataSetSink | undefined;
}

/** An operation on an association, from its request to its final response. */
export class Operation<Result> implements MessageReceiver {
  /** Settles with the final response, or with the end of the association. */
  readonly outcome: Promise<Result>;
  readonly #options: OperationOptions<Result>;
  #resolve: (result: Result) => void = () => undefined;
  #reject: (error: unknown) => void = () => undefined;
  #isOver = false;
  #grace: NodeJS.Timeout | undefined;

  /** Sends the request. */
  constructor(options: OperationOptions<Result>) {
    this.#options = options;
    this.outcome = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    options.association.receive(this);
    options.association.send(options.message).catch((error: unknown) => this.#sendFailed(error));
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Whether C-CANCEL was sent. */
  get isCancelling(): boolean {
    return this.#grace !== undefined;
  }

  /** The final response was taken. */
  finish(result: Result): void {
    this.#over();
    this.#resolve(result);
  }

  /** The final response was a failure. */
  fail(error: unknown): void {
    this.#over();
    this.#reject(error);
  }

  /** C-CANCEL (PS3.7 9.3.2.3); when the peer does not end the operation soon the association is aborted. */
  cancel(): void {
    if (this.#isOver || this.#grace !== undefined) return;
    const { association, message } = this.#options;
    this.#grace = setTimeout(() => this.abort(), CANCEL_GRACE_MS);
    const command = {
      commandField: COMMAND_FIELDS.cCancel,
      hasDataSet: false,
      messageIdBeingRespondedTo: message.command.messageId,
    };
    // That the association is over is told to the receiver.
    association.send({ contextId: message.contextId, command }).catch(() => undefined);
  }

  /** A-ABORT. */
  abort(error: DimseError = cancelledError(this.#options.name)): void {
    if (this.#isOver) return;
    this.#options.association.abort(error);
    this.fail(error);
  }

  message(contextId: number, command: CommandSet): DataSetSink | undefined {
    const { message, name, request, response } = this.#options;
    if (this.#isOver) throw violation(`A message came after the final response to ${name}`);
    if ((command.commandField & RESPONSE) === 0) {
      if (request === undefined) throw violation(`A request came instead of a response to ${name}`);
      return request(contextId, command);
    }
    const isAnswer =
      command.commandField === (message.command.commandField | RESPONSE) &&
      command.messageIdBeingRespondedTo === message.command.messageId;
    if (!isAnswer) throw violation(`A response came that does not belong to ${name}`);
    if (command.status === undefined)
      throw violation(`A response to ${name} came without a status`);
    return response(command, this, contextId);
  }

  closed(error: DimseError | undefined): void {
    if (this.#isOver) return;
    const { name, association } = this.#options;
    this.fail(
      error ??
        new DimseError(
          "connection-lost",
          `${association.calledAeTitle} released the association before it answered ${name}`,
        ),
    );
  }

  #over(): void {
    this.#isOver = true;
    clearTimeout(this.#grace);
  }

  /** A message that could not be sent as a whole leaves the association unusable. */
  #sendFailed(error: unknown): void {
    if (this.#isOver) return;
    this.#options.association.abort(
      error instanceof DimseError ? error : cancelledError(this.#options.name),
    );
    this.fail(error);
  }
}

/** Runs the operation to its end; an abort of the signal cancels it, or aborts the association at once. */
export async function runOperation<Result>(
  options: OperationOptions<Result>,
  signal: AbortSignal,
  onAbort: "cancel" | "abort",
): Promise<Result> {
  if (signal.aborted) throw cancelledError(options.name);
  const operation = new Operation(options);
  const stop = () => (onAbort === "cancel" ? operation.cancel() : operation.abort());
  signal.addEventListener("abort", stop, { once: true });
  try {
    return await operation.outcome;
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

export function cancelledError(name: string): DimseError {
  return new DimseError("cancelled", `${name} was cancelled`);
}

function violation(message: string): DimseError {
  return new DimseError("protocol-violation", message);
}
