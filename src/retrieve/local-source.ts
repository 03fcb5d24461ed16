import type { DataSet } from "#core/dicom/data-set.ts";
import { dataSetFromJson } from "#core/dicom-json/from-json.ts";
import { abortedError } from "./http-client.ts";
import type {
  FromLocalWorker,
  LocalDemands,
  LocalFile,
  LocalInstance,
  LocalProblem,
  LocalProgress,
  ToLocalWorker,
} from "./local-protocol.ts";
import { localStudy, matchesSearch } from "./local-study.ts";
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

/** The part of a Worker that the source uses. */
export interface LocalWorkerLike {
  postMessage(message: ToLocalWorker): void;
  terminate(): void;
  addEventListener(type: "message", listener: (event: MessageEvent<FromLocalWorker>) => void): void;
  addEventListener(type: "error" | "messageerror", listener: (event: Event) => void): void;
}

/** What the opening of files came to. */
export interface OpenedFiles {
  /** The studies that have instances now which they had not before, in the order in which they were found. */
  readonly studyInstanceUids: readonly string[];
  readonly problems: readonly LocalProblem[];
}

interface Demand {
  readonly resolve: (message: Extract<FromLocalWorker, { ok: true }>) => void;
  readonly reject: (error: RetrieveError) => void;
}

/** Files that the user opened, as an archive of their own. A worker reads them; nothing of them leaves the page. */
export class LocalSource implements StudySource {
  readonly id = `local:${crypto.randomUUID()}`;
  readonly isCacheable = false;
  readonly #worker: LocalWorkerLike;
  readonly #instances = new Map<string, LocalInstance[]>();
  readonly #demands = new Map<number, Demand>();
  #lastId = 0;
  #onFound: (message: Extract<FromLocalWorker, { type: "found" }>) => void = () => undefined;

  constructor(worker: LocalWorkerLike) {
    this.#worker = worker;
    worker.addEventListener("message", ({ data }) => this.#receive(data));
    worker.addEventListener("error", () => this.#fail());
    worker.addEventListener("messageerror", () => this.#fail());
  }

  /**
   * Reads files, folders' files and zips. What cannot be read is listed as a problem.
   * @throws RetrieveError `aborted`, or `bad-response` when the worker died
   */
  async open(
    files: readonly LocalFile[],
    signal: AbortSignal,
    onProgress: (progress: LocalProgress) => void = () => undefined,
  ): Promise<OpenedFiles> {
    const problems: LocalProblem[] = [];
    const studies = new Set<string>();
    this.#onFound = (found) => {
      problems.push(...found.problems);
      for (const instance of found.instances) {
        this.#add(instance);
        studies.add(instance.studyInstanceUid);
      }
      onProgress(found.progress);
    };
    await this.#demand({ type: "open", request: { files } }, signal);
    return { studyInstanceUids: [...studies], problems };
  }

  async searchForStudies(search: StudySearch, signal: AbortSignal): Promise<StudyPage> {
    if (signal.aborted) throw abortedError(signal);
    const studies = [...this.#instances.values()]
      .map((instances) => localStudy(instances.map(dataSetOf)))
      .filter((study) => matchesSearch(study, search));
    const end = search.offset + search.limit;
    return { studies: studies.slice(search.offset, end), hasMore: studies.length > end };
  }

  async retrieveStudyMetadata(
    studyInstanceUid: string,
    _options: MetadataOptions,
    signal: AbortSignal,
  ): Promise<StudyMetadata> {
    if (signal.aborted) throw abortedError(signal);
    const instances = this.#instances.get(studyInstanceUid);
    if (instances === undefined)
      throw new RetrieveError("not-found", "The opened files do not hold this study.");
    return { kind: "instances", etag: undefined, instances: retrieved(instances) };
  }

  async retrieveFrame(address: FrameAddress, signal: AbortSignal): Promise<EncodedFrame> {
    const { sopInstanceUid, frameNumber } = address;
    const answer = await this.#demand(
      { type: "frame", request: { sopInstanceUid, frameNumber } },
      signal,
    );
    if (answer.type !== "frame") throw new RetrieveError("bad-response", WORKER_DIED);
    return answer.response;
  }

  async retrieveBulkData(uri: string, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    const answer = await this.#demand({ type: "bulkData", request: { uri } }, signal);
    if (answer.type !== "bulkData") throw new RetrieveError("bad-response", WORKER_DIED);
    return answer.response.bytes;
  }

  /** Lets go of the files. */
  close(): void {
    this.#worker.terminate();
    this.#fail();
    this.#instances.clear();
  }

  #add(instance: LocalInstance): void {
    const study = this.#instances.get(instance.studyInstanceUid) ?? [];
    if (study.some(({ sopInstanceUid }) => sopInstanceUid === instance.sopInstanceUid)) return;
    study.push(instance);
    this.#instances.set(instance.studyInstanceUid, study);
  }

  #demand(
    demand: {
      [Name in keyof LocalDemands]: {
        readonly type: Name;
        readonly request: LocalDemands[Name][0];
      };
    }[keyof LocalDemands],
    signal: AbortSignal,
  ): Promise<Extract<FromLocalWorker, { ok: true }>> {
    const id = ++this.#lastId;
    return new Promise<Extract<FromLocalWorker, { ok: true }>>((resolve, reject) => {
      if (signal.aborted) return reject(abortedError(signal));
      const stop = (): void => {
        this.#demands.delete(id);
        this.#worker.postMessage({ type: "abort", id });
        reject(abortedError(signal));
      };
      signal.addEventListener("abort", stop, { once: true });
      const settled = (): void => signal.removeEventListener("abort", stop);
      this.#demands.set(id, {
        resolve: (message) => {
          settled();
          resolve(message);
        },
        reject: (error) => {
          settled();
          reject(error);
        },
      });
      this.#worker.postMessage({ ...demand, id });
    });
  }

  #receive(message: FromLocalWorker): void {
    if (message.type === "found") {
      this.#onFound(message);
      return;
    }
    const demand = this.#demands.get(message.id);
    this.#demands.delete(message.id);
    if (message.ok) demand?.resolve(message);
    else demand?.reject(new RetrieveError(message.error.code, message.error.message));
  }

  #fail(): void {
    for (const { reject } of this.#demands.values())
      reject(new RetrieveError("bad-response", WORKER_DIED));
    this.#demands.clear();
  }
}

const WORKER_DIED = "Reading the files failed at an unexpected place. Open them again.";

async function* retrieved(instances: readonly LocalInstance[]): AsyncGenerator<RetrievedInstance> {
  for (const instance of instances) yield { json: instance.json, dataSet: dataSetOf(instance) };
}

function dataSetOf({ json }: LocalInstance): DataSet {
  return dataSetFromJson(JSON.parse(json));
}
