import { createHash } from "node:crypto";
import { setMaxListeners } from "node:events";
import type { QidoQuery } from "#core/dicomweb/qido-query.ts";
import { DimseError } from "../../dimse/dimse-error.ts";
import type { StoredObject } from "../../object-store/object-store.ts";
import { explain } from "../../translate/dimse-sentences.ts";
import { PacsSearch } from "../../translate/pacs-search.ts";
import {
  type InstanceSelector,
  type ResourceSelector,
  type SearchPage,
  SourceError,
} from "../source.ts";
import { ArrivalStream } from "./arrival-stream.ts";
import type { DimseSourceOptions } from "./dimse-source.ts";
import { InstanceFetcher } from "./fetch-instances.ts";
import { PacsConnection, type PacsServices } from "./pacs-connection.ts";
import { PacsLists } from "./pacs-lists.ts";
import { ProblemLog } from "./problem-log.ts";
import { RetrieveScheduler } from "./retrieve-scheduler.ts";
import type { SeriesWork } from "./series-work.ts";
import { StudyWatch } from "./study-watch.ts";

/** How long the rest of a series is fetched in advance after it was used; milliseconds. */
const AHEAD_MS = 30_000;
/** A request waits for its turn a little longer than for a PACS that is silent; milliseconds. */
const WAIT_BEYOND_SILENCE_MS = 1000;
/** Part of the cache that one series may take without being asked for. */
const AHEAD_SHARE = 0.25;
/** Lists of series that one request has open at a time. */
const LISTS_AT_A_TIME = 3;

/** The objects of one PACS: what is kept of them, and what is fetched. Shared by all users. */
export class PacsArchive {
  readonly connection: PacsConnection;
  readonly problems = new ProblemLog();
  readonly scheduler: RetrieveScheduler;
  readonly studies: StudyWatch;
  readonly #options: DimseSourceOptions;
  readonly #search = new PacsSearch();
  readonly #lists: PacsLists;

  constructor(options: DimseSourceOptions, services?: PacsServices) {
    this.#options = options;
    const { settings, store } = options;
    const { associations, quirks } = settings;
    this.connection = new PacsConnection({
      ...options,
      ...(services === undefined ? {} : { services }),
    });
    this.#lists = new PacsLists(this.connection, (study, user, signal) =>
      this.patientIdOf(study, user, signal),
    );
    const fetcher = new InstanceFetcher(this.connection, this.#lists, store);
    this.scheduler = new RetrieveScheduler({
      list: (series, user, signal) => this.#lists.list(series, user, signal),
      probe: (series, uid, user, signal) => this.#lists.probe(series, uid, user, signal),
      fetch: (job, observer) => fetcher.fetch(job, observer),
      longestList: () => fetcher.longestList,
      lookUp: (uid) => store.get(uid),
      mayFetchAhead: (series) => this.#fitsAhead(series),
      noteProblem: (series, uid, error) => this.problems.note(series, uid, this.#inWords(error)),
      noteList: (series) => this.#dropUnlisted(series),
      drop: ({ studyInstanceUid, seriesInstanceUid }, uid) =>
        this.#remove(studyInstanceUid, seriesInstanceUid, uid),
      limits: {
        most: quirks.oneAssociation ? 1 : associations.most,
        perRetrieval: quirks.oneAssociation ? 1 : associations.perRetrieval,
        perUser: associations.perUser,
        aheadMs: AHEAD_MS,
        waitMs: settings.remote.silenceTimeoutMs + WAIT_BEYOND_SILENCE_MS,
      },
    });
    const startedAt = Date.now();
    this.studies = new StudyWatch(
      this.#lists,
      {
        changed: (study) => this.#dropStudy(study),
        recounted: (study) => this.forget(study),
      },
      {
        mark: (study, text) => store.mark(study, text),
        markOf: (study) => store.markOf(study),
        isInherited: (study) => store.list(study).some(({ receivedAt }) => receivedAt < startedAt),
      },
    );
  }

  /** A QIDO-RS search. @throws SourceError, DimseError */
  async search(query: QidoQuery, user: string, signal: AbortSignal): Promise<SearchPage> {
    const abilities = await this.connection.searchAbilities(user, signal);
    return await this.#search.search(
      query,
      user,
      abilities,
      (request) => this.connection.find(request, user, signal),
      signal,
    );
  }

  /** The Patient ID of a study, where the model of the PACS wants it beside the study's UID. */
  async patientIdOf(
    studyInstanceUid: string,
    user: string,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    if (this.connection.model === "study-root") return undefined;
    const abilities = await this.connection.searchAbilities(user, signal);
    return await this.#search.patientOf(
      studyInstanceUid,
      abilities,
      (request) => this.connection.find(request, user, signal),
      signal,
    );
  }

  /**
   * Has the PACS confirm what is kept of a study before it is served: whose it is, and that it is still there. Nothing is
   * asked where that was done lately, or nothing is kept; a PACS that does not answer is waited for a moment only.
   */
  async confirm(selector: ResourceSelector, user: string): Promise<void> {
    const { studyInstanceUid, seriesInstanceUid } = selector;
    if (!this.studies.isDue(studyInstanceUid)) return;
    if (this.#options.store.list(studyInstanceUid).length === 0) return;
    await this.studies.confirm(studyInstanceUid, user);
    if (this.studies.unverifiedSince(studyInstanceUid) !== undefined) return;
    const isCounted = this.studies.isCounted(studyInstanceUid);
    const kept =
      seriesInstanceUid === undefined
        ? this.studies.known(studyInstanceUid)?.map((one) => one.seriesInstanceUid)
        : [seriesInstanceUid];
    const doubtful = (kept ?? []).filter(
      (uid) => !isCounted || this.scheduler.known(studyInstanceUid, uid) === undefined,
    );
    // Nothing says that a series was added but the list itself.
    if (!isCounted && seriesInstanceUid === undefined) this.studies.forget(studyInstanceUid);
    await Promise.all(doubtful.map((uid) => this.scheduler.confirm(studyInstanceUid, uid, user)));
  }

  /** One object, kept or fetched. @throws SourceError, DimseError */
  async object(
    selector: InstanceSelector,
    user: string,
    signal: AbortSignal,
  ): Promise<StoredObject> {
    if (this.studies.isDue(selector.studyInstanceUid)) await this.confirm(selector, user);
    const object = await this.scheduler.want(selector, user, "now", signal);
    this.#used(selector, user);
    return object;
  }

  /**
   * The objects of a study, a series or an instance, as they arrive; those that are kept come first.
   * @throws SourceError, DimseError; after the last that arrived, where some did
   */
  async *objects(
    selector: ResourceSelector,
    user: string,
    signal: AbortSignal,
  ): AsyncGenerator<StoredObject> {
    const { studyInstanceUid, seriesInstanceUid, sopInstanceUid } = selector;
    if (seriesInstanceUid !== undefined && sopInstanceUid !== undefined) {
      yield await this.object(
        { studyInstanceUid, seriesInstanceUid, sopInstanceUid },
        user,
        signal,
      );
      return;
    }
    await this.confirm(selector, user);
    const pin = this.#options.store.pin(studyInstanceUid);
    // What is still wanted when the reader leaves is wanted no more.
    const left = new AbortController();
    const either = AbortSignal.any([signal, left.signal]);
    setMaxListeners(0, either);
    try {
      const stream = new ArrivalStream<StoredObject>();
      for (const uids of await this.#seriesOf(selector, user, signal))
        stream.fill(this.#wants(studyInstanceUid, uids, user, either));
      let count = 0;
      for await (const object of stream.values()) {
        count += 1;
        // At once: what is kept when the process ends suddenly is worth nothing without knowing whose it was.
        if (count === 1) this.studies.used(studyInstanceUid, user);
        yield object;
      }
      if (count === 0) throw new SourceError("not-found", "The PACS has no such object");
      this.studies.used(studyInstanceUid, user);
    } finally {
      left.abort();
      pin.release();
    }
  }

  /** Identity of what is kept of a resource, where all of it is; undefined where it is not known to be all. */
  etag({ studyInstanceUid, seriesInstanceUid, sopInstanceUid }: ResourceSelector) {
    if (sopInstanceUid !== undefined) {
      const object = this.#options.store.get(sopInstanceUid);
      const belongs =
        object?.studyInstanceUid === studyInstanceUid &&
        object.seriesInstanceUid === seriesInstanceUid;
      return belongs ? object.etag : undefined;
    }
    const series =
      seriesInstanceUid === undefined
        ? this.studies.known(studyInstanceUid)?.map((one) => one.seriesInstanceUid)
        : [seriesInstanceUid];
    if (series === undefined) return undefined;
    const digest = createHash("sha256");
    for (const uid of series.toSorted()) {
      const parts = this.#keptOf(studyInstanceUid, uid);
      if (parts === undefined) return undefined;
      digest.update(parts.join("\n"));
    }
    return digest.digest("base64url").slice(0, 27);
  }

  /** Has everything that is known of a study, or of a series of it, asked for again. */
  forget(studyInstanceUid: string, seriesInstanceUid?: string): void {
    this.scheduler.forget(studyInstanceUid, seriesInstanceUid);
    this.studies.forget(studyInstanceUid);
    this.#search.clear();
  }

  /** Has an instance that was stored at the PACS fetched anew: it may have taken the place of what is kept under its UID. */
  replaced({ studyInstanceUid, seriesInstanceUid, sopInstanceUid }: InstanceSelector): void {
    const kept = this.#options.store.get(sopInstanceUid);
    if (kept !== undefined) {
      this.#remove(kept.studyInstanceUid, kept.seriesInstanceUid, sopInstanceUid);
      this.forget(kept.studyInstanceUid, kept.seriesInstanceUid);
    }
    this.forget(studyInstanceUid, seriesInstanceUid);
  }

  close(): void {
    this.scheduler.close();
    this.studies.close();
  }

  /** Groups of series that are listed one after the other; several groups at a time. */
  async #seriesOf(
    { studyInstanceUid, seriesInstanceUid }: ResourceSelector,
    user: string,
    signal: AbortSignal,
  ): Promise<readonly (readonly string[])[]> {
    if (seriesInstanceUid !== undefined) return [[seriesInstanceUid]];
    const series = await this.studies.series(studyInstanceUid, user, signal);
    signal.throwIfAborted();
    const groups: string[][] = Array.from({ length: LISTS_AT_A_TIME }, () => []);
    for (const [index, one] of series.entries())
      groups[index % LISTS_AT_A_TIME]?.push(one.seriesInstanceUid);
    return groups;
  }

  async *#wants(
    studyInstanceUid: string,
    seriesInstanceUids: readonly string[],
    user: string,
    signal: AbortSignal,
  ): AsyncGenerator<() => Promise<StoredObject>> {
    for (const seriesInstanceUid of seriesInstanceUids) {
      const series = await this.#listed(studyInstanceUid, seriesInstanceUid, user, signal);
      for (const { sopInstanceUid } of series.order) {
        const selector = { studyInstanceUid, seriesInstanceUid, sopInstanceUid };
        yield () => this.scheduler.want(selector, user, "bulk", signal);
      }
    }
  }

  /** A series with its list; where all of it is kept, an older list will do while a new one is asked for. */
  async #listed(
    studyInstanceUid: string,
    seriesInstanceUid: string,
    user: string,
    signal: AbortSignal,
  ): Promise<SeriesWork> {
    const known = this.scheduler.known(studyInstanceUid, seriesInstanceUid);
    if (known !== undefined && this.#keptOf(studyInstanceUid, seriesInstanceUid) !== undefined) {
      this.scheduler.refresh(studyInstanceUid, seriesInstanceUid, user);
      return known;
    }
    return await this.scheduler.list(studyInstanceUid, seriesInstanceUid, user, signal);
  }

  /** Identities of all instances of a series, if all are kept. */
  #keptOf(studyInstanceUid: string, seriesInstanceUid: string): readonly string[] | undefined {
    const series = this.scheduler.known(studyInstanceUid, seriesInstanceUid);
    if (series === undefined || series.order.length === 0) return undefined;
    const parts: string[] = [];
    for (const { sopInstanceUid } of series.order) {
      const object = this.#options.store.get(sopInstanceUid);
      if (object?.seriesInstanceUid !== seriesInstanceUid) return undefined;
      if (object.studyInstanceUid !== studyInstanceUid) return undefined;
      parts.push(`${sopInstanceUid} ${object.etag}`);
    }
    return parts;
  }

  /** Compares what is used with the PACS now and then, beside the answer. */
  #used({ studyInstanceUid, seriesInstanceUid }: InstanceSelector, user: string): void {
    this.studies.used(studyInstanceUid, user);
    this.scheduler.refresh(studyInstanceUid, seriesInstanceUid, user);
  }

  /** What is the matter with the PACS in the words that requests are answered with; a status keeps its own words. */
  #inWords(error: unknown): unknown {
    if (!(error instanceof DimseError) || error.code === "failed-status") return error;
    const { settings, listener } = this.#options;
    const pacs = { ...settings.remote, name: settings.name, ourPort: listener?.port };
    const { what, advice } = explain(error.code, error.facts, pacs, "retrieve");
    return new DimseError(error.code, `${what}: ${advice}`, error.facts);
  }

  #fitsAhead(series: SeriesWork): boolean {
    return series.expectedBytes() <= this.#options.settings.cache.maximumBytes * AHEAD_SHARE;
  }

  /** What the PACS does not list any more is not served any more. */
  #dropUnlisted(series: SeriesWork): void {
    const { studyInstanceUid, seriesInstanceUid } = series;
    for (const { sopInstanceUid } of this.#options.store.list(
      studyInstanceUid,
      seriesInstanceUid,
    )) {
      const isListed = series.entries.get(sopInstanceUid)?.position !== undefined;
      if (!isListed) this.#remove(studyInstanceUid, seriesInstanceUid, sopInstanceUid);
    }
  }

  #dropStudy(studyInstanceUid: string): void {
    this.#remove(studyInstanceUid);
    this.problems.forget(studyInstanceUid);
    this.forget(studyInstanceUid);
  }

  /** What fails to go from the disk is gone from the index all the same; the store tells of its disk itself. */
  #remove(...place: Parameters<DimseSourceOptions["store"]["remove"]>): void {
    this.#options.store.remove(...place).catch(() => undefined);
  }
}
