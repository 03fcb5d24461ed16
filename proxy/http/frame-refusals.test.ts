import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DecodeThreads } from "../decode/decode-threads.ts";
import { type MadeFolder, madeFolder, madeInstance, madeVideo } from "../testing/made-archive.ts";
import { createServer } from "./create-server.ts";

const host = "localhost";
const SERIES = "/dicom-web/studies/1.2.3/series/1.2.3.1/instances";
const EMPTY = `${SERIES}/1.2.3.1.1`;
const VIDEO = `${SERIES}/1.2.3.1.2`;
const STORED = 'multipart/related; type="application/octet-stream"; transfer-syntax=*';
const STREAM = Buffer.of(0, 0, 1, 0xb3);
const EXPLICIT = "application/octet-stream; transfer-syntax=1.2.840.10008.1.2.1";

let made: MadeFolder;
let app: FastifyInstance;
const decoder = new DecodeThreads();

beforeAll(async () => {
  made = await madeFolder({
    empty: madeInstance({ PixelData: undefined }),
    video: madeVideo(STREAM, {
      SOPInstanceUID: "1.2.3.1.2",
      NumberOfFrames: 3,
    }),
  });
  const source = await made.open();
  app = await createServer({ sources: [source], decoder, allowedHosts: [host], version: "1" });
});

afterAll(async () => {
  await app.close();
  decoder.close();
  await made.remove();
});

async function get(url: string, accept = "*/*") {
  return await app.inject({ url, headers: { host, accept } });
}

it.each([
  ["frames/1", STORED],
  ["frames/1", "*/*"],
  ["rendered", "image/png"],
])("an image without pixel data is not said to be missing: %s, %s", async (path, accept) => {
  expect((await get(`${EMPTY}/${path}`, accept)).json()).toMatchObject({
    status: 404,
    code: "no-pixel-data",
    detail: "The object is there, but it holds no pixel data",
  });
});

describe("a video, which is one stream that nothing here decodes", () => {
  it.each([
    ["frames/1", EXPLICIT],
    ["frames/2", EXPLICIT],
    ["frames/2", STORED],
    ["frames/1,2", STORED],
    ["rendered", "image/png"],
    ["frames/1/rendered", "image/png"],
    ["frames/3/rendered", "image/png"],
  ])("is not given in frames, and is named: %s, %s", async (path, accept) => {
    const response = await get(`${VIDEO}/${path}`, accept);
    expect(response.json()).toMatchObject({
      status: 406,
      detail: expect.stringContaining("MPEG-2 Main Profile"),
    });
  });

  it("has no frames beyond those that it declares", async () => {
    expect((await get(`${VIDEO}/frames/4`, STORED)).statusCode).toBe(404);
  });

  it.each(["frames/1", "bulkdata/7FE00010"])("is given whole as it is stored: %s", async (path) => {
    const response = await get(`${VIDEO}/${path}`, STORED);
    expect(response.statusCode).toBe(200);
    expect(response.rawPayload.includes(STREAM)).toBe(true);
    expect(response.body).toContain("transfer-syntax=1.2.840.10008.1.2.4.100");
  });
});
