import { parentPort, workerData } from "node:worker_threads";
import { archiveParts } from "./archive.ts";
import type { PartAnswer, ThreadOrder } from "./part-protocol.ts";
import { writePart } from "./write-part.ts";

/** A thread that makes the parts whose numbers it is sent, and answers each when its files are written. */
const { directory, scale }: ThreadOrder = workerData;
const parts = archiveParts(scale);

parentPort?.on("message", (partIndex: number) => {
  writePart(parts[partIndex], directory).then(
    () => answer({ ok: true }),
    (error: unknown) => answer({ ok: false, message: String(error) }),
  );
});

function answer(message: PartAnswer): void {
  parentPort?.postMessage(message);
}
