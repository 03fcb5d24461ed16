import type { QidoQuery } from "#core/dicomweb/qido-query.ts";
import type { PacsTask } from "../../translate/dimse-sentences.ts";
import { sourceErrorOf } from "../../translate/source-error-of.ts";
import type {
  Forwarding,
  InstanceMetadata,
  InstanceSelector,
  ResourceSelector,
  SearchPage,
  Source,
  SourceProblem,
  SourceStatus,
  StoredBulkData,
  StoredFrame,
  StoredInstance,
  StoreOutcome,
  StoreTransaction,
  WorkitemQuery,
} from "../source.ts";
import { SourceError } from "../source.ts";
import type { DimseSource, DimseSourceOptions, DimseSourceStatus } from "./dimse-source.ts";
import { forwardingByMove } from "./forward-by-move.ts";
import type { ObjectReader } from "./object-reader.ts";
import type { PacsArchive } from "./pacs-archive.ts";
import type { PacsStore } from "./store-transaction.ts";

/** What the sources of all users of a PACS share. */
export interface PacsSourceParts {
  readonly options: DimseSourceOptions;
  readonly archive: PacsArchive;
  readonly reader: ObjectReader;
  readonly storing: PacsStore;
  readonly searchWorkitems:
    | ((query: WorkitemQuery, user: string, signal: AbortSignal) => Promise<SearchPage>)
    | undefined;
  close(): Promise<void>;
}

/** A PACS as one user has it. */
export class PacsSource implements DimseSource {
  readonly kind = "dimse";
  readonly name: string;
  readonly canStore: boolean;
  readonly forwarding?: Forwarding;
  readonly searchWorkitems?: NonNullable<Source["searchWorkitems"]>;
  readonly #parts: PacsSourceParts;
  readonly #user: string;

  constructor(parts: PacsSourceParts, user: string) {
    const { settings, pool } = parts.options;
    this.#parts = parts;
    this.#user = user;
    this.name = settings.name;
    this.canStore = settings.store.isAllowed;
    if (settings.forwardTo.length > 0) {
      const patientIdOf = async (study: string, signal: AbortSignal) =>
        (await parts.archive.patientIdOf(study, user, signal)) ?? "";
      this.forwarding = forwardingByMove({ settings, pool, patientIdOf }, user);
    }
    const { searchWorkitems } = parts;
    if (searchWorkitems !== undefined)
      this.searchWorkitems = (query, signal) => searchWorkitems(query, user, signal);
  }

  forUser(subject: string): Source {
    return new PacsSource(this.#parts, subject);
  }

  async search(query: QidoQuery, signal: AbortSignal): Promise<SearchPage> {
    return await this.#told(
      "search",
      signal,
      this.#parts.archive.search(query, this.#user, signal),
    );
  }

  async etag(selector: ResourceSelector): Promise<string | undefined> {
    await this.#parts.archive.confirm(selector, this.#user);
    return this.#parts.archive.etag(selector);
  }

  unverifiedSince({ studyInstanceUid }: ResourceSelector): number | undefined {
    return this.#parts.archive.studies.unverifiedSince(studyInstanceUid);
  }

  async *metadata(
    selector: ResourceSelector,
    signal: AbortSignal,
  ): AsyncGenerator<InstanceMetadata> {
    const { archive, reader } = this.#parts;
    try {
      for await (const object of archive.objects(selector, this.#user, signal))
        yield await reader.metadata(object, signal);
    } catch (error) {
      throw this.#errorOf(error, "retrieve", signal);
    }
  }

  async *instances(
    selector: ResourceSelector,
    signal: AbortSignal,
  ): AsyncGenerator<StoredInstance> {
    const { archive, reader } = this.#parts;
    try {
      for await (const object of archive.objects(selector, this.#user, signal))
        yield reader.instance(object);
    } catch (error) {
      throw this.#errorOf(error, "retrieve", signal);
    }
  }

  async *frames(
    selector: InstanceSelector,
    frameNumbers: readonly number[],
    signal: AbortSignal,
  ): AsyncGenerator<StoredFrame> {
    try {
      const object = await this.#parts.archive.object(selector, this.#user, signal);
      yield* await this.#parts.reader.frames(object, frameNumbers, signal);
    } catch (error) {
      throw this.#errorOf(error, "retrieve", signal);
    }
  }

  async bulkData(
    selector: InstanceSelector,
    path: string,
    signal: AbortSignal,
  ): Promise<StoredBulkData> {
    const { archive, reader } = this.#parts;
    const reading = archive
      .object(selector, this.#user, signal)
      .then((object) => reader.bulkData(object, path, signal));
    return await this.#told("retrieve", signal, reading);
  }

  async store(
    part10: AsyncIterable<Uint8Array>,
    expectedStudy: string | undefined,
    signal: AbortSignal,
  ): Promise<StoreOutcome> {
    const transaction = this.openStore(expectedStudy);
    try {
      await transaction.add(part10, signal);
      const [outcome] = await transaction.finish(signal);
      if (outcome === undefined)
        throw new SourceError("upstream-failure", "The PACS did not say what became of the object");
      return outcome;
    } catch (error) {
      transaction.abort();
      throw error;
    }
  }

  openStore(expectedStudy: string | undefined): StoreTransaction {
    if (!this.canStore)
      throw new SourceError("not-implemented", "Storing at this PACS is not switched on");
    return this.#parts.storing.open(expectedStudy, this.#user);
  }

  async problems(): Promise<readonly SourceProblem[]> {
    return this.#parts.archive.problems.list();
  }

  status(): SourceStatus {
    const { archive, options } = this.#parts;
    const { objects, studies } = options.store.status();
    return {
      state: archive.connection.contact.state === "failed" ? "unavailable" : "ready",
      studies,
      instances: objects,
      problems: archive.problems.list().length,
    };
  }

  dimseStatus(): DimseSourceStatus {
    const { archive, options } = this.#parts;
    return {
      associations: options.pool.status(),
      cache: options.store.status(),
      queue: archive.scheduler.queue(),
      retrieved: archive.scheduler.retrieved,
      failures: archive.connection.failures,
      retrieveBy: archive.connection.retrieveBy,
    };
  }

  async close(): Promise<void> {
    await this.#parts.close();
  }

  async #told<Result>(
    task: PacsTask,
    signal: AbortSignal,
    promise: Promise<Result>,
  ): Promise<Result> {
    return await promise.catch((error: unknown) => {
      throw this.#errorOf(error, task, signal);
    });
  }

  #errorOf(error: unknown, task: PacsTask, signal: AbortSignal): unknown {
    if (signal.aborted) return signal.reason;
    const { settings, listener } = this.#parts.options;
    const pacs = { ...settings.remote, name: settings.name, ourPort: listener?.port };
    return sourceErrorOf(error, pacs, task);
  }
}
