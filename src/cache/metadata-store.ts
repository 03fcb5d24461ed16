import { fromBase64, toBase64 } from "#core/dicom-json/base64.ts";
import type { RecordNames } from "./record-names.ts";
import type { RecordStore } from "./record-store.ts";

/** The metadata of a study as it was when the archive gave it. */
export interface KeptMetadata {
  readonly etag: string | undefined;
  readonly fetchedAt: Date;
  /** Text of one DICOM JSON object per instance, in the order of arrival. */
  readonly instances: readonly string[];
  /** Tables that the instances give by address and their display needs, by that address. */
  readonly tables?: ReadonlyMap<string, Uint8Array> | undefined;
}

/** Metadata of studies of one archive and person in IndexedDB: compressed, then encrypted. */
export class MetadataStore {
  readonly #records: RecordStore;
  readonly #names: RecordNames;

  constructor(records: RecordStore, names: RecordNames) {
    this.#records = records;
    this.#names = names;
  }

  /** The metadata kept of a study, or undefined; never rejects. */
  async read(studyInstanceUid: string): Promise<KeptMetadata | undefined> {
    const content = await this.#records.read(await this.#names.study(studyInstanceUid));
    return content === undefined ? undefined : parse(await inflate(content));
  }

  /** Keeps the metadata of a study in place of what was kept; false when the browser refuses. */
  async write(studyInstanceUid: string, metadata: KeptMetadata): Promise<boolean> {
    const name = await this.#names.study(studyInstanceUid);
    const { etag, fetchedAt, instances } = metadata;
    const tables = [...(metadata.tables ?? [])].map(([uri, bytes]) => [uri, toBase64(bytes)]);
    const text = JSON.stringify({ etag, fetchedAt: fetchedAt.getTime(), instances, tables });
    return this.#records.write(name, name, await through(text, new CompressionStream("gzip")));
  }

  async delete(studyInstanceUid: string): Promise<void> {
    await this.#records.delete([await this.#names.study(studyInstanceUid)]);
  }
}

async function inflate(content: Uint8Array<ArrayBuffer>): Promise<string> {
  const text = await through(content, new DecompressionStream("gzip"));
  return new TextDecoder().decode(text);
}

async function through(
  content: BlobPart,
  transform: CompressionStream | DecompressionStream,
): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([content]).stream().pipeThrough(transform);
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Undefined when the text is of another format than this version's. */
function parse(text: string): KeptMetadata | undefined {
  const value: unknown = JSON.parse(text);
  if (typeof value !== "object" || value === null) return undefined;
  if (!("fetchedAt" in value && "instances" in value)) return undefined;
  const { fetchedAt, instances } = value;
  if (typeof fetchedAt !== "number" || !Array.isArray(instances)) return undefined;
  const etag = "etag" in value && typeof value.etag === "string" ? value.etag : undefined;
  const texts = instances.filter((instance) => typeof instance === "string");
  const tables = "tables" in value ? readTables(value.tables) : undefined;
  return { etag, fetchedAt: new Date(fetchedAt), instances: texts, tables };
}

function readTables(value: unknown): ReadonlyMap<string, Uint8Array> {
  const tables = new Map<string, Uint8Array>();
  for (const entry of Array.isArray(value) ? value : []) {
    const [uri, text]: unknown[] = Array.isArray(entry) ? entry : [];
    const bytes = typeof text === "string" ? fromBase64(text) : undefined;
    if (typeof uri === "string" && bytes !== undefined) tables.set(uri, bytes);
  }
  return tables;
}
