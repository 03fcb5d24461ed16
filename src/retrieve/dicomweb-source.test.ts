import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { afterEach, expect, test } from "vitest";
import { DicomwebSource } from "./dicomweb-source.ts";
import type { RetrievedInstance, StudyMetadata } from "./study-source.ts";

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

const never = new AbortController().signal;
const ADDRESS = {
  studyInstanceUid: "1.2",
  seriesInstanceUid: "1.2.3",
  sopInstanceUid: "1.2.3.4",
  frameNumber: 2,
};
const ALL_STUDIES = { limit: 2, offset: 0 };
const stops: (() => void)[] = [];

afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

/** An archive that answers one request after the other with these handlers, the last one for ever. */
async function archive(...handlers: readonly Handler[]) {
  const requests: IncomingMessage[] = [];
  const waits: number[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    handlers[Math.min(requests.length, handlers.length) - 1]?.(request, response);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  stops.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  const source = new DicomwebSource({
    url: `http://127.0.0.1:${port}/dicom-web/`,
    fetch,
    silenceLimitMs: 300,
    clock: {
      random: () => 0,
      sleep: async (ms) => {
        waits.push(ms);
      },
    },
  });
  return { source, requests, waits, port };
}

const json =
  (body: unknown, headers: Record<string, string> = {}): Handler =>
  (_, response) =>
    response
      .writeHead(200, { "content-type": "application/dicom+json", ...headers })
      .end(JSON.stringify(body));

const status =
  (code: number, headers: Record<string, string> = {}, body = ""): Handler =>
  (_, response) =>
    response.writeHead(code, headers).end(body);

const study = (uid: string): unknown => ({ "0020000D": { vr: "UI", Value: [uid] } });

function multipart(parts: readonly (readonly [string, Uint8Array | string])[]): Buffer {
  const pieces = parts.flatMap(([type, body]) => [
    Buffer.from(`\r\n--frontier\r\nContent-Type: ${type}\r\n\r\n`),
    Buffer.from(body),
  ]);
  return Buffer.concat([...pieces, Buffer.from("\r\n--frontier--\r\n")]);
}

const frame =
  (body: Buffer): Handler =>
  (_, response) =>
    response
      .writeHead(200, {
        "content-type": 'multipart/related; type="application/octet-stream"; boundary=frontier',
      })
      .end(body);

async function instancesOf(metadata: Promise<StudyMetadata>): Promise<RetrievedInstance[]> {
  const answer = await metadata;
  if (answer.kind === "not-modified") throw new Error("Not modified");
  const instances: RetrievedInstance[] = [];
  for await (const instance of answer.instances) instances.push(instance);
  return instances;
}

test("a search asks for one study more than the page holds, and says whether it came", async () => {
  const { source, requests } = await archive(json([study("1"), study("2"), study("3")]));
  const search = {
    ...ALL_STUDIES,
    patientName: "M?ller*",
    dateFrom: "20200101",
    modality: "CT",
    offset: 4,
  };
  const page = await source.searchForStudies(search, never);
  expect(page.studies.map((found) => found.string(0x0020000d))).toEqual(["1", "2"]);
  expect(page.hasMore).toBe(true);
  const query = new URL(requests[0]?.url ?? "", "http://x").searchParams;
  expect(Object.fromEntries(query)).toMatchObject({
    PatientName: "M?ller*",
    StudyDate: "20200101-",
    ModalitiesInStudy: "CT",
    limit: "3",
    offset: "4",
  });
  expect(query.getAll("includefield")).toContain("00201208");
});

test("an empty result is an empty list with status 200 or 204, and nothing else", async () => {
  for (const handler of [json([]), status(204)]) {
    const { source } = await archive(handler);
    expect(await source.searchForStudies(ALL_STUDIES, never)).toEqual({
      studies: [],
      hasMore: false,
    });
  }
  const { source } = await archive((_, response) =>
    response.writeHead(200, { "content-type": "text/html" }).end("<h1>Sign in</h1>"),
  );
  await expect(source.searchForStudies(ALL_STUDIES, never)).rejects.toMatchObject({
    code: "bad-response",
    message: expect.stringContaining("address"),
  });
});

test("an archive that shortens the page and says so has more", async () => {
  const warning = '299 archive "There are 5 additional results that can be requested"';
  const { source } = await archive(json([study("1")], { warning }));
  expect((await source.searchForStudies(ALL_STUDIES, never)).hasMore).toBe(true);
});

test("refusals have codes of their own, are not repeated, and give the archive's reason", async () => {
  const codes = [
    [401, "unauthorized"],
    [403, "forbidden"],
    [404, "not-found"],
    [400, "bad-response"],
    [500, "server-error"],
  ] as const;
  for (const [code, expected] of codes) {
    const problem = JSON.stringify({ title: "No", detail: "Because of the moon." });
    const { source, requests } = await archive(
      status(code, { "content-type": "application/problem+json; charset=utf-8" }, problem),
    );
    await expect(source.searchForStudies(ALL_STUDIES, never)).rejects.toMatchObject({
      code: expected,
      status: code,
      message: expect.stringContaining("Because of the moon."),
    });
    expect(requests.length).toBe(1);
  }
});

test("a busy archive is asked again, after the time that it asks for", async () => {
  const { source, waits } = await archive(
    status(503, { "retry-after": "2" }),
    status(429),
    json([study("1")]),
  );
  expect((await source.searchForStudies(ALL_STUDIES, never)).studies.length).toBe(1);
  expect(waits).toEqual([2000, 300]);
});

test("an archive that stays busy, and one that nobody finds, are told apart", async () => {
  const busy = await archive(status(503));
  await expect(busy.source.searchForStudies(ALL_STUDIES, never)).rejects.toMatchObject({
    code: "busy",
  });
  expect(busy.requests.length).toBe(3);
  const gone = await archive((request) => request.socket.destroy());
  await expect(gone.source.searchForStudies(ALL_STUDIES, never)).rejects.toMatchObject({
    code: "network",
  });
  expect(gone.requests.length).toBe(3);
});

test("a silent archive is given up, whether before its answer or in the midst of it", async () => {
  const silent = await archive(() => undefined);
  await expect(silent.source.searchForStudies(ALL_STUDIES, never)).rejects.toMatchObject({
    code: "network",
    message: expect.stringContaining("does not answer"),
  });
  const stalling = await archive((_, response) => {
    response.writeHead(200, { "content-type": "application/dicom+json" }).write('[{"0');
  });
  await expect(stalling.source.searchForStudies(ALL_STUDIES, never)).rejects.toMatchObject({
    code: "network",
  });
});

test("an abort settles a search whose answer never ends, before it and in the midst of it", async () => {
  const { source } = await archive((_, response) => {
    response.writeHead(200, { "content-type": "application/dicom+json" }).write("[");
  });
  for (const delay of [0, 50]) {
    const abort = new AbortController();
    setTimeout(() => abort.abort(), delay);
    await expect(source.searchForStudies(ALL_STUDIES, abort.signal)).rejects.toMatchObject({
      code: "aborted",
    });
  }
});

test("the first instances are given while the others are still on their way", async () => {
  let send = (): void => undefined;
  const { source } = await archive((_, response) => {
    response.writeHead(200, { "content-type": "application/dicom+json", etag: '"1"' });
    response.write(`[${JSON.stringify(study("1"))},`);
    send = () => response.end(`${JSON.stringify(study("2"))}]`);
  });
  const metadata = await source.retrieveStudyMetadata("1.2", {}, never);
  if (metadata.kind === "not-modified") throw new Error("Not modified");
  const instances = metadata.instances[Symbol.asyncIterator]();
  const first = await instances.next();
  expect(first.value).toMatchObject({ json: JSON.stringify(study("1")) });
  send();
  expect((await instances.next()).done).toBe(false);
  expect((await instances.next()).done).toBe(true);
  expect(metadata.etag).toBe('"1"');
});

test("metadata that break off are an error, never a smaller study", async () => {
  const { source } = await archive((_, response) => {
    response.writeHead(200, { "content-type": "application/dicom+json" });
    response.end(`[${JSON.stringify(study("1"))},`);
  });
  await expect(instancesOf(source.retrieveStudyMetadata("1.2", {}, never))).rejects.toMatchObject({
    code: "bad-response",
  });
  const cut = await archive((_, response) => {
    response.writeHead(200, { "content-type": "application/dicom+json", "content-length": "999" });
    response.write(`[${JSON.stringify(study("1"))}]`);
    setTimeout(() => response.destroy(), 20);
  });
  const metadata = cut.source.retrieveStudyMetadata("1.2", {}, never);
  await expect(instancesOf(metadata)).rejects.toMatchObject({ code: "network" });
});

test("a study without instances is not found, never an empty study", async () => {
  for (const handler of [json([]), status(204), status(404)]) {
    const { source } = await archive(handler);
    const metadata = source.retrieveStudyMetadata("1.2", {}, never);
    await expect(instancesOf(metadata)).rejects.toMatchObject({ code: "not-found" });
  }
});

test("a known state is asked about by its etag", async () => {
  const { source, requests } = await archive(status(304));
  const metadata = await source.retrieveStudyMetadata("1.2", { etag: '"7"' }, never);
  expect(metadata.kind).toBe("not-modified");
  expect(requests[0]?.headers["if-none-match"]).toBe('"7"');
});

test("a frame has the transfer syntax of its part, or the default of its media type", async () => {
  const jpeg = (marker: number): Uint8Array =>
    Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2, 0xff, marker, 0, 4, 1, 2);
  const answers = [
    ['image/jp2; transfer-syntax="1.2.840.10008.1.2.4.91"', "x", "1.2.840.10008.1.2.4.91"],
    ["image/jls;transfer-syntax=1.2.840.10008.1.2.4.81", "x", "1.2.840.10008.1.2.4.81"],
    ["application/octet-stream", "x", "1.2.840.10008.1.2.1"],
    ["image/dicom-rle", "x", "1.2.840.10008.1.2.5"],
    ["image/jpeg", jpeg(0xc0), "1.2.840.10008.1.2.4.50"],
    ["image/jpeg", jpeg(0xc3), "1.2.840.10008.1.2.4.70"],
  ] as const;
  for (const [type, body, expected] of answers) {
    const { source } = await archive(frame(multipart([[type, body]])));
    const { transferSyntaxUid, bytes } = await source.retrieveFrame(ADDRESS, never);
    expect([transferSyntaxUid, Buffer.from(bytes)]).toEqual([expected, Buffer.from(body)]);
  }
});

test("a frame that comes without a multipart frame is taken as it is", async () => {
  const { source } = await archive((_, response) =>
    response.writeHead(200, { "content-type": "image/jp2" }).end("codestream"),
  );
  expect((await source.retrieveFrame(ADDRESS, never)).transferSyntaxUid).toBe(
    "1.2.840.10008.1.2.4.90",
  );
});

test("a refused media type is followed by the next one, which is remembered", async () => {
  const good = frame(multipart([["application/octet-stream", "x"]]));
  const { source, requests } = await archive(status(406), status(406), good);
  await source.retrieveFrame(ADDRESS, never);
  await source.retrieveFrame(ADDRESS, never);
  const accepts = requests.map(({ headers }) => headers.accept);
  expect(accepts.length).toBe(4);
  expect(accepts[3]).toBe(accepts[2]);
  expect(new Set(accepts).size).toBe(3);
  expect(requests[0]?.url).toBe("/dicom-web/studies/1.2/series/1.2.3/instances/1.2.3.4/frames/2");
});

test("a frame that the archive fails to give as stored is asked for decoded, this one only", async () => {
  const good = frame(multipart([["application/octet-stream", "x"]]));
  const { source, requests } = await archive(status(500), good);
  await source.retrieveFrame(ADDRESS, never);
  await source.retrieveFrame(ADDRESS, never);
  const accepts = requests.map(({ headers }) => headers.accept);
  expect(accepts[1]).not.toContain("transfer-syntax=*");
  expect(accepts[2]).toBe(accepts[0]);
});

test("an archive that refuses every media type is reported as such", async () => {
  const { source } = await archive(status(406));
  await expect(source.retrieveFrame(ADDRESS, never)).rejects.toMatchObject({
    code: "not-acceptable",
  });
});

test("a frame that is cut short, empty, missing or a web page is an error, never a frame", async () => {
  const whole = multipart([["application/octet-stream", "0123456789"]]);
  const bodies = [
    frame(whole.subarray(0, 70)),
    frame(whole.subarray(0, whole.length - 16)),
    frame(multipart([["application/octet-stream", ""]])),
    frame(Buffer.from("\r\n--frontier--\r\n")),
    ((_, response) =>
      response.writeHead(200, { "content-type": "text/html" }).end("<p>")) satisfies Handler,
  ];
  for (const handler of bodies) {
    const { source } = await archive(handler);
    await expect(source.retrieveFrame(ADDRESS, never)).rejects.toMatchObject({
      code: "bad-response",
    });
  }
});

test("bulk data are fetched below the service's own address, and from nowhere else", async () => {
  const { source, requests, port } = await archive((_, response) =>
    response.writeHead(200, { "content-type": "application/octet-stream" }).end("value"),
  );
  for (const uri of [
    `http://127.0.0.1:${port}/dicom-web/studies/1/bulkdata/2`,
    "http://internal-name:8042/inner/studies/1/bulkdata/2",
    "studies/1/bulkdata/2",
  ])
    expect(Buffer.from(await source.retrieveBulkData(uri, never)).toString()).toBe("value");
  expect(new Set(requests.map(({ url }) => url))).toEqual(
    new Set(["/dicom-web/studies/1/bulkdata/2"]),
  );
  for (const uri of ["https://evil.example/steal", "file:///etc/passwd", "data:,x", "http://["])
    await expect(source.retrieveBulkData(uri, never)).rejects.toMatchObject({
      code: "bad-response",
    });
});

test("requests that are not for frames are counted for as long as they take a connection", async () => {
  const { source } = await archive(json([study("1.2")]));
  const search = source.searchForStudies(ALL_STUDIES, never);
  expect(source.requestsBesidesFrames).toBe(1);
  await search;
  expect(source.requestsBesidesFrames).toBe(0);
  const metadata = await source.retrieveStudyMetadata("1.2", {}, never);
  if (metadata.kind === "not-modified") throw new Error("Not modified");
  const counts: number[] = [];
  for await (const _ of metadata.instances) counts.push(source.requestsBesidesFrames);
  expect([counts, source.requestsBesidesFrames]).toEqual([[1], 0]);
});

test("a request that fails takes no connection any longer", async () => {
  const { source } = await archive(status(404));
  const failing = source.retrieveStudyMetadata("1.2", {}, never);
  expect(source.requestsBesidesFrames).toBe(1);
  await expect(failing).rejects.toMatchObject({ code: "not-found" });
  expect(source.requestsBesidesFrames).toBe(0);
});

const problem =
  (code: number, document: object, headers: Record<string, string> = {}): Handler =>
  (_, response) =>
    response
      .writeHead(code, { "content-type": "application/problem+json", ...headers })
      .end(JSON.stringify(document));

test("a gateway that says why it has nothing is believed: its words are told, and it is not asked again", async () => {
  for (const code of [502, 504]) {
    const detail = "The PACS does not know AE title NEGATO: add it there";
    const { source, requests } = await archive(problem(code, { detail, code: "rejected" }));
    await expect(source.retrieveFrame(ADDRESS, never)).rejects.toMatchObject({
      code: "not-retrieved",
      message: expect.stringContaining(`${detail}.`),
    });
    expect(requests.length).toBe(1);
  }
});

test("a gateway without words is asked three times", async () => {
  const { source, requests } = await archive(status(502));
  await expect(source.retrieveFrame(ADDRESS, never)).rejects.toMatchObject({
    code: "server-error",
  });
  expect(requests.length).toBe(3);
});

test("an archive that needs longer than anybody waits says how long", async () => {
  const { source, requests } = await archive(
    problem(503, { detail: "All associations are in use." }, { "retry-after": "30" }),
  );
  await expect(source.searchForStudies(ALL_STUDIES, never)).rejects.toMatchObject({
    code: "busy",
    retryAfterMs: 30_000,
    message: "The archive cannot answer now. All associations are in use.",
  });
  expect(requests.length).toBe(1);
});
