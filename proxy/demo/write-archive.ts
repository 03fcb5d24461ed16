import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { archiveParts } from "./archive.ts";
import type { PartAnswer, ThreadOrder } from "./part-protocol.ts";
import { writePart } from "./write-part.ts";

const MOST_THREADS = 4;

/** Writes all parts below a folder, on several threads where the companion is built, and reports after each. */
export async function writeArchive(
  order: ThreadOrder,
  onProgress: (done: number, total: number) => void,
): Promise<void> {
  const parts = archiveParts(order.scale);
  const lanes = makeLanes(order, Math.min(MOST_THREADS, availableParallelism(), parts.length));
  let next = 0;
  let done = 0;
  onProgress(0, parts.length);
  const work = async (lane: Lane): Promise<void> => {
    while (next < parts.length) {
      await lane.make(next++);
      onProgress(++done, parts.length);
    }
  };
  try {
    await Promise.all(lanes.map(work));
  } finally {
    await Promise.all(lanes.map((lane) => lane.close()));
  }
}

/** Something that makes one part after the other. */
interface Lane {
  make(partIndex: number): Promise<void>;
  close(): Promise<unknown>;
}

function makeLanes(order: ThreadOrder, count: number): readonly Lane[] {
  const built = new URL("./demo-thread.js", import.meta.url);
  if (!existsSync(fileURLToPath(built))) return [laneHere(order)];
  return Array.from({ length: count }, () => threadLane(built, order));
}

/** Where no thread was built, parts are made in place; the event loop gets its turn between two of them. */
function laneHere({ directory, scale }: ThreadOrder): Lane {
  const parts = archiveParts(scale);
  return {
    make: async (partIndex) => {
      await new Promise((resolve) => setImmediate(resolve));
      await writePart(parts[partIndex], directory);
    },
    close: () => Promise.resolve(),
  };
}

function threadLane(script: URL, order: ThreadOrder): Lane {
  const worker = new Worker(script, { workerData: order });
  return {
    make: (partIndex) =>
      new Promise((resolve, reject) => {
        const settle = () => {
          worker.off("message", onMessage);
          worker.off("error", onError);
          worker.off("exit", onExit);
        };
        const onMessage = (answer: PartAnswer) => {
          settle();
          if (answer.ok) resolve();
          else reject(new Error(answer.message));
        };
        const onError = (error: unknown) => {
          settle();
          reject(error);
        };
        const onExit = () => onError(new Error("A thread that makes the demo archive ended early"));
        worker.on("message", onMessage);
        worker.on("error", onError);
        worker.on("exit", onExit);
        worker.postMessage(partIndex);
      }),
    close: () => worker.terminate(),
  };
}
