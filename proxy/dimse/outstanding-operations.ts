import { isPending, isResponse } from "./command-names.ts";
import { COMMAND_FIELDS, type CommandSet } from "./command-set.ts";

const MOST_MESSAGE_ID = 0xffff;

/** The operations of one association that are not answered yet, ours and the peer's. */
export class OutstandingOperations {
  readonly #ours = new Set<number>();
  readonly #theirs = new Set<number>();
  #lastMessageId = 0;

  /** Whether the peer owes an answer. */
  get isPeerDue(): boolean {
    return this.#ours.size > 0;
  }

  /** Whether we owe an answer. */
  get isOursDue(): boolean {
    return this.#theirs.size > 0;
  }

  nextMessageId(): number {
    do {
      this.#lastMessageId = (this.#lastMessageId % MOST_MESSAGE_ID) + 1;
    } while (this.#ours.has(this.#lastMessageId) && this.#ours.size < MOST_MESSAGE_ID);
    return this.#lastMessageId;
  }

  sent(command: CommandSet): void {
    note(command, this.#ours, this.#theirs);
  }

  received(command: CommandSet): void {
    note(command, this.#theirs, this.#ours);
  }
}

function note(command: CommandSet, requests: Set<number>, answered: Set<number>): void {
  const { commandField, messageId, messageIdBeingRespondedTo, status } = command;
  if (isResponse(commandField)) {
    if (!isPending(status)) answered.delete(messageIdBeingRespondedTo ?? 0);
  } else if (commandField !== COMMAND_FIELDS.cCancel) requests.add(messageId ?? 0);
}
