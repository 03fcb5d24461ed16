import type { DataSet } from "#core/dicom/data-set.ts";
import { isUid } from "#core/dicom/uid.ts";
import { DimseError } from "../../dimse/dimse-error.ts";
import { SourceError } from "../source.ts";
import type { PacsConnection } from "./pacs-connection.ts";
import {
  instanceListIdentifier,
  type SeriesKey,
  type StudyKey,
  seriesListIdentifier,
  studyFactsIdentifier,
} from "./retrieve-identifier.ts";
import type { ListedInstance } from "./series-entry.ts";
import { type ListingParts, NotListable, type SeriesProbe } from "./series-lists.ts";
import { type SeriesWork, SMALL_SERIES } from "./series-work.ts";

/** A series as the PACS lists it. */
export interface ListedSeries {
  readonly seriesInstanceUid: string;
  readonly modality: string | undefined;
  /** Number of its instances, where the PACS tells. */
  readonly count: number | undefined;
}

/** Identifier does not match SOP Class: such a query is not offered (PS3.4 table C.4-1). */
const NOT_QUERIED_SO = 0xa900;
const MOST_INSTANCES = 200_000;
const MOST_SERIES = 20_000;
const MOST_REMEMBERED = 10_000;

/** What the PACS says of a study. */
export interface StudyFacts {
  /** What tells one patient and examination from another, as a text to be compared. */
  readonly identity: string;
  /** Number of its instances, where the PACS tells. */
  readonly count: number | undefined;
}

/** The Patient ID of a study, which the Patient Root model wants; undefined in the other model. */
export type PatientIdOf = (
  studyInstanceUid: string,
  user: string,
  signal: AbortSignal,
) => Promise<string | undefined>;

/** What the PACS lists below a study, by C-FIND. */
export class PacsLists implements ListingParts {
  readonly #connection: PacsConnection;
  readonly #patientIdOf: PatientIdOf;
  readonly #modalities = new Map<string, string>();

  constructor(connection: PacsConnection, patientIdOf: PatientIdOf) {
    this.#connection = connection;
    this.#patientIdOf = patientIdOf;
  }

  async seriesKey(
    {
      studyInstanceUid,
      seriesInstanceUid,
    }: Pick<SeriesWork, "studyInstanceUid" | "seriesInstanceUid">,
    user: string,
    signal: AbortSignal,
  ): Promise<SeriesKey> {
    return { ...(await this.studyKey(studyInstanceUid, user, signal)), seriesInstanceUid };
  }

  async studyKey(studyInstanceUid: string, user: string, signal: AbortSignal): Promise<StudyKey> {
    const patientId = await this.#patientIdOf(studyInstanceUid, user, signal);
    return patientId === undefined ? { studyInstanceUid } : { studyInstanceUid, patientId };
  }

  async *list(
    series: SeriesWork,
    user: string,
    signal: AbortSignal,
  ): AsyncGenerator<ListedInstance> {
    if (this.#connection.settings.quirks.noImageLevelFind) throw new NotListable();
    const key = await this.seriesKey(series, user, signal);
    let count = 0;
    try {
      for await (const match of this.#find(instanceListIdentifier(key), user, signal)) {
        const instance = instanceOf(match, key);
        if (instance === undefined) continue;
        count += 1;
        if (count > MOST_INSTANCES) throw tooMany("instances");
        yield instance;
      }
    } catch (error) {
      const isUnknown = error instanceof DimseError && error.facts.status === NOT_QUERIED_SO;
      throw isUnknown ? new NotListable() : error;
    }
    if (count > 0) return;
    // Some answer nothing at this level; a series that is not there is not there at its own level either.
    for await (const _ of this.#find(
      seriesListIdentifier(key, key.seriesInstanceUid),
      user,
      signal,
    ))
      throw new NotListable();
  }

  /** How many instances there are, and, of a series of many, the SOP class of the one that is waited for. */
  async probe(
    series: SeriesWork,
    sopInstanceUid: string,
    user: string,
    signal: AbortSignal,
  ): Promise<SeriesProbe | undefined> {
    const { quirks, associations } = this.#connection.settings;
    if (quirks.noImageLevelFind || quirks.oneAssociation || associations.most < 3) return undefined;
    const key = await this.seriesKey(series, user, signal);
    const [listed] = await this.#series(key, user, signal, key.seriesInstanceUid);
    const count = listed?.count;
    const isDecided = series.listing === "complete" || (count ?? 0) <= SMALL_SERIES;
    if (isDecided) return { count, instance: undefined };
    for await (const match of this.#find(
      instanceListIdentifier(key, sopInstanceUid),
      user,
      signal,
    )) {
      const instance = instanceOf(match, key);
      if (instance?.sopInstanceUid === sopInstanceUid) return { count, instance };
    }
    return { count, instance: undefined };
  }

  /** The series of a study. @throws SourceError `not-found` where there are none, DimseError */
  async seriesOf(
    studyInstanceUid: string,
    user: string,
    signal: AbortSignal,
  ): Promise<readonly ListedSeries[]> {
    const key = await this.studyKey(studyInstanceUid, user, signal);
    const series = await this.#series(key, user, signal);
    if (series.length === 0) throw new SourceError("not-found", "The PACS has no such study");
    return series;
  }

  /** Modality of a series, where it is known or the PACS tells. */
  async modalityOf(
    series: SeriesWork,
    user: string,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    const known = this.#modalities.get(series.seriesInstanceUid);
    if (known !== undefined) return known;
    const key = await this.seriesKey(series, user, signal);
    const [listed] = await this.#series(key, user, signal, series.seriesInstanceUid);
    return listed?.modality;
  }

  /** Undefined where the study is not listed. */
  async studyFacts(
    studyInstanceUid: string,
    user: string,
    signal: AbortSignal,
  ): Promise<StudyFacts | undefined> {
    const key = await this.studyKey(studyInstanceUid, user, signal);
    for await (const match of this.#find(studyFactsIdentifier(key), user, signal)) {
      if (match.string(0x0020000d) !== studyInstanceUid) continue;
      const tags = [0x00100010, 0x00100020, 0x00100030, 0x00100040, 0x00080050, 0x00080020];
      const identity = JSON.stringify(tags.map((tag) => match.strings(tag)));
      return { identity, count: match.number(0x00201208) };
    }
    return undefined;
  }

  async #series(
    key: StudyKey,
    user: string,
    signal: AbortSignal,
    seriesInstanceUid?: string,
  ): Promise<readonly ListedSeries[]> {
    const found = new Map<string, ListedSeries>();
    const identifier = seriesListIdentifier(key, seriesInstanceUid);
    for await (const match of this.#find(identifier, user, signal)) {
      const uid = match.string(0x0020000e);
      if (uid === undefined || !isUid(uid)) continue;
      if (!isSame(match, 0x0020000d, key.studyInstanceUid)) continue;
      if (seriesInstanceUid !== undefined && uid !== seriesInstanceUid) continue;
      const modality = match.string(0x00080060);
      if (modality !== undefined) this.#remember(uid, modality);
      found.set(uid, { seriesInstanceUid: uid, modality, count: match.number(0x00201209) });
      if (found.size > MOST_SERIES) throw tooMany("series");
    }
    return [...found.values()];
  }

  #remember(seriesInstanceUid: string, modality: string): void {
    this.#modalities.set(seriesInstanceUid, modality);
    const [oldest] = this.#modalities.keys();
    if (this.#modalities.size > MOST_REMEMBERED && oldest !== undefined)
      this.#modalities.delete(oldest);
  }

  async *#find(identifier: DataSet, user: string, signal: AbortSignal): AsyncGenerator<DataSet> {
    const { model, settings } = this.#connection;
    const request = { model, identifier, fallbackCharacterSet: settings.fallbackCharacterSet };
    for await (const { dataSet } of this.#connection.find(request, user, signal)) yield dataSet;
  }
}

/** An instance of the series; a PACS that ignores keys lists others as well. */
function instanceOf(match: DataSet, key: SeriesKey): ListedInstance | undefined {
  const sopInstanceUid = match.string(0x00080018);
  if (sopInstanceUid === undefined || !isUid(sopInstanceUid)) return undefined;
  if (!isSame(match, 0x0020000e, key.seriesInstanceUid)) return undefined;
  if (!isSame(match, 0x0020000d, key.studyInstanceUid)) return undefined;
  const sopClassUid = match.string(0x00080016);
  // Creation date and time, number of frames.
  const version = [0x00080012, 0x00080013, 0x00280008].map((tag) => match.string(tag) ?? "").join();
  return {
    sopInstanceUid,
    sopClassUid: sopClassUid !== undefined && isUid(sopClassUid) ? sopClassUid : undefined,
    instanceNumber: match.number(0x00200013),
    version,
  };
}

function isSame(match: DataSet, tag: number, uid: string): boolean {
  return (match.string(tag) ?? uid) === uid;
}

function tooMany(what: string): DimseError {
  return new DimseError("limit-exceeded", `The PACS lists more ${what} than can be true`);
}
