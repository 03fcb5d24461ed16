import type { DecodedFrame } from "#core/pixels/decoded-frame.ts";
import { decodeFrameRecord } from "./frame-record.ts";
import type { FrameSlot } from "./frame-writer.ts";
import type { FrameIdentity, RecordNames } from "./record-names.ts";
import type { RecordStore } from "./record-store.ts";

/** Decoded frames of one archive and person in IndexedDB. They are written by workers, and read here. */
export class FrameStore {
  readonly #records: RecordStore;
  readonly #names: RecordNames;
  readonly #encryption: CryptoKey;
  /** Study keys of frames that were handed to workers, until these say what became of them. */
  readonly #expected = new Map<string, string>();

  constructor(records: RecordStore, names: RecordNames, encryption: CryptoKey) {
    this.#records = records;
    this.#names = names;
    this.#encryption = encryption;
  }

  /** The name under which a frame is kept; asked once per frame, as it is a computed hash. */
  nameOf(frame: FrameIdentity): Promise<string> {
    return this.#names.frame(frame);
  }

  /** Whether the frame of that name is kept. */
  has(name: string): boolean {
    return this.#records.has(name);
  }

  /** The frame of that name, or undefined; never rejects. */
  async read(name: string): Promise<DecodedFrame | undefined> {
    const content = await this.#records.read(name);
    return content === undefined ? undefined : decodeFrameRecord(content);
  }

  /** What a worker needs to keep a frame. */
  async slotFor(frame: FrameIdentity): Promise<FrameSlot> {
    const [frameKey, studyKey] = await Promise.all([
      this.#names.frame(frame),
      this.#names.study(frame.studyInstanceUid),
    ]);
    this.#expected.set(frameKey, studyKey);
    return { frameKey, studyKey, cryptoKey: this.#encryption };
  }

  /** Learns from a worker what became of a frame; names that it did not hand out are ignored. */
  noteKept(kept: {
    readonly frameKey: string;
    readonly bytes: number;
    readonly ok: boolean;
  }): void {
    const studyKey = this.#expected.get(kept.frameKey);
    if (studyKey === undefined) return;
    this.#expected.delete(kept.frameKey);
    if (kept.ok) this.#records.noteWritten(kept.frameKey, studyKey, kept.bytes);
    else if (kept.bytes > 0) this.#records.noteRefused();
  }
}
