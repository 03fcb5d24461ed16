import type { DataSet } from "#core/dicom/data-set.ts";
import * as TAGS from "#core/dicom/tags.generated.ts";
import { dataSetFromJson } from "#core/dicom-json/from-json.ts";
import type { KeptMetadata, MetadataStore } from "../cache/metadata-store.ts";
import {
  type RetrievedInstance,
  RetrieveError,
  type StudyMetadata,
  type StudySource,
} from "../retrieve/study-source.ts";
import { completedInstances, DisplayTables } from "./display-tables.ts";
import { type Failure, failureOfError } from "./failure.ts";
import { within } from "./within.ts";

/** Where metadata came from, and how far it can be trusted (C7). */
export type MetadataOrigin =
  /** The archive gave it, or confirmed it, now. */
  | { readonly kind: "archive"; readonly fetchedAt: Date }
  /** The archive could not be asked: as it was at `fetchedAt`, unverified. */
  | { readonly kind: "cache"; readonly fetchedAt: Date; readonly reason: Failure };

/** An instance that lacks something its display needs. */
interface PartProblem {
  readonly sopInstanceUid?: string;
  readonly seriesInstanceUid?: string;
  readonly failure: Failure;
}

/** Some more instances of a study that is being loaded. */
export interface StudyPart {
  readonly instances: readonly DataSet[];
  /** Those of them that cannot be shown as they are meant, and why. */
  readonly problems?: readonly PartProblem[];
  readonly origin: MetadataOrigin;
}

/** Where metadata is kept; `MetadataStore` of the cache is one. */
export type KeptStudies = Pick<MetadataStore, "read" | "write" | "delete">;

/** Failures that say nothing about whether the study may be seen; for these the cache may answer. */
const UNREACHABLE: ReadonlySet<string> = new Set([
  "network",
  "busy",
  "not-retrieved",
  "server-error",
]);
/** Instances that came together are given together, and at the latest after this time. */
const PART_INTERVAL_MS = 50;
const PORTION = 200;

/** Loads the metadata of studies from the archive, or from the cache when the archive cannot be reached. */
export class StudyLoader {
  readonly #source: StudySource;
  readonly #store: Promise<KeptStudies | undefined>;
  readonly #storePatienceMs: number;
  readonly #warm: (transferSyntaxUid: string) => void;

  /**
   * @param store the storage once it is open, undefined where there is none; must not reject
   * @param storePatienceMs how long a question to the archive waits for the storage to say what it knows
   * @param warm told, at the first image of a study that is not kept, what its frames are encoded in
   */
  constructor(
    source: StudySource,
    store: Promise<KeptStudies | undefined>,
    storePatienceMs: number,
    warm: (transferSyntaxUid: string) => void = () => undefined,
  ) {
    this.#source = source;
    this.#store = store;
    this.#storePatienceMs = storePatienceMs;
    this.#warm = warm;
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
      yield* this.#insteadOfArchive(studyInstanceUid, error, signal);
      return;
    }
    const origin: MetadataOrigin = { kind: "archive", fetchedAt: new Date() };
    const tables = new DisplayTables(this.#source, kept?.tables, signal);
    const whenAllCame = (etag: string | undefined, instances: readonly string[]): void => {
      const { fetchedAt } = origin;
      void this.#keep(studyInstanceUid, { etag, fetchedAt, instances, tables: tables.tables });
    };
    if (metadata.kind === "instances") {
      const texts: string[] = [];
      const instances = this.#received(metadata.instances, texts, kept === undefined);
      yield* partsOf(instances, tables, origin, () => whenAllCame(metadata.etag, texts));
    } else if (kept !== undefined) {
      yield* partsOf(keptInstances(kept), tables, origin, () => {
        if (tables.hasNew) whenAllCame(kept.etag, kept.instances);
      });
    } else throw new RetrieveError("bad-response", "The archive answered what was not asked.");
  }

  async #keptMetadata(studyInstanceUid: string): Promise<KeptMetadata | undefined> {
    if (!this.#source.isCacheable) return undefined;
    const store = await this.#store;
    return store?.read(studyInstanceUid).catch(() => undefined);
  }

  async *#insteadOfArchive(
    studyInstanceUid: string,
    error: unknown,
    signal: AbortSignal,
  ): AsyncGenerator<StudyPart> {
    // Here a cache that opens late is worth the wait.
    const kept = isUnreachable(error) ? await this.#keptMetadata(studyInstanceUid) : undefined;
    if (isGone(error)) (await this.#store)?.delete(studyInstanceUid).catch(() => undefined);
    if (kept === undefined) throw error;
    const { fetchedAt, tables } = kept;
    const origin: MetadataOrigin = { kind: "cache", fetchedAt, reason: failureOfError(error) };
    yield* partsOf(keptInstances(kept), new DisplayTables(this.#source, tables, signal), origin);
  }

  /** The instances as they come; their texts are added to `texts` where they may be kept. */
  async *#received(
    instances: AsyncIterable<RetrievedInstance>,
    texts: string[],
    isNew: boolean,
  ): AsyncGenerator<DataSet> {
    let isCodecKnown = !isNew;
    for await (const { dataSet, json } of instances) {
      if (this.#source.isCacheable) texts.push(json);
      const syntax = dataSet.string(TAGS.AvailableTransferSyntaxUID);
      if (!isCodecKnown && syntax !== undefined && dataSet.has(TAGS.Rows)) {
        isCodecKnown = true;
        this.#warm(syntax);
      }
      yield dataSet;
    }
  }

  async #keep(studyInstanceUid: string, metadata: KeptMetadata): Promise<void> {
    if (!this.#source.isCacheable) return;
    const store = await this.#store;
    await store?.write(studyInstanceUid, metadata).catch(() => false);
  }
}

/**
 * Instances in parts, each with the tables that it needs. `whenAllCame` is called only when none is left to come:
 * only what arrived in full is kept.
 */
async function* partsOf(
  dataSets: AsyncIterable<DataSet>,
  tables: DisplayTables,
  origin: MetadataOrigin,
  whenAllCame: () => void = () => undefined,
): AsyncGenerator<StudyPart> {
  let instances: DataSet[] = [];
  let problems: PartProblem[] = [];
  let givenAt = 0;
  try {
    for await (const { dataSet, failure } of completedInstances(dataSets, tables)) {
      instances.push(dataSet);
      if (failure !== undefined) problems.push(problemOf(dataSet, failure));
      // The very first instance goes out at once: the first frame is asked for by it.
      if (Date.now() - givenAt < PART_INTERVAL_MS) continue;
      yield { instances, problems, origin };
      [instances, problems] = [[], []];
      givenAt = Date.now();
    }
  } catch (error) {
    // What came before the answer broke off did come.
    if (instances.length > 0) yield { instances, problems, origin };
    throw error;
  }
  whenAllCame();
  if (instances.length > 0) yield { instances, problems, origin };
}

function problemOf(dataSet: DataSet, failure: Failure): PartProblem {
  const sopInstanceUid = dataSet.string(TAGS.SOPInstanceUID);
  const seriesInstanceUid = dataSet.string(TAGS.SeriesInstanceUID);
  return {
    failure,
    ...(sopInstanceUid === undefined ? {} : { sopInstanceUid }),
    ...(seriesInstanceUid === undefined ? {} : { seriesInstanceUid }),
  };
}

/** Instances of kept metadata, with pauses in which the page can draw: after the first, and then now and again. */
async function* keptInstances(kept: KeptMetadata): AsyncGenerator<DataSet> {
  for (const [index, text] of kept.instances.entries()) {
    yield dataSetFromJson(JSON.parse(text));
    if (index % PORTION !== 0) continue;
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
