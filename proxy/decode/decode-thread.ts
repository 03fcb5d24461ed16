import { parentPort } from "node:worker_threads";
import { decodeAnswerer } from "./answer-decode.ts";
import type { ToDecodeThread } from "./thread-protocol.ts";

/** Entry of a decode thread of the companion. */
const answer = decodeAnswerer((message, transfer) => parentPort?.postMessage(message, transfer));

parentPort?.on("message", (message: ToDecodeThread) => {
  void answer(message);
});
