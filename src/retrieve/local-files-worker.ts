import type { LocalWorkerLike } from "./local-source.ts";

/** Starts the worker that reads local files; it is loaded when files are opened, not before. */
export function createLocalFilesWorker(): LocalWorkerLike {
  return new Worker(new URL("../../workers/local-files.worker.ts", import.meta.url), {
    type: "module",
    name: "local-files",
  });
}
