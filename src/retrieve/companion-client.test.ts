import { createServer, type ServerResponse } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import { CompanionClient } from "./companion-client.ts";

const never = new AbortController().signal;
const stops: (() => void)[] = [];

afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

interface Asked {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly body: string;
}

/** A client above an archive whose server answers so, and what it was asked. */
async function companion(
  answer: (response: ServerResponse) => void,
  path = "/dicom-web",
  patienceMs = 300,
) {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on("end", () => {
      asked.push({ method: request.method, url: request.url, body });
      answer(response);
    });
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
  const client = CompanionClient.above(`http://127.0.0.1:${port}${path}`, { patienceMs });
  if (client === undefined) throw new Error("There is no client.");
  return { client, asked };
}

const json =
  (body: unknown, status = 200, type = "application/json") =>
  (response: ServerResponse) =>
    response.writeHead(status, { "content-type": type }).end(JSON.stringify(body));

async function linesOf(client: CompanionClient, send?: { readonly body: unknown }) {
  const lines: unknown[] = [];
  for await (const line of client.lines("sources/a/trace", send, never)) lines.push(line);
  return lines;
}

describe("the address of an archive", () => {
  it.each([
    ["https://host/dicom-web", "https://host/", undefined],
    ["https://host/dicom-web/", "https://host/", undefined],
    ["https://host/under/sources/ct/dicom-web", "https://host/under/", "ct"],
  ])("%s lies below the companion at %s", (address, root, name) => {
    const client = CompanionClient.above(address);
    expect(client?.addressOf("")).toBe(root);
    expect(client?.sourceName).toBe(name);
  });

  it("of another maker has no companion above it", () => {
    expect(CompanionClient.above("https://host/orthanc/wado")).toBeUndefined();
  });
});

describe("what a companion answers", () => {
  it("is read as JSON", async () => {
    const { client, asked } = await companion(json({ sources: [] }), "/sources/a/dicom-web");
    expect(await client.json("sources", never)).toEqual({ sources: [] });
    expect(asked[0]?.url).toBe("/sources");
  });

  it("is nobody's when it is a page", async () => {
    const { client } = await companion((response) =>
      response.writeHead(200, { "content-type": "text/html" }).end("<p>Hello</p>"),
    );
    await expect(client.json("sources", never)).rejects.toMatchObject({ code: "not-found" });
  });

  it.each([
    [403, "forbidden"],
    [404, "not-found"],
    [503, "busy"],
  ])("with status %i is the failure %s, in its words", async (status, code) => {
    const problem = { code: "x", detail: "Because of the moon" };
    const { client, asked } = await companion(json(problem, status, "application/problem+json"));
    await expect(client.json("sources", never)).rejects.toMatchObject({
      code,
      message: expect.stringContaining("Because of the moon"),
    });
    expect(asked).toHaveLength(1);
  });

  it("is not waited for without end", async () => {
    const { client } = await companion(() => undefined);
    await expect(client.json("sources", never)).rejects.toMatchObject({ code: "network" });
  });

  it("is not waited for by who has left", async () => {
    const { client } = await companion(() => undefined);
    const abort = new AbortController();
    const asking = client.json("sources", abort.signal);
    abort.abort();
    await expect(asking).rejects.toMatchObject({ code: "aborted" });
  });
});

describe("an answer of lines", () => {
  it("comes line by line, wherever it is cut, without the empty ones", async () => {
    const { client, asked } = await companion((response) => {
      response.writeHead(200, { "content-type": "application/x-ndjson" });
      response.write('\n{"text":"caf');
      setTimeout(() => {
        response.write(Buffer.from([0xc3]));
        setTimeout(() => response.end(Buffer.from([0xa9, 0x22, 0x7d, 0x0a, 0x0a, 0x31])), 20);
      }, 20);
    });
    expect(await linesOf(client, { body: { a: 1 } })).toEqual([{ text: "café" }, 1]);
    expect(asked).toEqual([{ method: "POST", url: "/sources/a/trace", body: '{"a":1}' }]);
  });

  it("of server-sent events gives their data", async () => {
    const { client } = await companion((response) =>
      response
        .writeHead(200, { "content-type": "text/event-stream" })
        .end(': hello\n\nevent: arrived\ndata: {"a":1}\n\n'),
    );
    expect(await linesOf(client)).toEqual([{ a: 1 }]);
  });

  it("that breaks off is a failure, after what came", async () => {
    const { client } = await companion((response) => {
      response.writeHead(200, { "content-type": "application/x-ndjson" }).write("1\n2");
      setTimeout(() => response.destroy(), 20);
    });
    const lines: unknown[] = [];
    const reading = (async () => {
      for await (const line of client.lines("x", undefined, never)) lines.push(line);
    })();
    await expect(reading).rejects.toMatchObject({ code: "network" });
    expect(lines).toEqual([1]);
  });
});
