import type { ByteSource } from "#core/dicom/byte-source.ts";

/** What is known of an object before its bytes are: by command set and by the first attributes of the data set. */
export interface ObjectFacts {
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly sopInstanceUid: string;
  readonly sopClassUid: string;
  readonly transferSyntaxUid: string;
  /** `retrieved`: can be had from the PACS again, and may be evicted; `received`: pushed to us, durable before it is answered for. */
  readonly origin: "retrieved" | "received";
}

/** An object that is complete. */
export interface StoredObject extends ObjectFacts {
  /** Of the data set: neither preamble nor meta group. */
  readonly byteLength: number;
  /** Identity of the content: the same bytes have the same, also after they were evicted and fetched again. */
  readonly etag: string;
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
}

/** Takes the bytes of one object. */
export interface ObjectWriter {
  /** Takes bytes that are never changed afterwards; a promise asks to wait until memory is free again. */
  write(chunk: Uint8Array): void | Promise<void>;
  /**
   * Makes the object visible, replacing one of the same UID. `retrieved` objects are there at once, from memory, and
   * are written behind; `received` ones when the disk has them. @throws ObjectStoreError `disk-full`, `io`
   */
  commit(): Promise<StoredObject>;
  /** Leaves nothing behind. */
  abort(): void;
}

/** Numbers for metrics and diagnostics. */
export interface ObjectStoreStatus {
  readonly objects: number;
  readonly studies: number;
  readonly bytes: number;
  readonly maximumBytes: number;
  /** Bytes in memory that the disk has not yet. */
  readonly pendingBytes: number;
  /** Since the start. */
  readonly evictedStudies: number;
  readonly hits: number;
  readonly misses: number;
  /** Last failure of the disk, while it lasts: objects are then served from memory only. */
  readonly trouble?: "disk-full" | "io";
}

/**
 * Received objects of one source: on disk, encrypted, bounded by bytes and age, evicted by study. An object is
 * complete or not there, whatever ends the process.
 */
export interface ObjectStore {
  begin(facts: ObjectFacts): ObjectWriter;
  get(sopInstanceUid: string): StoredObject | undefined;
  /** Objects of a study or series, in order of arrival. */
  list(studyInstanceUid: string, seriesInstanceUid?: string): readonly StoredObject[];
  /** All studies that have objects. */
  studies(): readonly string[];
  /** The data set's bytes; decrypted and authenticated as they are read. What fails its check is dropped and rejects with `damaged`. */
  open(
    object: StoredObject,
    range?: { readonly first: number; readonly last: number },
  ): AsyncIterable<Uint8Array>;
  /** The same for readers of `core`. */
  source(object: StoredObject): ByteSource;
  /** Keeps a text with a study for as long as it has objects; it outlives the process. */
  mark(studyInstanceUid: string, text: string): void;
  /** The text that was kept with a study last. */
  markOf(studyInstanceUid: string): string | undefined;
  /** The study is not evicted until `release`. */
  pin(studyInstanceUid: string): { release(): void };
  remove(
    studyInstanceUid: string,
    seriesInstanceUid?: string,
    sopInstanceUid?: string,
  ): Promise<void>;
  status(): ObjectStoreStatus;
  /** Writes what is pending, and closes. */
  close(): Promise<void>;
}

/** What a store is opened with. */
export interface ObjectStoreOptions {
  /** Absolute; made when it is not there. */
  readonly folder: string;
  /** 32 bytes; without the right one what is on the disk is not readable, and is discarded. */
  readonly key: Uint8Array;
  readonly maximumBytes: number;
  readonly maximumAgeMs: number;
  /**
   * Bytes that may be in memory: waiting for the disk, and kept for quick reading. A quarter of it is used while the disk
   * works (the garbage collector needs the rest), all of it while it fails.
   */
  readonly memoryBytes: number;
  readonly now?: () => number;
  /** Told what the operator should know. */
  readonly report?: (event: ObjectStoreEvent) => void;
}

/** Something that the operator should know; neither names nor UIDs are in it, so that it may be logged. */
export interface ObjectStoreEvent {
  readonly kind: "damaged" | "trouble" | "recovered" | "key-changed" | "journal-damaged";
  /** One sentence. */
  readonly message: string;
}

export type ObjectStoreErrorCode = "disk-full" | "io" | "damaged" | "gone" | "closed" | "locked";

/** A failure of the store. */
export class ObjectStoreError extends Error {
  override readonly name = "ObjectStoreError";
  readonly code: ObjectStoreErrorCode;

  constructor(code: ObjectStoreErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}
