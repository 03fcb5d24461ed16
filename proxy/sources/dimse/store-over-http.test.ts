import { type IncomingMessage, request } from "node:http";
import { connect, type Socket } from "node:net";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import type { FastifyInstance } from "fastify";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createAssociationPool } from "../../dimse/association-pool.ts";
import { type DicomListener, openDicomListener } from "../../dimse/dicom-listener.ts";
import type { StorageSink } from "../../dimse/storage-sink.ts";
import { createServer } from "../../http/create-server.ts";
import { madeInstance } from "../../testing/made-archive.ts";
import type { Source } from "../source.ts";
import { pacsStore } from "./store-transaction.ts";
import { fakeSettings } from "./testing/fake-storing.ts";

const LARGE_BYTES = 300 * 1024 * 1024;

/** What the PACS of a test does with objects, and what it saw. */
interface Seen {
  begun: number;
  whole: number;
  cut: number;
  bytes: number;
  status: number;
  /** Holds back the connection. */
  pause: (() => Promise<void>) | undefined;
}

describe("STOW-RS to a PACS", () => {
  let seen: Seen;
  let pacs: DicomListener;
  let app: FastifyInstance;
  let url: string;
  let port: number;
  let pool: ReturnType<typeof createAssociationPool>;

  beforeEach(async () => {
    seen = { begun: 0, whole: 0, cut: 0, bytes: 0, status: 0, pause: undefined };
    pacs = await openPacs(seen);
    const settings = fakeSettings();
    const remote = { ...settings.remote, port: pacs.port, aeTitle: "PACS" };
    pool = createAssociationPool(remote, { most: 4, perUser: 4, waitTimeoutMs: 1000 });
    const storing = pacsStore({
      settings: { ...settings, remote },
      pool,
      desk: undefined,
      onStored: () => undefined,
    });
    app = await createServer({
      sources: [sourceOf((study) => storing.open(study, ""))],
      decoder: { decode: unused, render: unused },
      allowedHosts: "any",
      version: "0",
    });
    await app.listen({ host: "127.0.0.1", port: 0 });
    const address = app.server.address();
    port = typeof address === "object" && address !== null ? address.port : 0;
    url = `http://127.0.0.1:${port}/dicom-web/studies`;
  });

  afterEach(async () => {
    await app.close();
    await pool.close();
    await pacs.close();
  });

  it("answers for each object, with its address", async () => {
    const answer = await post(url, multipart([object(1), object(2)]));
    expect(answer.status).toBe(200);
    expect(answer.body["00081190"]?.Value).toEqual([`${url}/1.2.3`]);
    expect(answer.body["00081199"]?.Value).toMatchObject([
      { "00081155": { Value: ["1.2.3.1.1"] } },
      { "00081155": { Value: ["1.2.3.1.2"] } },
    ]);
    expect(seen).toMatchObject({ begun: 2, whole: 2, cut: 0 });
  });

  it.each([
    [0xb000, 202, "00081199"],
    [0xa700, 409, "00081198"],
    [0xc000, 409, "00081198"],
  ])("passes the status %i of the PACS on, with its name", async (status, http, sequence) => {
    seen.status = status;
    const answer = await post(url, multipart([object(1)]));
    expect(answer.status).toBe(http);
    expect(answer.header("warning")).toContain(status.toString(16).toUpperCase());
    expect(answer.body).toHaveProperty(sequence);
  });

  it("stores thousands of small objects in one request", async () => {
    const parts = Array.from({ length: 2000 }, () => object(1));
    const answer = await post(url, multipart(parts));
    expect(answer.status).toBe(200);
    expect(seen.whole).toBe(2000);
  }, 60_000);

  it("holds little of a large object, however slow the PACS", async () => {
    let writes = 0;
    let most = 0;
    const sent = { bytes: 0 };
    seen.pause = () => {
      most = Math.max(most, sent.bytes - seen.bytes);
      return ++writes % 512 === 0 ? wait(5) : Promise.resolve();
    };
    const answer = await post(url, large(sent));
    expect(answer.status).toBe(200);
    expect(seen.bytes).toBeGreaterThan(LARGE_BYTES);
    // Buffers of three connections and of the client's own stream.
    expect(most).toBeLessThan(24 * 1024 * 1024);
  }, 60_000);

  it("gives up at the PACS when the client leaves in the middle of an object", async () => {
    const socket = await openRequest(port, 10_000_000);
    socket.write("--B\r\nContent-Type: application/dicom\r\n\r\n");
    socket.write(object(1, 2_000_000).subarray(0, 3_000_000));
    await until(() => seen.begun === 1);
    socket.destroy();
    await until(() => seen.cut === 1);
    expect(seen.whole).toBe(0);
    await until(() => pool.status().open === 0 || pool.status().idle > 0);
    expect((await post(url, multipart([object(1)]))).status).toBe(200);
  });

  it.each<[string, Buffer, number, string]>([
    ["without its last boundary", multipart([object(1)]).subarray(0, -9), 400, "truncated-body"],
    [
      "with another boundary",
      Buffer.from(
        multipart([object(1)])
          .toString("latin1")
          .replaceAll("--B", "--C"),
        "latin1",
      ),
      400,
      "truncated-body",
    ],
    ["with nothing", Buffer.from("--B--\r\n"), 400, "empty-request"],
    ["that is no multipart body", Buffer.from("hello"), 400, "truncated-body"],
  ])("refuses a body %s", async (_what, body, status, code) => {
    const answer = await post(url, body);
    expect(answer.status).toBe(status);
    expect(answer.header("content-type")).toContain("application/problem+json");
    expect(answer.body).toMatchObject({ code });
  });

  it("says what was stored before a body broke off", async () => {
    const whole = multipart([object(1), object(2)]);
    const answer = await post(url, whole.subarray(0, -200));
    expect(answer.status).toBe(202);
    expect(answer.body["00081199"]?.Value).toHaveLength(1);
    expect(answer.body["0008119A"]?.Value).toMatchObject([{ "00081197": { Value: [0xc000] } }]);
  });

  it("names an empty part as one that failed", async () => {
    const answer = await post(url, multipart([new Uint8Array(0), object(1)]));
    expect(answer.status).toBe(202);
    expect(answer.body).toHaveProperty("0008119A");
  });

  it("stores one object for two clients at a time", async () => {
    const body = multipart([object(1)]);
    const answers = await Promise.all([post(url, body), post(url, body)]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(seen.whole).toBe(2);
  });

  it("refuses what belongs to another study than the address names", async () => {
    const answer = await post(`${url}/1.2.4`, multipart([object(1)]));
    expect(answer.status).toBe(409);
    expect(seen.begun).toBe(0);
  });

  it("answers while the client is still sending when the PACS is not there", async () => {
    await pacs.close();
    const socket = await openRequest(port, 10_000_000);
    socket.write("--B\r\nContent-Type: application/dicom\r\n\r\n");
    socket.write(object(1));
    socket.write("\r\n--B\r\nContent-Type: application/dicom\r\n\r\n");
    const answered = await answerOn(socket);
    expect(answered).toContain("HTTP/1.1 503");
    expect(answered).toContain("retry-after");
    expect(answered).toContain('"code":"unavailable"');
    expect(answered).toContain("127.0.0.1");
  });
});

async function openPacs(seen: Seen): Promise<DicomListener> {
  const sink: StorageSink = {
    begin: () => {
      seen.begun += 1;
      return {
        write: (chunk) => {
          seen.bytes += chunk.byteLength;
          return seen.pause?.();
        },
        end: () => {
          seen.whole += 1;
          return seen.status;
        },
        abort: () => {
          seen.cut += 1;
        },
      };
    },
  };
  return await openDicomListener({
    aeTitles: ["PACS"],
    host: "127.0.0.1",
    port: 0,
    allows: () => true,
    inbox: { ...sink, allows: () => true },
    maximumAssociations: 8,
    maximumPduLength: 65_536,
    silenceTimeoutMs: 5000,
  });
}

function sourceOf(openStore: NonNullable<Source["openStore"]>): Source {
  return {
    name: "pacs",
    kind: "dimse",
    canStore: true,
    search: unused,
    etag: unused,
    metadata: never,
    instances: never,
    frames: never,
    bulkData: unused,
    store: unused,
    openStore,
    problems: () => Promise.resolve([]),
    status: () => ({ state: "ready" }),
    close: () => Promise.resolve(),
  };
}

function unused(): Promise<never> {
  return Promise.reject(new Error("Not asked for here"));
}

// biome-ignore lint/correctness/useYield: it has nothing
async function* never(): AsyncGenerator<never> {
  throw new Error("Not asked for here");
}

function object(number: number, pixels = 16): Uint8Array {
  return madeInstance({
    SOPInstanceUID: `1.2.3.1.${number}`,
    PixelData: new Uint16Array(pixels),
  });
}

function multipart(parts: readonly Uint8Array[]): Buffer {
  const head = Buffer.from("--B\r\nContent-Type: application/dicom\r\n\r\n");
  const pieces = parts.flatMap((part) => [head, part, Buffer.from("\r\n")]);
  return Buffer.concat([...pieces, Buffer.from("--B--\r\n")]);
}

/** An object of 300 MB, made while it is sent. */
function large(sent: { bytes: number }): Readable {
  const start = Buffer.from(object(1)).subarray(0, -44);
  const header = Buffer.alloc(12);
  header.write("\u00e0\u007f\u0010\u0000OW", "latin1");
  header.writeUInt32LE(LARGE_BYTES, 8);
  const chunk = Buffer.alloc(65_536, 1);
  return Readable.from(
    (async function* () {
      yield Buffer.from("--B\r\nContent-Type: application/dicom\r\n\r\n");
      yield start;
      yield header;
      for (; sent.bytes < LARGE_BYTES; sent.bytes += chunk.byteLength) yield chunk;
      yield Buffer.from("\r\n--B--\r\n");
    })(),
    { objectMode: false },
  );
}

async function post(url: string, body: Buffer | Readable): Promise<Answer> {
  const headers = { "content-type": 'multipart/related; type="application/dicom"; boundary=B' };
  const outgoing = request(url, { method: "POST", headers });
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    outgoing.once("response", resolve).once("error", reject);
  });
  if (body instanceof Readable) body.pipe(outgoing);
  else outgoing.end(body);
  const response = await answered;
  return {
    status: response.statusCode ?? 0,
    header: (name) => String(response.headers[name] ?? ""),
    body: JSON.parse(await text(response)),
  };
}

interface Answer {
  readonly status: number;
  readonly header: (name: string) => string;
  readonly body: Record<string, { Value: unknown[] }>;
}

async function openRequest(port: number, length: number): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  await new Promise((resolve) => socket.once("connect", resolve));
  socket.write(
    [
      "POST /dicom-web/studies HTTP/1.1",
      `Host: 127.0.0.1:${port}`,
      'Content-Type: multipart/related; type="application/dicom"; boundary=B',
      `Content-Length: ${length}`,
      "\r\n",
    ].join("\r\n"),
  );
  return socket;
}

async function answerOn(socket: Socket): Promise<string> {
  let answered = "";
  for await (const chunk of socket) {
    answered += String(chunk);
    if (answered.includes("}")) break;
  }
  return answered;
}

function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

async function until(isTrue: () => boolean): Promise<void> {
  for (let left = 300; left > 0; left -= 1) {
    if (isTrue()) return;
    await wait(10);
  }
  throw new Error("It did not come to pass");
}
