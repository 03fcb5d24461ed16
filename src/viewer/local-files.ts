import { type ReadonlySignal, signal } from "@preact/signals-core";
import type { LocalFile, LocalProblem, LocalProgress } from "../frames/local-services.ts";
import type { LocalArchiveServices } from "./viewer-services.ts";

/** How the opening of local files stands. */
export type LocalFilesStatus =
  | { readonly kind: "idle" }
  | { readonly kind: "reading"; readonly progress: LocalProgress | undefined }
  | {
      readonly kind: "done";
      readonly problems: readonly LocalProblem[];
      readonly studyInstanceUids: readonly string[];
    };

/** Files that a person opened: read on this computer, never sent anywhere. */
export class LocalFiles {
  readonly services: LocalArchiveServices;
  readonly #status = signal<LocalFilesStatus>({ kind: "idle" });
  readonly status: ReadonlySignal<LocalFilesStatus> = this.#status;
  readonly #closed = new AbortController();
  #problems: readonly LocalProblem[] = [];
  #studies: ReadonlySet<string> = new Set();

  constructor(services: LocalArchiveServices) {
    this.services = services;
  }

  /** Reads more files; gives the studies found so far. After `close` it gives none. */
  async open(
    files: readonly LocalFile[],
    unreadable: readonly string[],
  ): Promise<readonly string[]> {
    this.#status.value = { kind: "reading", progress: undefined };
    this.#problems = [...this.#problems, ...unreadable.map(unreadableFile)];
    try {
      const opened = await this.services.open(files, this.#closed.signal, (progress) => {
        this.#status.value = { kind: "reading", progress };
      });
      this.#problems = [...this.#problems, ...opened.problems];
      this.#studies = new Set([...this.#studies, ...opened.studyInstanceUids]);
    } catch (error) {
      if (this.#closed.signal.aborted) return [];
      throw error;
    }
    const studyInstanceUids = [...this.#studies];
    this.#status.value = { kind: "done", problems: this.#problems, studyInstanceUids };
    return studyInstanceUids;
  }

  close(): void {
    this.#closed.abort();
    this.services.close();
  }
}

function unreadableFile(path: string): LocalProblem {
  return { path, code: "unreadable", message: "The browser could not read this file." };
}
