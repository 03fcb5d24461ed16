import { once } from "node:events";
import { createConnection, type Socket } from "node:net";
import type { FastifyInstance } from "fastify";
import { afterEach, describe, expect, it } from "vitest";
import { type Source, SourceError } from "../sources/source.ts";
import { createServer } from "./create-server.ts";

const MEGABYTE = 1024 * 1024;
const PATH = "/dicom-web/studies/1.2/series/1.2.3/instances/1.2.3.4";

/** A source of one instance whose bytes are made while they are read. */
function scriptedSource(open: () => AsyncIterable<Uint8Array>, byteLength: number): Source {
  const refuse = () => {
    throw new SourceError("not-implemented", "Not part of the script");
  };
  return {
    name: "script",
    kind: "folder",
    canStore: false,
    search: async () => refuse(),
    etag: async () => "1",
    metadata: refuse,
    async *instances() {
      yield {
        selector: {
          studyInstanceUid: "1.2",
          seriesInstanceUid: "1.2.3",
          sopInstanceUid: "1.2.3.4",
        },
        sopClassUid: "1.2",
        transferSyntaxUid: "1.2.840.10008.1.2.1",
        byteLength,
        open,
      };
    },
    frames: refuse,
    bulkData: async () => refuse(),
    store: async () => refuse(),
    problems: async () => [],
    status: () => ({ state: "ready" }),
    close: async () => {},
  };
}

let app: FastifyInstance;
let socket: Socket;

afterEach(async () => {
  socket.destroy();
  await app.close();
});

async function refused() {
  return { ok: false, error: { code: "aborted", message: "" } } as const;
}

async function connect(source: Source, accept: string, method = "GET"): Promise<Socket> {
  app = await createServer({
    sources: [source],
    decoder: { decode: refused, render: refused },
    allowedHosts: ["localhost"],
    version: "1",
  });
  await app.listen({ host: "127.0.0.1", port: 0 });
  const address = app.server.address();
  if (typeof address !== "object" || address === null) throw new Error("It does not listen");
  socket = createConnection({ host: "127.0.0.1", port: address.port });
  socket.write(`${method} ${PATH} HTTP/1.1\r\nHost: localhost\r\nAccept: ${accept}\r\n\r\n`);
  return socket;
}

async function settled(isSettled: () => boolean): Promise<void> {
  for (let round = 0; round < 200 && !isSettled(); round += 1) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

describe("a body that is larger than memory", () => {
  it("is read no faster than the client takes it, and no more after the client has gone", async () => {
    let read = 0;
    let isClosed = false;
    async function* open() {
      try {
        for (; read < 500; read += 1) yield new Uint8Array(MEGABYTE);
      } finally {
        isClosed = true;
      }
    }
    const client = await connect(scriptedSource(open, 500 * MEGABYTE), "application/dicom");
    await once(client, "readable");
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(read).toBeLessThan(30);
    expect(isClosed).toBe(false);
    client.destroy();
    await settled(() => isClosed);
    expect(isClosed).toBe(true);
    expect(read).toBeLessThan(40);
  });

  it.each(["application/dicom", "multipart/related"])(
    "is left where only its head is asked for, as %s",
    async (accept) => {
      let read = 0;
      let isClosed = false;
      async function* open() {
        try {
          for (; read < 500; read += 1) yield new Uint8Array(MEGABYTE);
        } finally {
          isClosed = true;
        }
      }
      const source = scriptedSource(open, 500 * MEGABYTE);
      const client = await connect(source, accept, "HEAD");
      const [chunk] = await once(client, "data");
      expect(String(chunk)).toContain("200 OK");
      await settled(() => isClosed);
      expect(isClosed).toBe(true);
      expect(read).toBeLessThan(2);
    },
  );

  it("that fails on the way ends without the last boundary and without the last chunk", async () => {
    async function* open() {
      yield new Uint8Array(1000);
      await new Promise((resolve) => setTimeout(resolve, 20));
      throw new SourceError("unavailable", "The disk is gone");
    }
    const client = await connect(scriptedSource(open, 2000), "multipart/related");
    let text = "";
    client.on("data", (chunk) => {
      text += chunk.toString("latin1");
    });
    await Promise.race([once(client, "close"), once(client, "error")]);
    expect(text).toContain("200 OK");
    expect(text).not.toMatch(/--negato-\w+--/);
    expect(text).not.toMatch(/\r\n0\r\n\r\n$/);
  });

  it("that fails before its first byte is a problem document", async () => {
    // biome-ignore lint/correctness/useYield: it fails before it gives anything
    async function* open(): AsyncGenerator<Uint8Array> {
      throw new SourceError("unavailable", "The disk is gone");
    }
    const client = await connect(scriptedSource(open, 2000), "multipart/related");
    const [chunk] = await once(client, "data");
    expect(String(chunk)).toContain("503 Service Unavailable");
    expect(String(chunk)).toContain("application/problem+json");
  });
});
