/** Starts a decode worker of the application. */
export function createDecodeWorker(): Worker {
  return new Worker(new URL("../../workers/decode.worker.ts", import.meta.url), {
    type: "module",
    name: "decode",
  });
}
