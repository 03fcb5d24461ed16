const LARGEST = 0xffff;

/**
 * Message IDs of C-MOVEs. A PACS tells the message ID of the C-MOVE with every object that it sends (0000,1031), so no
 * two that go on at a time have the same, on whichever associations they were asked.
 */
class MoveMessageIds {
  readonly #inUse = new Set<number>();
  #last = 0;

  /** 1 to 65535, none in use. */
  take(): number {
    do {
      this.#last = (this.#last % LARGEST) + 1;
    } while (this.#inUse.has(this.#last));
    this.#inUse.add(this.#last);
    return this.#last;
  }

  giveBack(messageId: number): void {
    this.#inUse.delete(messageId);
  }
}

/** Those of this process. */
export const MOVE_MESSAGE_IDS = new MoveMessageIds();
