import type { Association, DataSetSink, MessageReceiver, OutgoingMessage } from "./association.ts";
import type { CommandSet } from "./command-set.ts";
import { DimseError } from "./dimse-error.ts";

/** An association that is used again and again; each use sees it through a `Use` of its own. */
export class PooledAssociation {
  readonly association: Association;
  #current: Use | undefined;

  /** `closed` is called once, when it is over for whatever reason. */
  constructor(association: Association, closed: () => void) {
    this.association = association;
    association.receive({
      message: (contextId, command) => this.#message(contextId, command),
      closed: (error) => {
        this.#current?.closed(error);
        closed();
      },
    });
  }

  use(): Use {
    this.#current = new Use(this.association);
    return this.#current;
  }

  #message(contextId: number, command: CommandSet): DataSetSink | undefined {
    if (this.#current === undefined)
      throw new DimseError("protocol-violation", "A message came that nobody had asked for");
    return this.#current.message(contextId, command);
  }
}

/** One use of a pooled association, which tells whether anything came of it. */
export class Use implements Association, MessageReceiver {
  readonly #association: Association;
  #receiver: MessageReceiver | undefined;
  #end: { readonly error: DimseError | undefined } | undefined;
  #hasHeard = false;
  #hasStreamed = false;

  constructor(association: Association) {
    this.#association = association;
  }

  /** Whether the same can be done once more on another association: nothing came, and no stream was used up. */
  get isRepeatable(): boolean {
    return !(this.#hasHeard || this.#hasStreamed);
  }

  get id() {
    return this.#association.id;
  }

  get callingAeTitle() {
    return this.#association.callingAeTitle;
  }

  get calledAeTitle() {
    return this.#association.calledAeTitle;
  }

  get contexts() {
    return this.#association.contexts;
  }

  get refused() {
    return this.#association.refused;
  }

  get peer() {
    return this.#association.peer;
  }

  get isOpen() {
    return this.#association.isOpen;
  }

  receive(receiver: MessageReceiver): void {
    this.#receiver = receiver;
    if (this.#end !== undefined) receiver.closed(this.#end.error);
  }

  nextMessageId(): number {
    return this.#association.nextMessageId();
  }

  send(message: OutgoingMessage): Promise<void> {
    if (message.dataSet !== undefined && !(message.dataSet instanceof Uint8Array))
      this.#hasStreamed = true;
    return this.#association.send(message);
  }

  heard(): void {
    this.#association.heard();
  }

  release(): Promise<void> {
    return this.#association.release();
  }

  abort(error?: DimseError): void {
    this.#association.abort(error);
  }

  message(contextId: number, command: CommandSet): DataSetSink | undefined {
    this.#hasHeard = true;
    if (this.#receiver === undefined)
      throw new DimseError("protocol-violation", "A message came that nobody had asked for");
    return this.#receiver.message(contextId, command);
  }

  closed(error: DimseError | undefined): void {
    this.#end = { error };
    this.#receiver?.closed(error);
  }
}
