import type { DataSet } from "#core/dicom/data-set.ts";
import { dataSetFromJson } from "#core/dicom-json/from-json.ts";
import type { KeptMetadata, MetadataStore } from "../cache/metadata-store.ts";
import { RetrieveError, type StudyMetadata, type StudySource } from "../retrieve/study-source.ts";
import { type Failure, failureOfError } from "./failure.ts";
import { within } from "./within.ts";

/** Where metadata came from, and how far it can be trusted (C7). */
export type MetadataOrigin =
  /** The archive gave it, or confirmed it, now. */
  | { readonly kind: "archive"; readonly fetchedAt: Date }
  /** The archive could not be asked: as it was at `fetchedAt`, unverified. */
  | { readonly kind: "cache"; readonly fetchedAt: Date; readonly reason: Failure };

/** Some more instances of a study that is being loaded. */
export interface StudyPart {
  readonly instances: readonly DataSet[];
  readonly origin: MetadataOrigin;
}

/** Where metadata is kept; `MetadataStore` of the cache is one. */
export type KeptStudies = Pick<MetadataStore, "read" | "write" | "delete">;

/** Failures that say nothing about whether the study may be seen; for these the cache may answer. */
const UNREACHABLE: ReadonlySet<string> = new Set(["network", "busy", "server-error"]);
/** Instances that came together are given together, and at the latest after this time. */
const PART_INTERVAL_MS = 50;
const PORTION = 200;

/** Loads the metadata of studies from the archive, or from the cache when the archive cannot be reached. */
export class StudyLoader {
  readonly #source: StudySource;
  readonly #store: Promise<KeptStudies | undefined>;
  readonly #storePatienceMs: number;

  /**
   * @param store the storage once it is open, undefined where there is none; must not reject
   * @param storePatienceMs how long a question to the archive waits for the storage to say what it knows
   */
  constructor(
    source: StudySource,
    store: Promise<KeptStudies | undefined>,
    storePatienceMs: number,
  ) {
    this.#source = source;
    this.#store = store;
    this.#storePatienceMs = storePatienceMs;
  }

  /**
   * The instances of a study in parts, as they arrive; never ends without at least one. The archive is asked
   * first, always; what is cached is given when the archive confirms it, or when it cannot be reached.
   * @throws RetrieveError when neither archive nor cache can answer, or the answer breaks off
   */
  async *loadStudy(studyInstanceUid: string, signal: AbortSignal): AsyncIterable<StudyPart> {
    const kept = await within(this.#keptMetadata(studyInstanceUid), this.#storePatienceMs);
    let metadata: StudyMetadata;
    try {
      const known = { etag: kept?.etag };
      metadata = await this.#source.retrieveStudyMetadata(studyInstanceUid, known, signal);
    } catch (error) {
      yield* this.#insteadOfArchive(studyInstanceUid, error);
      return;
    }
    const origin: MetadataOrigin = { kind: "archive", fetchedAt: new Date() };
    if (metadata.kind === "instances") yield* this.#receive(studyInstanceUid, metadata, origin);
    else if (kept !== undefined) yield* keptParts(kept, origin);
    else throw new RetrieveError("bad-response", "The archive answered what was not asked.");
  }

  async #keptMetadata(studyInstanceUid: string): Promise<KeptMetadata | undefined> {
    if (!this.#source.isCacheable) return undefined;
    const store = await this.#store;
    return store?.read(studyInstanceUid).catch(() => undefined);
  }

  async *#insteadOfArchive(studyInstanceUid: string, error: unknown): AsyncGenerator<StudyPart> {
    // Here a cache that opens late is worth the wait.
    const kept = isUnreachable(error) ? await this.#keptMetadata(studyInstanceUid) : undefined;
    if (isGone(error)) (await this.#store)?.delete(studyInstanceUid).catch(() => undefined);
    if (kept === undefined) throw error;
    const { fetchedAt } = kept;
    yield* keptParts(kept, { kind: "cache", fetchedAt, reason: failureOfError(error) });
  }

  async *#receive(
    studyInstanceUid: string,
    metadata: Extract<StudyMetadata, { kind: "instances" }>,
    origin: MetadataOrigin,
  ): AsyncGenerator<StudyPart> {
    const texts: string[] = [];
    let part: DataSet[] = [];
    let givenAt = 0;
    for await (const { dataSet, json } of metadata.instances) {
      if (this.#source.isCacheable) texts.push(json);
      part.push(dataSet);
      // The very first instance goes out at once: the first frame is asked for by it.
      if (Date.now() - givenAt < PART_INTERVAL_MS) continue;
      yield { instances: part, origin };
      part = [];
      givenAt = Date.now();
    }
    // Only an answer that arrived in full is kept.
    void this.#keep(studyInstanceUid, {
      etag: metadata.etag,
      fetchedAt: origin.fetchedAt,
      instances: texts,
    });
    if (part.length > 0) yield { instances: part, origin };
  }

  async #keep(studyInstanceUid: string, metadata: KeptMetadata): Promise<void> {
    if (!this.#source.isCacheable) return;
    const store = await this.#store;
    await store?.write(studyInstanceUid, metadata).catch(() => false);
  }
}

/** The first instance alone, then the others in portions between which the page can draw. */
async function* keptParts(kept: KeptMetadata, origin: MetadataOrigin): AsyncGenerator<StudyPart> {
  let end = 0;
  while (end < kept.instances.length) {
    const portion = kept.instances.slice(end, end === 0 ? 1 : end + PORTION);
    end += portion.length;
    yield { origin, instances: portion.map((text) => dataSetFromJson(JSON.parse(text))) };
    await new Promise<void>((resolve) => {
      setTimeout(() => resolve(), 0);
    });
  }
}

function isUnreachable(error: unknown): boolean {
  return error instanceof RetrieveError && UNREACHABLE.has(error.code);
}

/** A study that was deleted, or may no longer be seen, is not kept either. */
function isGone(error: unknown): boolean {
  return (
    error instanceof RetrieveError && (error.code === "not-found" || error.code === "forbidden")
  );
}
