import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** A line between two programs that carries what the far side says no faster than so. */
export interface SlowRelay {
  readonly port: number;
  /** Lets bytes through as fast as they come from now on, or again only so many per second. */
  limit(bytesPerSecond: number | undefined): void;
  stop(): Promise<void>;
}

const TURN_MS = 10;

/** Listens on a free port of loopback, and passes on to another one. */
export async function startSlowRelay(target: number, bytesPerSecond: number): Promise<SlowRelay> {
  let limit: number | undefined = bytesPerSecond;
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (near) => {
    const far = connect({ port: target, host: "127.0.0.1", noDelay: true });
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => {
        sockets.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    near.pipe(far, { end: false });
    carry(far, near, () => limit).catch(() => near.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The relay has no port.");
  return {
    port: address.port,
    limit(next) {
      limit = next;
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

async function carry(from: Socket, to: Socket, limit: () => number | undefined): Promise<void> {
  for await (const chunk of from) {
    if (!Buffer.isBuffer(chunk)) return;
    const perSecond = limit();
    if (perSecond !== undefined) await sleep(Math.max(TURN_MS, (chunk.length / perSecond) * 1000));
    if (!to.write(chunk)) await once(to, "drain");
  }
  to.end();
}
