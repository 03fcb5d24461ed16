/**
 * Tasks that are done one after the other, the first asked first, as soon as the queue is opened. It keeps what
 * is merely nice to have, thumbnails for one, behind what a person waits for.
 */
export class TaskQueue {
  readonly #waiting: (() => Promise<void>)[] = [];
  #isOpen = false;
  #isBusy = false;

  /** Lets the tasks begin. */
  open(): void {
    this.#isOpen = true;
    void this.#work();
  }

  /** Does a task in its turn, unless it was aborted by then. The task must not reject. */
  add(task: () => Promise<void>, signal: AbortSignal): void {
    this.#waiting.push(async () => {
      if (!signal.aborted) await task();
    });
    void this.#work();
  }

  async #work(): Promise<void> {
    if (this.#isBusy || !this.#isOpen) return;
    this.#isBusy = true;
    for (let task = this.#waiting.shift(); task !== undefined; task = this.#waiting.shift())
      await task();
    this.#isBusy = false;
  }
}
