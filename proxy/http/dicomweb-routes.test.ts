import { readdir } from "node:fs/promises";
import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { collect, readMultipart } from "#core/dicomweb/multipart-reader.ts";
import { DecodeThreads } from "../decode/decode-threads.ts";
import type { FolderSource } from "../sources/folder/folder-source.ts";
import { type MadeFolder, madeFolder, madeInstance } from "../testing/made-archive.ts";
import { createServer } from "./create-server.ts";

const host = "localhost";
const INSTANCE = "/dicom-web/studies/1.2.3/series/1.2.3.1/instances/1.2.3.1.1";
const original = madeInstance();

let made: MadeFolder;
let source: FolderSource;
let app: FastifyInstance;
const decoder = new DecodeThreads();

beforeAll(async () => {
  made = await madeFolder({
    "one/a": original,
    "one/b.txt": madeInstance({ SOPInstanceUID: "1.2.3.1.2", InstanceNumber: 2 }),
    "two.dcm": madeInstance({
      StudyInstanceUID: "1.2.4",
      SeriesInstanceUID: "1.2.4.1",
      SOPInstanceUID: "1.2.4.1.1",
      StudyDate: "20230101",
      PatientName: "Müller^Eva",
      PatientID: "P2",
      Modality: "MR",
      StudyDescription: null,
    }),
  });
  source = await made.open();
  app = await createServer({ sources: [source], decoder, allowedHosts: [host], version: "1" });
});

afterAll(async () => {
  await app.close();
  decoder.close();
  await made.remove();
});

async function get(url: string, accept = "*/*", others: Record<string, string> = {}) {
  return await app.inject({ url, headers: { host, accept, ...others } });
}

async function partsOf(response: { headers: Record<string, unknown>; rawPayload: Buffer }) {
  const parts: { type: string | undefined; bytes: Uint8Array }[] = [];
  async function* body() {
    yield new Uint8Array(response.rawPayload);
  }
  for await (const part of readMultipart(String(response.headers["content-type"]), body())) {
    parts.push({ type: part.headers.get("content-type"), bytes: await collect(part.body, 1e6) });
  }
  return parts;
}

describe("search (PS3.18 10.6)", () => {
  const studies = async (query: string) =>
    (await get(`/dicom-web/studies${query}`))
      .json()
      .map((study: Record<string, { Value: string[] }>) => study["0020000D"]?.Value[0]);

  it.each([
    ["", ["1.2.3", "1.2.4"]],
    ["?PatientName=doe*", ["1.2.3"]],
    ["?PatientName=muller*", ["1.2.4"]],
    ["?PatientName=eva%20mul&fuzzymatching=true", ["1.2.4"]],
    ["?PatientID=P2&ModalitiesInStudy=MR", ["1.2.4"]],
    ["?ModalitiesInStudy=CT", ["1.2.3"]],
    ["?StudyDate=20240101-20241231", ["1.2.3"]],
    ["?StudyInstanceUID=1.2.4,1.2.9", ["1.2.4"]],
    ["?StudyDescription=*thorax*", ["1.2.3"]],
    ["?00100020=P1&AccessionNumber=", ["1.2.3"]],
    ["?SOPInstanceUID=1.2.3.1.2", ["1.2.3"]],
    ["?BitsStored=12&PatientID=P1", ["1.2.3"]],
    ["?BitsStored=16", []],
    ["?limit=1", ["1.2.3"]],
    ["?limit=1&offset=1", ["1.2.4"]],
    ["?offset=9", []],
  ])("answers %s", async (query, uids) => {
    expect(await studies(query)).toEqual(uids);
  });

  it("gives a study with the attributes of table 10.6.3-3, empty ones too", async () => {
    const [study] = (await get("/dicom-web/studies?PatientID=P1")).json();
    expect(study).toMatchObject({
      "00080020": { vr: "DA", Value: ["20240501"] },
      "00080056": { vr: "CS", Value: ["ONLINE"] },
      "00080061": { vr: "CS", Value: ["CT"] },
      "00080090": { vr: "PN" },
      "00081190": { vr: "UR", Value: ["http://localhost/dicom-web/studies/1.2.3"] },
      "00100010": { vr: "PN", Value: [{ Alphabetic: "Doe^Jane" }] },
      "00201206": { vr: "IS", Value: [1] },
      "00201208": { vr: "IS", Value: [2] },
    });
  });

  it("gives series and instances with what their addresses do not say", async () => {
    const [series] = (await get("/dicom-web/studies/1.2.3/series")).json();
    expect(series).toMatchObject({ "00080060": { Value: ["CT"] }, "00201209": { Value: [2] } });
    expect(series["00100010"]).toBeUndefined();
    const all = (await get("/dicom-web/instances?PatientID=P1&includefield=BitsStored")).json();
    expect(all).toHaveLength(2);
    expect(all[1]).toMatchObject({
      "00080018": { Value: ["1.2.3.1.2"] },
      "00100020": { Value: ["P1"] },
      "00280010": { Value: [4] },
      "00280101": { Value: [12] },
    });
  });

  it("says when there is more, and answers what it does not have with an empty list", async () => {
    const response = await get("/dicom-web/studies?limit=1");
    expect(response.headers["warning"]).toMatch(/^299 .*additional results/);
    expect((await get("/dicom-web/studies?PatientID=none")).json()).toEqual([]);
  });

  it("is not offered as XML", async () => {
    const response = await get(
      "/dicom-web/studies",
      'multipart/related; type="application/dicom+xml"',
    );
    expect(response.statusCode).toBe(406);
    expect(response.json().available).toContain("application/dicom+json");
  });
});

describe("retrieval of instances (PS3.18 10.4)", () => {
  it("gives what is stored, byte for byte", async () => {
    const response = await get(INSTANCE, "application/dicom; transfer-syntax=*");
    expect(response.headers["content-type"]).toBe(
      "application/dicom; transfer-syntax=1.2.840.10008.1.2.1",
    );
    expect(new Uint8Array(response.rawPayload)).toEqual(original);
  });

  it("gives ranges of it", async () => {
    const response = await get(INSTANCE, "application/dicom", { range: "bytes=128-131" });
    expect(response.statusCode).toBe(206);
    expect(response.body).toBe("DICM");
    expect(response.headers["content-range"]).toBe(`bytes 128-131/${original.byteLength}`);
    const beyond = await get(INSTANCE, "application/dicom", { range: "bytes=9999999-" });
    expect(beyond.statusCode).toBe(416);
  });

  it("gives a study in parts", async () => {
    const parts = await partsOf(await get("/dicom-web/studies/1.2.3"));
    expect(parts).toHaveLength(2);
    expect(parts[0]?.bytes).toEqual(original);
    expect(parts[0]?.type).toBe("application/dicom; transfer-syntax=1.2.840.10008.1.2.1");
  });

  it("refuses a transfer syntax that it does not have, and says what there is", async () => {
    const response = await get(
      INSTANCE,
      "application/dicom; transfer-syntax=1.2.840.10008.1.2.4.80",
    );
    expect(response.statusCode).toBe(406);
    expect(response.json().available).toContain(
      "application/dicom; transfer-syntax=1.2.840.10008.1.2.1",
    );
  });

  it("answers HEAD with the headers alone", async () => {
    const response = await app.inject({
      method: "HEAD",
      url: INSTANCE,
      headers: { host, accept: "application/dicom" },
    });
    expect(response.statusCode).toBe(200);
    expect(response.headers["content-length"]).toBe(String(original.byteLength));
    expect(response.body).toBe("");
  });
});

describe("metadata, bulk data and frames", () => {
  it("names large values and what is stored", async () => {
    const [instance] = (await get(`${INSTANCE}/metadata`)).json();
    expect(instance["00083002"].Value).toEqual(["1.2.840.10008.1.2.1"]);
    expect(instance["7FE00010"]).toEqual({
      vr: "OW",
      BulkDataURI: `http://localhost${INSTANCE}/bulkdata/7FE00010`,
    });
    const bulk = await get(`${INSTANCE}/bulkdata/7FE00010`, "application/octet-stream", {
      range: "bytes=2-3",
    });
    expect([...bulk.rawPayload]).toEqual([100, 0]);
    expect((await get(`${INSTANCE}/bulkdata/00420011`)).statusCode).toBe(404);
  });

  it("is not sent again to who has it", async () => {
    const first = await get("/dicom-web/studies/1.2.3/metadata");
    expect(first.headers["cache-control"]).toBe("private, no-cache");
    const again = await get("/dicom-web/studies/1.2.3/metadata", "*/*", {
      "if-none-match": String(first.headers["etag"]),
    });
    expect(again.statusCode).toBe(304);
    expect(again.body).toBe("");
  });

  it("gives a frame as one body or as parts", async () => {
    const single = await get(`${INSTANCE}/frames/1`, "application/octet-stream");
    expect(new Uint16Array(new Uint8Array(single.rawPayload).buffer)[15]).toBe(1500);
    const parts = await partsOf(
      await get(
        `${INSTANCE}/frames/1,1`,
        'multipart/related; type="application/octet-stream"; transfer-syntax=*',
      ),
    );
    expect(parts.map(({ bytes }) => bytes.byteLength)).toEqual([32, 32]);
    expect(parts[0]?.type).toBe("application/octet-stream; transfer-syntax=1.2.840.10008.1.2.1");
  });

  it.each([
    ["frames/2", 404],
    ["frames/0", 400],
    ["frames/x", 400],
    ["frames/1,,2", 400],
  ])("refuses %s", async (path, status) => {
    expect((await get(`${INSTANCE}/${path}`)).statusCode).toBe(status);
  });

  it("renders a frame as JPEG, or PNG, of the size that is asked for", async () => {
    const jpeg = await get(`${INSTANCE}/rendered`);
    expect(jpeg.headers["content-type"]).toBe("image/jpeg");
    const png = await get(`${INSTANCE}/rendered?viewport=8,2&window=800,1600,linear`, "image/png");
    expect(png.headers["content-type"]).toBe("image/png");
    expect([png.rawPayload.readUInt32BE(16), png.rawPayload.readUInt32BE(20)]).toEqual([2, 2]);
    expect((await get(`${INSTANCE}/rendered?window=1,0`)).statusCode).toBe(400);
    expect((await get(`${INSTANCE}/rendered`, "image/gif")).statusCode).toBe(406);
    const thumbnail = await get("/dicom-web/studies/1.2.3/thumbnail?annotation=patient");
    expect(thumbnail.statusCode).toBe(200);
    expect(thumbnail.headers["warning"]).toContain("annotation");
  });
});

describe("storing (PS3.18 10.5)", () => {
  const boundary = "border";
  let uid = 0;

  beforeEach(() => {
    uid += 1;
  });

  async function store(
    objects: readonly (Uint8Array | string)[],
    url = "/dicom-web/studies",
    headers = {},
  ) {
    const chunks = objects.flatMap((object) => [
      Buffer.from(`--${boundary}\r\nContent-Type: application/dicom\r\n\r\n`),
      Buffer.from(object),
      Buffer.from("\r\n"),
    ]);
    return await app.inject({
      method: "POST",
      url,
      headers: {
        host,
        "content-type": `multipart/related; type="application/dicom"; boundary=${boundary}`,
        ...headers,
      },
      payload: Buffer.concat([...chunks, Buffer.from(`--${boundary}--\r\n`)]),
    });
  }

  const fresh = (values = {}) =>
    madeInstance({
      StudyInstanceUID: "1.2.5",
      SeriesInstanceUID: "1.2.5.1",
      SOPInstanceUID: `1.2.5.1.${uid}`,
      ...values,
    });

  it("keeps an object, which can be retrieved at once, byte for byte", async () => {
    const object = fresh();
    const response = await store([object]);
    expect(response.statusCode).toBe(200);
    const address = `http://localhost/dicom-web/studies/1.2.5/series/1.2.5.1/instances/1.2.5.1.${uid}`;
    expect(response.json()["00081199"].Value).toEqual([
      expect.objectContaining({ "00081190": { vr: "UR", Value: [address] } }),
    ]);
    const back = await get(address.replace("http://localhost", ""), "application/dicom");
    expect(new Uint8Array(back.rawPayload)).toEqual(object);
  });

  it("takes the same object again, and refuses another one under its UID", async () => {
    await store([fresh()]);
    expect((await store([fresh()])).statusCode).toBe(200);
    const response = await store([fresh({ PatientName: "Other^Person" })]);
    expect(response.statusCode).toBe(409);
    expect(response.json()["00081198"].Value[0]["00081197"].Value).toEqual([0x0111]);
  });

  it("says which of several objects it did not take", async () => {
    const response = await store(["no DICOM at all", fresh()]);
    expect(response.statusCode).toBe(202);
    expect(response.json()["0008119A"].Value[0]["00081197"].Value).toEqual([0xc000]);
    expect(response.json()["00081199"].Value).toHaveLength(1);
  });

  it("takes objects of the study of the address only", async () => {
    const response = await store([fresh()], "/dicom-web/studies/1.2.99");
    expect(response.statusCode).toBe(409);
    expect(response.json()["00081198"].Value[0]["00081197"].Value).toEqual([0xa900]);
  });

  it("refuses bodies of other types, pages of strangers, and cut requests", async () => {
    const json = { "content-type": "application/dicom+json" };
    expect((await store([], undefined, json)).statusCode).toBe(415);
    const foreign = await store([fresh()], undefined, { origin: "https://evil.example" });
    expect(foreign.statusCode).toBe(403);
    expect((await store([])).statusCode).toBe(400);
  });

  it("never writes into the folder that is served", async () => {
    await store([fresh()]);
    expect((await readdir(made.folder, { recursive: true })).sort()).toEqual([
      "one",
      "one/a",
      "one/b.txt",
      "two.dcm",
    ]);
  });
});
