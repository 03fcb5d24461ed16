import path from "node:path";
import { type DataElement, DataSet } from "#core/dicom/data-set.ts";
import type { DicomFile } from "#core/dicom/dicom-file.ts";
import { withIdentifiers } from "#core/dicom/made-up-identifiers.ts";
import type { QidoQuery } from "#core/dicomweb/qido-query.ts";
import {
  type InstanceMetadata,
  type InstanceSelector,
  type ResourceSelector,
  type SearchPage,
  type Source,
  SourceError,
  type SourceProblem,
  type SourceStatus,
  type StoredBulkData,
  type StoredFrame,
  type StoredInstance,
  type StoreOutcome,
} from "../source.ts";
import { ArchiveIndex, digestOf } from "./archive-index.ts";
import { AttributePool } from "./attribute-pool.ts";
import { bulkDataOf } from "./bulk-data.ts";
import type { InstanceRecord } from "./file-record.ts";
import { FolderIndexer } from "./folder-indexer.ts";
import { IndexStore } from "./index-store.ts";
import { part10Length, readInstance, readPart10 } from "./instance-file.ts";
import { FrameFinder } from "./located-frames.ts";
import { ReceivedStore } from "./received-store.ts";
import { searchIndex } from "./search-index.ts";

/** A folder to be served as an archive. */
export interface FolderSourceOptions {
  readonly name: string;
  /** Absolute; never written. */
  readonly folder: string;
  /** Where the index is kept between starts. */
  readonly indexFolder: string;
  /** Where stored objects go, and are served from; without it nothing can be stored. */
  readonly receivedFolder?: string;
  /** Whether changes of the files are looked for; true by default. */
  readonly watches?: boolean;
}

/** A folder source, and what only its owner does with it. */
export interface FolderSource extends Source {
  /** Settles when the index agrees with the files. */
  rescan(): Promise<void>;
}

/** Opens a folder as an archive. It answers at once, from what was known; indexing goes on beside. */
export async function openFolderSource(options: FolderSourceOptions): Promise<FolderSource> {
  const source = new IndexedFolder(options);
  await source.start();
  return source;
}

class IndexedFolder implements FolderSource {
  readonly kind = "folder";
  readonly name: string;
  readonly canStore: boolean;
  readonly #index = new ArchiveIndex();
  readonly #indexers: readonly FolderIndexer[];
  readonly #received: ReceivedStore | undefined;
  readonly #onStale = () => {
    for (const indexer of this.#indexers) indexer.rescanSoon();
  };
  readonly #frames = new FrameFinder(this.#onStale);

  constructor({ name, folder, indexFolder, receivedFolder, watches = true }: FolderSourceOptions) {
    this.name = name;
    this.canStore = receivedFolder !== undefined;
    const pool = new AttributePool();
    const store = new IndexStore(indexFolder, pool);
    const indexer = (root: string, exclude: readonly string[]) =>
      new FolderIndexer({ root, exclude, index: this.#index, pool, store, watches });
    const served = indexer(folder, [indexFolder, ...(receivedFolder ? [receivedFolder] : [])]);
    if (receivedFolder === undefined) {
      this.#indexers = [served];
      this.#received = undefined;
      return;
    }
    const received = indexer(receivedFolder, [path.join(receivedFolder, ".incoming")]);
    this.#indexers = [served, received];
    this.#received = new ReceivedStore({
      folder: receivedFolder,
      index: this.#index,
      pool,
      take: (found) => received.take(found),
    });
  }

  async start(): Promise<void> {
    await this.#received?.prepare();
    for (const indexer of this.#indexers) await indexer.start();
  }

  async rescan(): Promise<void> {
    await Promise.all(this.#indexers.map((indexer) => indexer.rescan()));
  }

  async search(query: QidoQuery, signal: AbortSignal): Promise<SearchPage> {
    const found = await searchIndex(
      this.#index,
      query,
      async (record) => (await this.#header(record, signal)).dataSet,
      signal,
    );
    return { ...found, warnings: this.#warnings(query) };
  }

  /** What a list of studies leaves out without showing it: files that are still to be looked at, and those that failed. */
  #warnings({ level }: QidoQuery): readonly string[] {
    if (this.#progress() !== undefined)
      return ["The folder is still being indexed: there may be more than this"];
    const lost = level === "study" ? this.#index.lostFiles() : 0;
    if (lost === 0) return [];
    const files = lost === 1 ? "1 DICOM file is" : `${lost} DICOM files are`;
    return [`${files} not in this list; /sources/${this.name}/problems says which and why`];
  }

  async etag(selector: ResourceSelector): Promise<string | undefined> {
    return this.#index.etag(selector);
  }

  async *metadata(
    selector: ResourceSelector,
    signal: AbortSignal,
  ): AsyncGenerator<InstanceMetadata> {
    for (const record of this.#select(selector)) {
      signal.throwIfAborted();
      const file = await this.#header(record, signal);
      yield {
        dataSet: withPixelData(file),
        transferSyntaxUid: file.transferSyntaxUid,
      };
    }
  }

  async *instances(selector: ResourceSelector): AsyncGenerator<StoredInstance> {
    for (const record of this.#select(selector)) {
      const { studyInstanceUid, seriesInstanceUid, sopInstanceUid } = record.content;
      const { sopClassUid, transferSyntaxUid } = record.content;
      yield {
        selector: { studyInstanceUid, seriesInstanceUid, sopInstanceUid },
        sopClassUid,
        transferSyntaxUid,
        byteLength: part10Length(record),
        etag: digestOf([record]),
        open: (range) => readPart10(record, this.#onStale, range),
      };
    }
  }

  async *frames(
    selector: InstanceSelector,
    frameNumbers: readonly number[],
    signal: AbortSignal,
  ): AsyncGenerator<StoredFrame> {
    yield* this.#frames.frames(this.#selectOne(selector), frameNumbers, signal);
  }

  async bulkData(
    selector: InstanceSelector,
    valuePath: string,
    signal: AbortSignal,
  ): Promise<StoredBulkData> {
    return await bulkDataOf(this.#selectOne(selector), valuePath, this.#onStale, signal);
  }

  async store(
    part10: AsyncIterable<Uint8Array>,
    expectedStudy: string | undefined,
    signal: AbortSignal,
  ): Promise<StoreOutcome> {
    if (this.#received === undefined) {
      throw new SourceError("not-implemented", "This archive does not store objects");
    }
    return await this.#received.store(part10, expectedStudy, signal);
  }

  async problems(): Promise<readonly SourceProblem[]> {
    return [...this.#indexers.flatMap((indexer) => indexer.problems), ...this.#index.problems()];
  }

  status(): SourceStatus {
    const progress = this.#progress();
    const counts = this.#index.counts();
    if (progress === undefined) return { state: "ready", ...counts };
    return { state: "indexing", progress, ...counts };
  }

  async close(): Promise<void> {
    await Promise.all(this.#indexers.map((indexer) => indexer.close()));
  }

  #progress(): SourceStatus["progress"] {
    const running = this.#indexers
      .map(({ progress }) => progress)
      .filter((one) => one !== undefined);
    if (running.length === 0) return undefined;
    return {
      done: running.reduce((sum, one) => sum + one.done, 0),
      total: running.reduce((sum, one) => sum + one.total, 0),
    };
  }

  /** The attributes of a file, under the identifiers that it is served under. */
  async #header(record: InstanceRecord, signal: AbortSignal): Promise<DicomFile> {
    const file = await readInstance(record, this.#onStale, { stopAtPixelData: true, signal });
    return { ...file, dataSet: withIdentifiers(file.dataSet, record.content) };
  }

  /** @throws SourceError `not-found` */
  #select(selector: ResourceSelector): readonly InstanceRecord[] {
    const records = this.#index.select(selector);
    if (records.length > 0) return records;
    const isIndexing = this.#progress() !== undefined;
    throw new SourceError(
      "not-found",
      isIndexing
        ? "The archive has no such object yet; it is still being indexed"
        : "The archive has no such object",
    );
  }

  #selectOne(selector: InstanceSelector): InstanceRecord {
    const [record] = this.#select(selector);
    if (record === undefined) throw new SourceError("not-found", "The archive has no such object");
    return record;
  }
}

/** Names the pixel data among the attributes, so that metadata can refer to them. */
function withPixelData({ dataSet, pixelData }: DicomFile): DataSet {
  if (pixelData.kind === "none" || dataSet.has(pixelData.tag)) return dataSet;
  const { tag, vr } = pixelData;
  const range =
    pixelData.kind === "native" ? pixelData.range : { offset: pixelData.offset, length: 0 };
  const element: DataElement = { tag, vr, value: { kind: "range", range } };
  return new DataSet([...dataSet.elements.values(), element], dataSet.encoding);
}
