import type { ByteSource } from "#core/dicom/byte-source.ts";
import type { LocalProblem } from "../../src/retrieve/local-protocol.ts";

/** A file that can be read: one that the user gave, or an entry of a zip. */
export interface FoundFile {
  /** Names joined by `/`; below a zip as `disc.zip/IMG0001`. */
  readonly path: string;
  /** Opens it anew. Whoever reads frames later opens it again, so nothing is held in between. */
  open(signal: AbortSignal): Promise<ByteSource>;
}

/** Why a file cannot be read. */
export class FileError extends Error {
  override readonly name = "FileError";
  readonly code: LocalProblem["code"];

  constructor(code: LocalProblem["code"], message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}
