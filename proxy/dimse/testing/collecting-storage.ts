import type { IncomingObject, ObjectReceiver, StorageSink } from "../storage-sink.ts";

/** An object that was taken whole. */
export interface CollectedObject extends IncomingObject {
  readonly bytes: Uint8Array;
}

/** Keeps all objects in memory, and answers each with the status. */
export class CollectingStorage implements StorageSink {
  readonly objects: CollectedObject[] = [];
  /** How many were cut off. */
  aborted = 0;
  readonly #status: number;

  constructor(status = 0) {
    this.#status = status;
  }

  begin(object: IncomingObject): ObjectReceiver {
    const chunks: Uint8Array[] = [];
    return {
      write: (chunk) => {
        chunks.push(chunk);
      },
      end: () => {
        this.objects.push({ ...object, bytes: Buffer.concat(chunks) });
        return this.#status;
      },
      abort: () => {
        this.aborted++;
      },
    };
  }

  get sopInstanceUids(): readonly string[] {
    return this.objects.map(({ sopInstanceUid }) => sopInstanceUid).sort();
  }
}
