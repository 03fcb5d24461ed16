import { connect, createServer } from "node:net";

/**
 * A relay that holds back every byte for half of a round trip, in each direction: a network between two programs
 * on one machine. It does not limit the bandwidth.
 * @param {{ targetPort: number, roundTripMs: number }} options
 * @returns {Promise<{ port: number, close: () => Promise<void> }>}
 */
export async function startDelayRelay({ targetPort, roundTripMs }) {
  /** @type {Set<import("node:net").Socket>} */ const open = new Set();
  const server = createServer((near) => {
    const far = connect({ port: targetPort, host: "127.0.0.1" });
    for (const socket of [near, far]) {
      open.add(socket);
      socket.setNoDelay(true);
      socket.once("close", () => open.delete(socket));
      socket.on("error", () => {});
    }
    delayed(near, far, roundTripMs / 2);
    delayed(far, near, roundTripMs / 2);
  });
  await new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve(undefined));
  });
  const address = server.address();
  return {
    port: address !== null && typeof address === "object" ? address.port : 0,
    close: async () => {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

/** @param {import("node:net").Socket} from @param {import("node:net").Socket} to @param {number} delayMs */
function delayed(from, to, delayMs) {
  /** @type {{ due: number, chunk: Buffer | undefined }[]} */ const waiting = [];
  let isRunning = false;
  const run = () => {
    const now = performance.now();
    for (let first = waiting[0]; first !== undefined && first.due <= now; first = waiting[0]) {
      waiting.shift();
      if (first.chunk === undefined) to.end();
      else if (to.writable) to.write(first.chunk);
    }
    isRunning = waiting.length > 0;
    if (isRunning) setTimeout(run, 1);
  };
  /** @param {Buffer | undefined} chunk */
  const hold = (chunk) => {
    waiting.push({ due: performance.now() + delayMs, chunk });
    if (isRunning) return;
    isRunning = true;
    setTimeout(run, delayMs);
  };
  from.on("data", hold);
  from.on("end", () => hold(undefined));
  from.on("close", () => hold(undefined));
}
