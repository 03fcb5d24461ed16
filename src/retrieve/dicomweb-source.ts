import type { DataSet } from "#core/dicom/data-set.ts";
import { dataSetFromJson } from "#core/dicom-json/from-json.ts";
import { parseMediaType } from "#core/dicomweb/media-type.ts";
import { bulkDataAddress } from "./bulk-data-address.ts";
import { readBulkDataResponse } from "./bulk-data-response.ts";
import { DECODED_FRAME_ACCEPT, FRAME_ACCEPTS, readFrameResponse } from "./frame-response.ts";
import { abortedError, HttpClient, type HttpClientOptions } from "./http-client.ts";
import { JsonArraySplitter } from "./json-array-splitter.ts";
import { studyQuery } from "./study-query.ts";
import {
  type EncodedFrame,
  type FrameAddress,
  type MetadataOptions,
  type RetrievedInstance,
  RetrieveError,
  type StudyMetadata,
  type StudyPage,
  type StudySearch,
  type StudySource,
} from "./study-source.ts";
import { readSearchWarnings } from "./warning-header.ts";

const LARGEST_PAGE_BYTES = 64 * 1024 * 1024;
const LARGEST_METADATA_BYTES = 4 * 1024 * 1024 * 1024;
const LARGEST_FRAME_ANSWER_BYTES = 520 * 1024 * 1024;
const LARGEST_BULK_DATA_BYTES = 512 * 1024 * 1024;
const JSON_TYPES = new Set(["application/dicom+json", "application/json"]);

/** How an archive is reached. */
export interface DicomwebSourceOptions extends HttpClientOptions {
  /** Absolute address of the service, with or without a slash at its end. */
  readonly url: string;
}

/** An archive that speaks DICOMweb (PS3.18): QIDO-RS and WADO-RS over `fetch`. */
export class DicomwebSource implements StudySource {
  readonly id: string;
  readonly isCacheable = true;
  readonly #http: HttpClient;
  /** The first of `FRAME_ACCEPTS` that this archive did not refuse. */
  #frameAccept = 0;
  #requestsBesidesFrames = 0;

  constructor(options: DicomwebSourceOptions) {
    this.id = options.url.replace(/\/+$/, "");
    this.#http = new HttpClient(options);
  }

  get requestsBesidesFrames(): number {
    return this.#requestsBesidesFrames;
  }

  searchForStudies(search: StudySearch, signal: AbortSignal): Promise<StudyPage> {
    return this.#counted(() => this.#searchForStudies(search, signal));
  }

  async #searchForStudies(search: StudySearch, signal: AbortSignal): Promise<StudyPage> {
    const url = `${this.id}/studies?${studyQuery(search)}`;
    const response = await this.#http.get(url, { accept: "application/dicom+json" }, signal);
    // 204 is how older services say that nothing matches (PS3.18 10.6.3.1).
    if (response.status === 204) return { studies: [], hasMore: false };
    const found: DataSet[] = [];
    for await (const { dataSet } of this.#instances(response, LARGEST_PAGE_BYTES, signal))
      found.push(dataSet);
    const warnings = readSearchWarnings(response.headers.get("warning"));
    const hasMore = found.length > search.limit || warnings.hasMore;
    const said = warnings.sentences.length === 0 ? {} : { warnings: warnings.sentences };
    return { studies: found.slice(0, search.limit), hasMore, ...said };
  }

  async retrieveStudyMetadata(
    studyInstanceUid: string,
    options: MetadataOptions,
    signal: AbortSignal,
  ): Promise<StudyMetadata> {
    const url = `${this.id}/studies/${encodeURIComponent(studyInstanceUid)}/metadata`;
    const headers = {
      accept: "application/dicom+json",
      ...(options.etag === undefined ? {} : { "if-none-match": options.etag }),
    };
    const response = await this.#counted(() => this.#http.get(url, headers, signal));
    if (response.status === 304 && options.etag !== undefined) return { kind: "not-modified" };
    return {
      kind: "instances",
      etag: response.headers.get("etag") ?? undefined,
      instances: this.#studyInstances(response, signal),
    };
  }

  async retrieveFrame(address: FrameAddress, signal: AbortSignal): Promise<EncodedFrame> {
    const [study, series, instance] = [
      address.studyInstanceUid,
      address.seriesInstanceUid,
      address.sopInstanceUid,
    ].map(encodeURIComponent);
    const url = `${this.id}/studies/${study}/series/${series}/instances/${instance}/frames/${address.frameNumber}`;
    const response = await this.#getFrame(url, signal);
    const chunks = this.#http.body(response, LARGEST_FRAME_ANSWER_BYTES, signal);
    const contentType = response.headers.get("content-type") ?? "";
    return this.#asRetrieveError(() => readFrameResponse(contentType, chunks), signal);
  }

  retrieveBulkData(uri: string, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    return this.#counted(() => this.#retrieveBulkData(uri, signal));
  }

  async #retrieveBulkData(uri: string, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    const accept =
      'multipart/related; type="application/octet-stream"; transfer-syntax=*, application/octet-stream;q=0.9, */*;q=0.5';
    const response = await this.#http.get(bulkDataAddress(uri, this.id), { accept }, signal);
    const chunks = this.#http.body(response, LARGEST_BULK_DATA_BYTES, signal);
    const contentType = response.headers.get("content-type") ?? "";
    return this.#asRetrieveError(() => readBulkDataResponse(contentType, chunks), signal);
  }

  /** A frame as it is stored; as the archive decodes it where it fails to give that (Orthanc: big endian, RLE). */
  async #getFrame(url: string, signal: AbortSignal): Promise<Response> {
    try {
      return await this.#getStoredFrame(url, signal);
    } catch (error) {
      if (!(error instanceof RetrieveError && error.status === 500)) throw error;
      const accept = DECODED_FRAME_ACCEPT;
      return this.#http.get(url, { accept }, signal).catch(() => {
        throw signal.aborted ? abortedError(signal) : error;
      });
    }
  }

  /** Asks down the ladder of media types until the archive no longer answers 406, and remembers the rung. */
  async #getStoredFrame(url: string, signal: AbortSignal): Promise<Response> {
    for (let rung = this.#frameAccept; ; rung++) {
      try {
        const response = await this.#http.get(
          url,
          { accept: FRAME_ACCEPTS[rung] ?? "*/*" },
          signal,
        );
        this.#frameAccept = rung;
        return response;
      } catch (error) {
        const isRefused = error instanceof RetrieveError && error.code === "not-acceptable";
        if (!isRefused || rung >= FRAME_ACCEPTS.length - 1) throw error;
      }
    }
  }

  async *#studyInstances(
    response: Response,
    signal: AbortSignal,
  ): AsyncGenerator<RetrievedInstance> {
    let count = 0;
    this.#requestsBesidesFrames++;
    try {
      if (response.status !== 204) {
        for await (const instance of this.#instances(response, LARGEST_METADATA_BYTES, signal)) {
          count++;
          yield instance;
        }
      }
    } finally {
      this.#requestsBesidesFrames--;
    }
    if (count === 0)
      throw new RetrieveError("not-found", "The archive does not have this study, or it is empty.");
  }

  async *#instances(
    response: Response,
    limitBytes: number,
    signal: AbortSignal,
  ): AsyncGenerator<RetrievedInstance> {
    requireJson(response);
    const splitter = new JsonArraySplitter();
    try {
      for await (const chunk of this.#http.body(response, limitBytes, signal)) {
        for (const json of splitter.push(chunk))
          yield { json, dataSet: dataSetFromJson(JSON.parse(json)) };
      }
      splitter.end();
    } catch (cause) {
      throw retrieveErrorOf(cause, signal);
    }
  }

  async #counted<T>(request: () => Promise<T>): Promise<T> {
    this.#requestsBesidesFrames++;
    try {
      return await request();
    } finally {
      this.#requestsBesidesFrames--;
    }
  }

  async #asRetrieveError<T>(read: () => Promise<T>, signal: AbortSignal): Promise<T> {
    try {
      return await read();
    } catch (cause) {
      throw retrieveErrorOf(cause, signal);
    }
  }
}

function retrieveErrorOf(cause: unknown, signal: AbortSignal): RetrieveError {
  if (signal.aborted) return abortedError(signal);
  if (cause instanceof RetrieveError) return cause;
  return new RetrieveError("bad-response", "The archive's answer is damaged or incomplete.", {
    cause,
  });
}

/** A page for people with status 200, which some servers give for every address, is not an answer. */
function requireJson(response: Response): void {
  const type = parseMediaType(response.headers.get("content-type") ?? "");
  if (type !== undefined && JSON_TYPES.has(type.essence)) return;
  throw new RetrieveError(
    "bad-response",
    "There is no DICOMweb service at the address of the archive, or a sign-in page stands before it.",
    { status: response.status },
  );
}
