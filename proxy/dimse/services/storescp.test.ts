import { execFile, spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildDataSet } from "#core/dicom/data-set-builder.ts";
import { writePart10 } from "#core/dicom/part10-writer.ts";
import { freePort } from "../../../scripts/free-port.mjs";
import { hasDcmtk } from "../../../scripts/system-parts.mjs";
import type { AssociationEvent } from "../association-event.ts";
import { type DicomListener, openDicomListener } from "../dicom-listener.ts";
import type { RemoteAe } from "../remote-ae.ts";
import { requestAssociation } from "../request-association.ts";
import { CollectingStorage } from "../testing/collecting-storage.ts";
import { makeAuthority } from "../testing/made-certificates.ts";
import { CT_IMAGE, dataSetOfFile, madeFile, madeImage, madeUids } from "../testing/made-objects.ts";
import { echo } from "./echo.ts";
import { echoContexts, planStore } from "./plan-contexts.ts";
import { store } from "./store.ts";

const SIGNAL = new AbortController().signal;
const EXPLICIT = "1.2.840.10008.1.2.1";
const run = promisify(execFile);
const ENVIRONMENT = { ...process.env, TCP_NODELAY: "1" };

/** Syntaxes that `storescu` sends files in, with the switch that proposes them. */
const SWITCHES: readonly (readonly [name: string, uid: string, option: string])[] = [
  ["JPEG Lossless SV1", "1.2.840.10008.1.2.4.70", "-xs"],
  ["JPEG Baseline", "1.2.840.10008.1.2.4.50", "-xy"],
  ["JPEG Extended", "1.2.840.10008.1.2.4.51", "-xx"],
  ["JPEG-LS Lossless", "1.2.840.10008.1.2.4.80", "-xt"],
  ["JPEG-LS Near-Lossless", "1.2.840.10008.1.2.4.81", "-xu"],
  ["JPEG 2000 Lossless", "1.2.840.10008.1.2.4.90", "-xv"],
  ["JPEG 2000", "1.2.840.10008.1.2.4.91", "-xw"],
  ["RLE Lossless", "1.2.840.10008.1.2.5", "-xr"],
  ["MPEG-2 Main Profile", "1.2.840.10008.1.2.4.100", "-xm"],
  ["MPEG-4 AVC/H.264 High Profile", "1.2.840.10008.1.2.4.102", "-xn"],
];

describe.skipIf(!hasDcmtk())("with the storage programs of DCMTK", () => {
  const storage = new CollectingStorage();
  const events: AssociationEvent[] = [];
  const authority = makeAuthority("Made Authority");
  const ours = authority.issue("NEGATO");
  const stranger = makeAuthority("Another Authority").issue("STRANGER");
  let folder: string;
  let listener: DicomListener;
  const ending: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "negato-store-"));
    const files = { "ca.pem": authority.ca, "own.pem": ours.certificate, "own.key": ours.key };
    const strange = { "other.pem": stranger.certificate, "other.key": stranger.key };
    for (const [file, text] of Object.entries({ ...files, ...strange }))
      await writeFile(path.join(folder, file), text);
    listener = await openDicomListener({
      aeTitles: ["NEGATO"],
      host: "127.0.0.1",
      port: 0,
      tls: { port: 0, settings: { ca: authority.ca, ...ours, profile: "non-downgrading" } },
      allows: () => true,
      inbox: Object.assign(storage, { allows: () => true }),
      maximumAssociations: 5,
      maximumPduLength: 65_536,
      silenceTimeoutMs: 5000,
      observe: ({ event }) => events.push(event),
    });
  });

  afterAll(async () => {
    await listener.close();
    for (const end of ending) await end();
    await rm(folder, { recursive: true, force: true });
  });

  async function startStorescp(
    options: readonly string[],
  ): Promise<{ readonly port: number; readonly received: string }> {
    const port = await freePort();
    const received = await mkdtemp(path.join(folder, "received-"));
    const child = spawn("storescp", ["-od", received, "+B", "+xa", ...options, `${port}`], {
      env: ENVIRONMENT,
      stdio: "ignore",
    });
    const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
    ending.push(async () => {
      child.kill();
      await exited;
    });
    return { port, received };
  }

  function remote(port: number, tls?: RemoteAe["tls"]): RemoteAe {
    return {
      name: "storescp",
      aeTitle: "STORESCP",
      host: "127.0.0.1",
      port,
      callingAeTitle: "NEGATO",
      ...(tls === undefined ? {} : { tls }),
      connectTimeoutMs: 5000,
      silenceTimeoutMs: 5000,
      operationTimeoutMs: 30_000,
      maximumPduLength: 65_536,
    };
  }

  /** Until a program listens. */
  async function patiently<Result>(attempt: () => Promise<Result>): Promise<Result> {
    for (let left = 100; ; left--) {
      try {
        return await attempt();
      } catch (error) {
        if (
          left === 0 ||
          !(error instanceof Error && "code" in error && error.code === "unreachable")
        )
          throw error;
        await new Promise((resolve) => {
          setTimeout(resolve, 30);
        });
      }
    }
  }

  function encapsulated(number: number, transferSyntaxUid: string): Uint8Array {
    const dataSet = buildDataSet(madeImage(1, number, { PixelData: undefined }));
    const frame = Uint8Array.from({ length: 50_000 }, (_, at) => (at * number) & 0xff);
    return writePart10({ dataSet, transferSyntaxUid, frames: [frame] });
  }

  test.each(SWITCHES.map((row, index) => [...row, index + 1] as const))(
    "storescu sends %s to us unchanged",
    async (_name, uid, option, number) => {
      const file = encapsulated(number, uid);
      const name = path.join(folder, `sent-${number}.dcm`);
      await writeFile(name, file);
      const args = ["-aec", "NEGATO", option, "127.0.0.1", `${listener.port}`, name];
      await run("storescu", args, { env: ENVIRONMENT });
      const taken = storage.objects.at(-1);
      expect(taken).toMatchObject({ transferSyntaxUid: uid, sopClassUid: CT_IMAGE });
      expect(Buffer.compare(taken?.bytes ?? Buffer.alloc(0), dataSetOfFile(file))).toBe(0);
    },
  );

  test("storescp takes from us in every syntax, and keeps the bytes", async () => {
    const { port, received } = await startStorescp([]);
    const objects = SWITCHES.map(([, uid], index) => ({ uid, file: encapsulated(index + 1, uid) }));
    objects.push({ uid: EXPLICIT, file: madeFile(1, 99) });
    const kinds = objects.map(({ uid }) => ({ sopClassUid: CT_IMAGE, transferSyntaxUids: [uid] }));
    const contexts = planStore(kinds)[0]?.contexts ?? [];
    const association = await patiently(() =>
      requestAssociation(remote(port), { contexts }, SIGNAL),
    );
    async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
      yield bytes.subarray(0, 1001);
      yield bytes.subarray(1001);
    }
    for (const [index, { uid, file }] of objects.entries()) {
      const number = uid === EXPLICIT ? 99 : index + 1;
      const object = {
        sopClassUid: CT_IMAGE,
        sopInstanceUid: madeUids(1, number).SOPInstanceUID,
        transferSyntaxUid: uid,
        dataSet: one(dataSetOfFile(file)),
      };
      expect(await store(association, object, SIGNAL)).toEqual({ status: 0 });
    }
    await association.release();
    for (const { uid, file } of objects) {
      const names = await readdir(received);
      const written = await Promise.all(names.map((name) => readFile(path.join(received, name))));
      const same = written.filter(
        (bytes) => Buffer.compare(dataSetOfFile(bytes), dataSetOfFile(file)) === 0,
      );
      expect(same.length, uid).toBe(1);
    }
  });

  test("echoscu is answered, over TLS too", async () => {
    await run("echoscu", ["-aec", "NEGATO", "127.0.0.1", `${listener.port}`]);
    const tls = [
      "+tls",
      path.join(folder, "own.key"),
      path.join(folder, "own.pem"),
      "+cf",
      path.join(folder, "ca.pem"),
    ];
    await run("echoscu", [...tls, "-aec", "NEGATO", "127.0.0.1", `${listener.tlsPort}`]);
  });

  test("whoever has no certificate that we trust is refused", async () => {
    const trusting = [
      "+cf",
      path.join(folder, "ca.pem"),
      "-aec",
      "NEGATO",
      "127.0.0.1",
      `${listener.tlsPort}`,
    ];
    const strange = ["+tls", path.join(folder, "other.key"), path.join(folder, "other.pem")];
    await expect(run("echoscu", ["+tla", ...trusting])).rejects.toBeDefined();
    await expect(run("echoscu", [...strange, ...trusting])).rejects.toBeDefined();
    expect(
      events.filter((event) => event.kind === "ended" && event.code === "tls-failure"),
    ).toHaveLength(2);
  });

  test("storescp is reached over TLS, with both sides known to one another", async () => {
    const tls = [
      "+tls",
      path.join(folder, "own.key"),
      path.join(folder, "own.pem"),
      "+cf",
      path.join(folder, "ca.pem"),
    ];
    const { port } = await startStorescp(tls);
    const known = { ca: authority.ca, ...ours, profile: "non-downgrading" } as const;
    const association = await patiently(() =>
      requestAssociation(remote(port, known), { contexts: echoContexts() }, SIGNAL),
    );
    await echo(association, SIGNAL);
    await association.release();
    const { ca: _ca, ...untrusting } = known;
    await expect(
      requestAssociation(remote(port, untrusting), { contexts: echoContexts() }, SIGNAL),
    ).rejects.toMatchObject({ code: "tls-failure" });
  });
});
