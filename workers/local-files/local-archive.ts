import { DicomError } from "#core/dicom/dicom-error.ts";
import type { DicomFile } from "#core/dicom/dicom-file.ts";
import { identifiersOf } from "#core/dicom/made-up-identifiers.ts";
import { readDicom } from "#core/dicom/part10-reader.ts";
import type {
  LocalFile,
  LocalInstance,
  LocalProblem,
  LocalProgress,
} from "../../src/retrieve/local-protocol.ts";
import type { FoundFile } from "./found-file.ts";
import { foundFiles, problemOf } from "./found-files.ts";
import { instanceRecord } from "./instance-record.ts";
import { comparablePath, isMediaDirectory, referencedPaths } from "./media-directory.ts";

/** Files that are read at the same time. */
const FILES_AT_ONCE = 4;
/** Instances and problems are told in portions, at the latest after this time. */
const TELLING_INTERVAL_MS = 100;

/** What the reading of files tells as it goes on. */
export interface Findings {
  readonly instances: readonly LocalInstance[];
  readonly problems: readonly LocalProblem[];
  readonly progress: LocalProgress;
}

/** The files that were opened: finds their instances and remembers in which file each one is. */
export class LocalArchive {
  readonly #files = new Map<string, FoundFile>();

  /** The file of an instance. */
  fileOf(sopInstanceUid: string): FoundFile | undefined {
    return this.#files.get(sopInstanceUid);
  }

  /** Reads the headers of all files; those that a DICOMDIR lists come first, in its order. */
  async open(
    files: readonly LocalFile[],
    tell: (findings: Findings) => void,
    signal: AbortSignal,
  ): Promise<LocalProgress> {
    const reading = new Reading(this.#files, tell);
    const found: FoundFile[] = [];
    for await (const file of foundFiles(files, signal, (problem) => reading.report(problem))) {
      found.push(file);
      reading.filesFound = found.length;
      reading.tellSometimes();
    }
    const isDirectory = ({ path }: FoundFile): boolean => /(^|\/)dicomdir\.?(;\d+)?$/i.test(path);
    for (const file of found.filter(isDirectory)) await reading.readFile(file, signal);
    const rest = found.filter((file) => !isDirectory(file));
    await reading.readAll(reading.inListedOrder(rest), signal);
    reading.tellNow();
    return reading.progress;
  }
}

/** One opening of files while it goes on. */
class Reading {
  filesFound = 0;
  readonly #filesByUid: Map<string, FoundFile>;
  readonly #tell: (findings: Findings) => void;
  /** Place of each path that a DICOMDIR lists. */
  readonly #listed = new Map<string, { readonly place: number; readonly path: string }>();
  #instances: LocalInstance[] = [];
  #problems: LocalProblem[] = [];
  #filesRead = 0;
  #instanceCount = 0;
  #toldAt = Date.now();

  constructor(filesByUid: Map<string, FoundFile>, tell: (findings: Findings) => void) {
    this.#filesByUid = filesByUid;
    this.#tell = tell;
  }

  get progress(): LocalProgress {
    return {
      filesFound: this.filesFound,
      filesRead: this.#filesRead,
      instances: this.#instanceCount,
    };
  }

  report(problem: LocalProblem): void {
    this.#problems.push(problem);
  }

  tellSometimes(): void {
    if (Date.now() - this.#toldAt > TELLING_INTERVAL_MS) this.tellNow();
  }

  tellNow(): void {
    this.#tell({ instances: this.#instances, problems: this.#problems, progress: this.progress });
    this.#instances = [];
    this.#problems = [];
    this.#toldAt = Date.now();
  }

  /** The files by their place in the DICOMDIRs, the others after them; listed ones that are not there are reported. */
  inListedOrder(files: readonly FoundFile[]): readonly FoundFile[] {
    const present = new Set(files.map(({ path }) => comparablePath(path)));
    for (const [key, { path }] of this.#listed) {
      if (!present.has(key))
        this.report({
          path,
          code: "missing",
          message: "The DICOMDIR lists this file, but it is not there.",
        });
    }
    const placeOf = ({ path }: FoundFile): number =>
      this.#listed.get(comparablePath(path))?.place ?? Number.MAX_SAFE_INTEGER;
    return [...files].sort((a, b) => placeOf(a) - placeOf(b));
  }

  async readAll(files: readonly FoundFile[], signal: AbortSignal): Promise<void> {
    const queue = files.values();
    const reader = async (): Promise<void> => {
      for (const file of queue) await this.readFile(file, signal);
    };
    await Promise.all(Array.from({ length: FILES_AT_ONCE }, reader));
  }

  async readFile(found: FoundFile, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    try {
      const source = await found.open(signal);
      const file = await readDicom(source, { signal, stopAtPixelData: true });
      if (isMediaDirectory(file.dataSet)) this.#list(found, file);
      else this.#take(found, instanceRecord(file, await identifiersOf(file, source, signal)));
    } catch (cause) {
      signal.throwIfAborted();
      this.report(dicomProblemOf(found.path, cause));
    }
    this.#filesRead++;
    this.tellSometimes();
  }

  #list(found: FoundFile, directory: DicomFile): void {
    for (const path of referencedPaths(directory.dataSet, found.path))
      this.#listed.set(comparablePath(path), { place: this.#listed.size, path });
  }

  #take(found: FoundFile, instance: LocalInstance): void {
    this.#filesByUid.set(instance.sopInstanceUid, found);
    this.#instances.push(instance);
    this.#instanceCount++;
  }
}

function dicomProblemOf(path: string, cause: unknown): LocalProblem {
  if (!(cause instanceof DicomError)) return problemOf(path, cause);
  const code = cause.code === "not-dicom" ? "not-dicom" : "broken";
  return { path, code, message: cause.message };
}
