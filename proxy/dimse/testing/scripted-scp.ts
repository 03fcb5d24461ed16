import type { Association, DataSetSink } from "../association.ts";
import { type CommandSet, RESPONSE } from "../command-set.ts";
import type { DimseError } from "../dimse-error.ts";

/** A message that came, whole. */
export interface ReceivedMessage {
  readonly contextId: number;
  readonly command: CommandSet;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** The other side of an association, which does what a test says. */
export class ScriptedScp {
  readonly received: ReceivedMessage[] = [];
  /** What the association ended with; null while it is open. */
  ended: DimseError | undefined | null = null;
  readonly #association: Association;
  readonly #react: (message: ReceivedMessage, scp: ScriptedScp) => void;

  /** `react` is called for every message, when it is whole. */
  constructor(
    association: Association,
    react: (message: ReceivedMessage, scp: ScriptedScp) => void = () => undefined,
  ) {
    this.#association = association;
    this.#react = react;
    association.receive({
      message: (contextId, command) => this.#message(contextId, command),
      closed: (error) => {
        this.ended = error;
      },
    });
  }

  /** Answers a request. */
  answer(
    { contextId, command }: ReceivedMessage,
    status: number,
    more: Partial<CommandSet> & { readonly dataSet?: Uint8Array } = {},
  ): Promise<void> {
    const { dataSet, ...fields } = more;
    return this.send(
      contextId,
      {
        commandField: command.commandField | RESPONSE,
        hasDataSet: dataSet !== undefined,
        ...(command.messageId === undefined
          ? {}
          : { messageIdBeingRespondedTo: command.messageId }),
        status,
        ...fields,
      },
      dataSet,
    );
  }

  /** Sends a message, however wrong; that the association is over does not matter to it. */
  async send(contextId: number, command: CommandSet, dataSet?: Uint8Array): Promise<void> {
    const message =
      dataSet === undefined ? { contextId, command } : { contextId, command, dataSet };
    await this.#association.send(message).catch(() => undefined);
  }

  #message(contextId: number, command: CommandSet): DataSetSink | undefined {
    const chunks: Uint8Array[] = [];
    const whole = () => {
      const message = { contextId, command, bytes: Uint8Array.from(Buffer.concat(chunks)) };
      this.received.push(message);
      this.#react(message, this);
    };
    if (!command.hasDataSet) {
      whole();
      return undefined;
    }
    return {
      write: (chunk) => {
        chunks.push(chunk);
      },
      end: whole,
      abort: () => undefined,
    };
  }
}
