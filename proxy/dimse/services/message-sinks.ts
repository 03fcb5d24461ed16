import type { DataSetSink } from "../association.ts";
import { DimseError } from "../dimse-error.ts";

/** Bytes of an identifier, event or action; far more than any that is meant well. */
const LARGEST_IDENTIFIER = 8 * 1024 * 1024;

/** Takes a small data set as a whole, in a buffer of its own. */
export function collectingSink(
  whole: (bytes: Uint8Array<ArrayBuffer>) => void | Promise<void>,
): DataSetSink {
  const chunks: Uint8Array[] = [];
  let length = 0;
  return {
    write: (chunk) => {
      length += chunk.byteLength;
      if (length > LARGEST_IDENTIFIER)
        throw new DimseError(
          "limit-exceeded",
          `An identifier of the peer exceeds ${LARGEST_IDENTIFIER} bytes`,
        );
      chunks.push(chunk);
    },
    end: () => whole(joined(chunks, length)),
    abort: () => {
      chunks.length = 0;
    },
  };
}

/** Takes a data set that nobody wants. */
export function discardingSink(end: () => void = () => undefined): DataSetSink {
  return { write: () => undefined, end, abort: () => undefined };
}

function joined(chunks: readonly Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.byteLength;
  }
  return whole;
}
