import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasOrthanc, type RunningOrthanc, startOrthanc } from "../../scripts/orthanc.mjs";
import { DecodeThreads } from "../decode/decode-threads.ts";
import { type MadeFolder, madeFolder, madeInstance } from "../testing/made-archive.ts";
import { createServer } from "./create-server.ts";

describe.skipIf(!hasOrthanc)("a DICOMweb client of another maker (Orthanc)", () => {
  let made: MadeFolder;
  let app: FastifyInstance;
  let orthanc: RunningOrthanc;
  const decoder = new DecodeThreads();

  beforeAll(async () => {
    made = await madeFolder({
      "a.dcm": madeInstance(),
      "b.dcm": madeInstance({ SOPInstanceUID: "1.2.3.1.2", InstanceNumber: 2 }),
    });
    app = await createServer({
      sources: [await made.open()],
      decoder,
      allowedHosts: ["127.0.0.1"],
      version: "1",
    });
    const address = await app.listen({ host: "127.0.0.1", port: 0 });
    orthanc = await startOrthanc({
      settings: {
        DicomWeb: {
          Enable: true,
          Root: "/dicom-web/",
          EnableWado: false,
          Servers: { negato: [`${address}/dicom-web/`] },
        },
      },
    });
  }, 60_000);

  afterAll(async () => {
    await orthanc?.stop();
    await app.close();
    decoder.close();
    await made.remove();
  });

  async function ask(command: string, body: unknown) {
    const response = await fetch(`${orthanc.url}/dicom-web/servers/negato/${command}`, {
      method: "POST",
      body: JSON.stringify(body),
    });
    return { status: response.status, body: await response.json() };
  }

  it("finds a study", async () => {
    const found = await ask("qido", { Uri: "/studies", Arguments: { PatientID: "P1" } });
    expect(found.status).toBe(200);
    expect(JSON.stringify(found.body)).toMatch(/StudyInstanceUID[^}]*1\.2\.3"/);
  });

  it("retrieves it", async () => {
    const resources = [{ Study: "1.2.3" }];
    const retrieved = await ask("retrieve", { Resources: resources, Synchronous: true });
    expect(retrieved.status).toBe(200);
    const instances = await (await fetch(`${orthanc.url}/instances`)).json();
    expect(instances).toHaveLength(2);
  });

  it("stores one of its own", async () => {
    const uids = { StudyInstanceUID: "1.2.8", SeriesInstanceUID: "1.2.8.1" };
    await orthanc.store(madeInstance({ ...uids, SOPInstanceUID: "1.2.8.1.1", PatientID: "P8" }));
    const studies: string[] = await (await fetch(`${orthanc.url}/studies`)).json();
    const stored = await ask("stow", { Resources: studies, Synchronous: true });
    expect(stored.status).toBe(200);
    const response = await app.inject({
      url: "/dicom-web/studies?PatientID=P8",
      headers: { host: "127.0.0.1" },
    });
    expect(response.json()).toHaveLength(1);
  });
});
