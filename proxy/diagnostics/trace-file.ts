import { appendFile, mkdir, rename, stat } from "node:fs/promises";
import path from "node:path";
import type { ObservedEvent } from "../dimse/association-event.ts";

/** Bytes that wait for the disk; what comes beyond is counted, and not written. */
const MOST_WAITING = 4_000_000;

/** A file to which events are written, a line each; at its largest it becomes `FILE.1`, and a new one begins. */
export class TraceFile {
  readonly #file: string;
  readonly #maximumBytes: number;
  readonly #onFailure: (code: string) => void;
  #lines: string[] = [];
  #waiting = 0;
  #missed = 0;
  #size: number | undefined;
  #writing: Promise<void> | undefined;
  #hasFailed = false;

  /** `onFailure` is told once, when the file cannot be written for the first time. */
  constructor(file: string, maximumBytes: number, onFailure: (code: string) => void) {
    this.#file = file;
    this.#maximumBytes = maximumBytes;
    this.#onFailure = onFailure;
  }

  readonly observe = (event: ObservedEvent): void => {
    if (this.#waiting > MOST_WAITING) {
      this.#missed += 1;
      return;
    }
    this.#put(JSON.stringify(event));
    this.#writing ??= this.#write();
  };

  /** Settles when all that was observed is written. */
  async close(): Promise<void> {
    await this.#writing;
  }

  #put(line: string): void {
    this.#lines.push(line);
    this.#waiting += line.length + 1;
  }

  async #write(): Promise<void> {
    // Later events of this turn join the same write.
    await Promise.resolve();
    while (this.#lines.length > 0) {
      if (this.#missed > 0) {
        this.#put(JSON.stringify({ event: { kind: "gap", missed: this.#missed } }));
        this.#missed = 0;
      }
      const text = `${this.#lines.join("\n")}\n`;
      this.#lines = [];
      this.#waiting = 0;
      await this.#append(text).catch((error: unknown) => this.#fail(error));
    }
    this.#writing = undefined;
  }

  async #append(text: string): Promise<void> {
    this.#size ??= await this.#sizeOnDisk();
    if (this.#size > 0 && this.#size + text.length > this.#maximumBytes) {
      await rename(this.#file, `${this.#file}.1`);
      this.#size = 0;
    }
    await appendFile(this.#file, text, { mode: 0o600 });
    this.#size += Buffer.byteLength(text);
  }

  async #sizeOnDisk(): Promise<number> {
    await mkdir(path.dirname(this.#file), { recursive: true });
    return (await stat(this.#file).catch(() => undefined))?.size ?? 0;
  }

  #fail(error: unknown): void {
    if (this.#hasFailed) return;
    this.#hasFailed = true;
    this.#onFailure(error instanceof Error && "code" in error ? String(error.code) : "unknown");
  }
}
