import { createLocalFilesWorker } from "../retrieve/local-files-worker.ts";
import type { LocalFile, LocalProgress } from "../retrieve/local-protocol.ts";
import { LocalSource, type LocalWorkerLike, type OpenedFiles } from "../retrieve/local-source.ts";
import {
  assembleServices,
  type FrameServices,
  type FrameServicesOptions,
} from "./frame-services.ts";

export type { LocalFile, LocalProblem, LocalProgress } from "../retrieve/local-protocol.ts";

/** Files that the user opened, as an archive of their own. Nothing of them leaves the page. */
export interface LocalServices extends FrameServices {
  /** Reads more files. What cannot be read is a problem, never an error. @throws RetrieveError `aborted` */
  open(
    files: Iterable<LocalFile> | AsyncIterable<LocalFile>,
    signal: AbortSignal,
    onProgress?: (progress: LocalProgress) => void,
  ): Promise<OpenedFiles>;
}

/** Services over files; the worker that reads them starts here. */
export function createLocalServices(
  options: Pick<FrameServicesOptions, "decode" | "memoryBudgetBytes"> & {
    readonly createWorker?: () => LocalWorkerLike;
  },
): LocalServices {
  const source = new LocalSource((options.createWorker ?? createLocalFilesWorker)());
  const services = assembleServices(source, options, Promise.resolve(undefined));
  return {
    ...services,
    async open(files, signal, onProgress) {
      const list: LocalFile[] = [];
      for await (const file of files) list.push(file);
      return source.open(list, signal, onProgress);
    },
    close() {
      services.close();
      source.close();
    },
  };
}
