import { setImmediate } from "node:timers/promises";
import type { DataSet } from "#core/dicom/data-set.ts";
import { DicomError } from "#core/dicom/dicom-error.ts";
import type { QidoQuery } from "#core/dicomweb/qido-query.ts";
import {
  type ObjectStore,
  ObjectStoreError,
  type StoredObject,
} from "../../object-store/object-store.ts";
import { ArchiveIndex } from "../folder/archive-index.ts";
import { AttributePool } from "../folder/attribute-pool.ts";
import { readContent } from "../folder/read-record.ts";
import { searchIndex } from "../folder/search-index.ts";
import type { ResourceSelector, SearchPage, SourceProblem, SourceStatus } from "../source.ts";
import { ObjectFile } from "./object-file.ts";

/** Name under which the index knows the store, as it knows folders. */
const ROOT = "inbox";
/** Objects that are read at a start before others get a turn. */
const READ_IN_A_ROW = 16;

/** Studies, series and instances of the inbox in memory, for searches; made anew from the store at each start. */
export class InboxIndex {
  readonly #store: ObjectStore;
  readonly #index = new ArchiveIndex();
  readonly #pool = new AttributePool();
  /** SOP Instance UIDs of the index. */
  readonly #known = new Set<string>();
  #progress: { readonly done: number; readonly total: number } | undefined;

  constructor(store: ObjectStore) {
    this.#store = store;
  }

  get progress(): { readonly done: number; readonly total: number } | undefined {
    return this.#progress;
  }

  /** Reads the headers of all that the store holds; searches find what was read so far. */
  async rebuild(signal: AbortSignal): Promise<void> {
    const objects = this.#store.studies().flatMap((study) => this.#store.list(study));
    for (const [done, object] of objects.entries()) {
      if (signal.aborted) return;
      this.#progress = { done, total: objects.length };
      if (done % READ_IN_A_ROW === 0) await setImmediate();
      await this.#addUnlessBroken(object, signal);
    }
    this.#progress = undefined;
  }

  /** @throws DicomError when the object cannot be read, or is none that is found by UIDs */
  async add(object: StoredObject, signal: AbortSignal): Promise<void> {
    const source = new ObjectFile(this.#store, object).source();
    const content = await readContent(source, this.#pool, signal);
    if (content.kind !== "instance" || content.madeUp.length > 0)
      throw new DicomError("malformed", "The object is not found by UIDs of its own");
    const { sopInstanceUid, byteLength, receivedAt } = object;
    const place = { root: ROOT, path: sopInstanceUid };
    this.#known.add(sopInstanceUid);
    this.#index.put({ ...place, size: byteLength, mtimeMs: receivedAt, inode: 0, content });
  }

  async search(
    query: QidoQuery,
    readHeader: (object: StoredObject) => Promise<DataSet>,
    signal: AbortSignal,
  ): Promise<Omit<SearchPage, "warnings">> {
    this.#prune();
    return await searchIndex(
      this.#index,
      query,
      async (record) => {
        const object = this.#store.get(record.content.sopInstanceUid);
        if (object === undefined)
          throw new ObjectStoreError("gone", "An object was removed while it was searched for");
        return await readHeader(object);
      },
      signal,
    );
  }

  /** Objects in order of series and instance number. */
  select(selector: ResourceSelector): readonly StoredObject[] {
    return this.#index.select(selector).flatMap(({ content }) => {
      const object = this.#store.get(content.sopInstanceUid);
      return object === undefined ? [] : [object];
    });
  }

  etag(selector: ResourceSelector): string | undefined {
    return this.#index.etag(selector);
  }

  problems(): readonly SourceProblem[] {
    return this.#index.problems();
  }

  counts(): Partial<SourceStatus> {
    this.#prune();
    return this.#index.counts();
  }

  async #addUnlessBroken(object: StoredObject, signal: AbortSignal): Promise<void> {
    try {
      await this.add(object, signal);
    } catch (error) {
      // What fails its check is dropped by the store; what is no DICOM was there before it was looked at.
      const isExpected = error instanceof DicomError || error instanceof ObjectStoreError;
      if (!isExpected && !signal.aborted) throw error;
    }
  }

  /** Forgets what the store does not have any more. */
  #prune(): void {
    if (this.#known.size <= this.#store.status().objects) return;
    for (const uid of this.#known) {
      if (this.#store.get(uid) !== undefined) continue;
      this.#known.delete(uid);
      this.#index.remove(ROOT, uid);
    }
  }
}
