import type { ReactiveController, ReactiveControllerHost } from "lit";
import { droppedFiles, type GivenFiles, holdsFiles } from "../dropped-files.ts";

/** Takes files that are dropped on an element, and draws its host again when files come over it or leave. */
export class FileDrop implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #onFiles: (given: GivenFiles) => void;
  #isOver = false;

  constructor(host: ReactiveControllerHost, onFiles: (given: GivenFiles) => void) {
    this.#host = host;
    this.#onFiles = onFiles;
    host.addController(this);
  }

  /** Whether files are held over the element. */
  get isOver(): boolean {
    return this.#isOver;
  }

  hostDisconnected(): void {
    this.#isOver = false;
  }

  readonly onDragOver = (event: DragEvent): void => {
    if (!holdsFiles(event.dataTransfer)) return;
    event.preventDefault();
    this.#setOver(true);
  };

  readonly onDragLeave = (event: DragEvent): void => {
    const { relatedTarget, currentTarget } = event;
    const isInside =
      relatedTarget instanceof Node &&
      currentTarget instanceof Node &&
      currentTarget.contains(relatedTarget);
    if (!isInside) this.#setOver(false);
  };

  readonly onDrop = (event: DragEvent): void => {
    this.#setOver(false);
    const { dataTransfer } = event;
    if (dataTransfer === null || !holdsFiles(dataTransfer)) return;
    event.preventDefault();
    void droppedFiles(dataTransfer).then(this.#onFiles);
  };

  #setOver(isOver: boolean): void {
    if (isOver === this.#isOver) return;
    this.#isOver = isOver;
    this.#host.requestUpdate();
  }
}
