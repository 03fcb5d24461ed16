import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { bytesSource } from "#core/dicom/byte-source.ts";
import { buildDataSet } from "#core/dicom/data-set-builder.ts";
import { readDicom } from "#core/dicom/part10-reader.ts";
import { writePart10 } from "#core/dicom/part10-writer.ts";
import { JPEG_2000_LOSSLESS, RLE_LOSSLESS } from "#core/dicom/transfer-syntax.ts";
import { collect } from "#core/dicomweb/multipart-reader.ts";
import { parseQidoQuery } from "#core/dicomweb/parse-qido-query.ts";
import { freePort } from "../../../scripts/free-port.mjs";
import { hasPacs, startDcmqrscp, startOrthancPacs } from "../../../scripts/pacs.mjs";
import type { PacsSettings } from "../../config/pacs-settings.ts";
import { DecodeThreads } from "../../decode/decode-threads.ts";
import { encodeRle } from "../../decode/encoders/rle-encoder.ts";
import { createAssociationPool } from "../../dimse/association-pool.ts";
import { type DicomListener, openDicomListener } from "../../dimse/dicom-listener.ts";
import type { RemoteAe } from "../../dimse/remote-ae.ts";
import { openObjectStore } from "../../object-store/open-object-store.ts";
import { madeInstance } from "../../testing/made-archive.ts";
import type { ForwardProgress, ForwardResult, Source, StoreOutcome } from "../source.ts";
import { type InboxSource, openInboxSource } from "./inbox-source.ts";
import { openDimseSource } from "./open-dimse-source.ts";
import type { LosslessDecoder } from "./store-lossless.ts";
import { pacsStore } from "./store-transaction.ts";
import { fakeSettings } from "./testing/fake-storing.ts";

const run = promisify(execFile);
const NEVER = new AbortController().signal;
const ENVIRONMENT = { ...process.env, TCP_NODELAY: "1" };

describe.skipIf(!hasPacs)("storing with DCMTK and Orthanc", () => {
  let base: string;
  let folders = 0;
  const closing: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    base = await mkdtemp(path.join(tmpdir(), "negato-store-"));
  });

  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });

  afterAll(() => rm(base, { recursive: true, force: true }));

  async function folder(): Promise<string> {
    folders += 1;
    const made = path.join(base, String(folders));
    await mkdir(made);
    return made;
  }

  async function storescp(...options: string[]): Promise<{ remote: RemoteAe; received: string }> {
    const received = await folder();
    const port = await freePort();
    const args = ["-od", received, "-aet", "STORESCP", ...options, String(port)];
    const child = spawn("storescp", args, { env: ENVIRONMENT, stdio: "ignore" });
    closing.push(() => ended(child));
    await listening(port);
    const { remote } = fakeSettings();
    const times = { connectTimeoutMs: 5000, silenceTimeoutMs: 2000 };
    return { remote: { ...remote, ...times, aeTitle: "STORESCP", port }, received };
  }

  /** Stores at an AE; its associations end with the test. */
  async function storeAt(
    remote: RemoteAe,
    parts: readonly Uint8Array[],
    decoder?: LosslessDecoder,
  ) {
    const settings = fakeSettings();
    const pool = createAssociationPool(remote, { most: 2, perUser: 2, waitTimeoutMs: 1000 });
    closing.push(() => pool.close());
    const storing = pacsStore({
      settings: { ...settings, remote },
      pool,
      desk: undefined,
      decoder,
      onStored: () => undefined,
    });
    return await storeAll({ openStore: (study) => storing.open(study, "") }, parts);
  }

  async function objectStore() {
    const store = await openObjectStore({
      folder: await folder(),
      key: new Uint8Array(32).fill(3),
      maximumBytes: 1e8,
      maximumAgeMs: 1e9,
      memoryBytes: 1e7,
    });
    closing.push(() => store.close());
    return store;
  }

  async function openInbox(forwardTo: readonly RemoteAe[] = []): Promise<{
    inbox: InboxSource;
    listener: DicomListener;
  }> {
    const destinations = forwardTo.map((remote) => {
      const pool = createAssociationPool(remote, { most: 2, perUser: 2, waitTimeoutMs: 1000 });
      closing.push(() => pool.close());
      return { remote, pool };
    });
    const inbox = await openInboxSource({
      name: "inbox",
      store: await objectStore(),
      allowedAeTitles: ["CT1"],
      forwardTo: destinations,
    });
    closing.push(() => inbox.close());
    const listener = await openListener(inbox);
    closing.push(() => listener.close());
    return { inbox, listener };
  }

  async function pacsSource(
    remote: RemoteAe,
    listener: DicomListener,
    changes: Partial<PacsSettings>,
  ): Promise<Source> {
    const settings = { ...fakeSettings(changes), remote };
    const pool = createAssociationPool(remote, { most: 4, perUser: 4, waitTimeoutMs: 1000 });
    closing.push(() => pool.close());
    const store = await objectStore();
    const source = await openDimseSource({
      ...{ settings, pool, store, listener },
      observe: () => undefined,
    });
    closing.push(() => source.close());
    return source;
  }

  it("storescp has what was sent, in the syntaxes that it takes", async () => {
    const { remote, received } = await storescp("+xi");
    const { outcomes } = await storeAt(remote, [made(1), made(2), compressed()]);
    expect(outcomes.map(({ kind }) => kind)).toEqual(["stored", "stored", "failed"]);
    expect(outcomes[2]?.status).toBe(0xc122);
    const files = await readdir(received);
    expect(files).toHaveLength(2);
    const file = await readDicom(
      bytesSource(new Uint8Array(await readFile(path.join(received, files[0] ?? "")))),
    );
    expect(file.transferSyntaxUid).toBe("1.2.840.10008.1.2");
    expect(file.dataSet.string(0x00100010)).toBe("Doe^Jane");
  });

  it("storescp has the samples of what is losslessly compressed where it takes nothing compressed", async () => {
    const { remote, received } = await storescp("+xi");
    const samples = Uint16Array.from({ length: 64 }, (_, index) => index * 1001);
    const decoder = new DecodeThreads();
    closing.push(async () => decoder.close());
    const { outcomes } = await storeAt(remote, [runLengths(samples), compressed()], decoder);
    expect(outcomes.map(({ kind, status }) => [kind, status])).toEqual([
      ["stored", 0],
      ["failed", 0xc122],
    ]);
    expect(outcomes[1]?.message).toContain("cannot be given in another without a change: ");
    const [name = ""] = await readdir(received);
    const file = await readFile(path.join(received, name));
    expect(file.subarray(-128).equals(Buffer.from(samples.buffer))).toBe(true);
  });

  it("storescp, which takes one association at a time, has all of many", async () => {
    const { remote, received } = await storescp("+xa");
    const parts = Array.from({ length: 40 }, (_, number) => made(number + 1));
    const { outcomes } = await storeAt(remote, parts);
    expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(["stored"]));
    expect(await readdir(received)).toHaveLength(40);
  });

  it("storescp has compressed objects as they were, byte for byte", async () => {
    const { remote, received } = await storescp("+xa", "+B");
    const { outcomes } = await storeAt(remote, [compressed()]);
    expect(outcomes.map(({ kind }) => kind)).toEqual(["stored"]);
    const [name = ""] = await readdir(received);
    const file = await readFile(path.join(received, name));
    const sent = Buffer.from(compressed());
    const from = sent.indexOf(Buffer.from([0x08, 0x00, 0x16, 0x00]));
    expect(file.subarray(-sent.length + from).equals(sent.subarray(from))).toBe(true);
  });

  it.each([
    ["--refuse", ["unavailable", "upstream-failure"]],
    ["--abort-after", ["upstream-failure"]],
    ["--abort-during", ["upstream-failure"]],
    ["--sleep-during=30", ["timeout"]],
  ])("storescp with %s makes a failure with a name", async (option, codes) => {
    const { remote } = await storescp(...option.split("="));
    const { error } = await storeAt(remote, [made(1, 200_000)]);
    expect(error).toMatchObject({ name: "SourceError" });
    expect(codes).toContain(error instanceof Error && "code" in error ? error.code : undefined);
  });

  it("Orthanc confirms what it keeps, and lists show it at once", async () => {
    const { listener } = await openInbox();
    const orthanc = await startOrthancPacs({
      knows: [{ aeTitle: "NEGATO", port: listener.port }],
    });
    closing.push(() => orthanc.stop());
    const remote = { ...fakeSettings().remote, aeTitle: "ORTHANC", port: orthanc.port };
    const store = { isAllowed: true, commitment: true };
    const source = await pacsSource(remote, listener, { store });
    const studies = parseQidoQuery({ level: "study" }, []);
    expect((await source.search(studies, NEVER)).matches).toHaveLength(0);
    const { outcomes, error } = await storeAll(source, [made(1), made(2)]);
    expect(error).toBeUndefined();
    expect(outcomes.map(({ kind, message }) => [kind, message])).toEqual([
      ["stored", "Stored"],
      ["stored", "Stored"],
    ]);
    expect((await source.search(studies, NEVER)).matches).toHaveLength(1);
  });

  it("serves what it stored, not what it kept under the UID before", async () => {
    const orthanc = await startOrthancPacs({ settings: { OverwriteInstances: true } });
    closing.push(() => orthanc.stop());
    const remote = { ...fakeSettings().remote, aeTitle: "ORTHANC", port: orthanc.port };
    const { listener } = await openInbox();
    const source = await pacsSource(remote, listener, {
      store: { isAllowed: true, commitment: false },
    });
    const selector = {
      studyInstanceUid: "1.2.3",
      seriesInstanceUid: "1.2.3.1",
      sopInstanceUid: "1.2.3.1.1",
    };
    const pixels = async () => {
      for await (const frame of source.frames(selector, [1], NEVER))
        return Buffer.from(await collect(frame.open(), 1000));
      return undefined;
    };
    const values = (first: number) => Uint16Array.from({ length: 16 }, (_, index) => first + index);
    const object = (first: number) =>
      madeInstance({ SOPInstanceUID: "1.2.3.1.1", PixelData: values(first) });
    await storeAll(source, [object(0)]);
    expect(await pixels()).toEqual(Buffer.from(values(0).buffer));
    await storeAll(source, [object(500)]);
    expect(await pixels()).toEqual(Buffer.from(values(500).buffer));
  });

  it("says that Orthanc did not confirm when it does not know us", async () => {
    const { listener } = await openInbox();
    const orthanc = await startOrthancPacs();
    closing.push(() => orthanc.stop());
    const remote = { ...fakeSettings().remote, aeTitle: "ORTHANC", port: orthanc.port };
    const store = { isAllowed: true, commitment: true };
    const source = await pacsSource(remote, listener, { store });
    const { outcomes } = await storeAll(source, [made(1)]);
    expect(outcomes).toMatchObject([{ kind: "warning", status: 0xb0c0 }]);
    expect(outcomes[0]?.message).toContain("has not confirmed");
  });

  it("takes what storescu sends to the inbox, and nothing from strangers", async () => {
    const { inbox, listener } = await openInbox();
    const file = path.join(await folder(), "a.dcm");
    await writeFile(file, made(1));
    const send = (aeTitle: string) =>
      run(
        "storescu",
        ["-aet", aeTitle, "-aec", "NEGATO", "127.0.0.1", String(listener.port), file],
        { env: ENVIRONMENT },
      ).then(
        () => "sent",
        () => "refused",
      );
    expect(await send("CT1")).toBe("sent");
    expect(await send("CT1")).toBe("sent");
    expect(await send("EVIL")).toBe("refused");
    await writeFile(file, made(1, 64));
    await send("CT1");
    const found = await inbox.search(parseQidoQuery({ level: "instance" }, []), NEVER);
    expect(found.matches.map((match) => match.string(0x00080018))).toEqual(["1.2.3.1.1"]);
    expect(await inbox.problems()).toMatchObject([{ code: "inbox-differs", where: "CT1" }]);
  });

  it("forwards from the inbox by C-STORE", async () => {
    const { remote, received } = await storescp("+xa");
    const { inbox, listener } = await openInbox([remote]);
    const file = path.join(await folder(), "a.dcm");
    for (const number of [1, 2]) {
      await writeFile(file, made(number));
      const args = ["-aet", "CT1", "-aec", "NEGATO", "127.0.0.1", String(listener.port), file];
      await run("storescu", args, { env: ENVIRONMENT });
    }
    const events = await forwarded(inbox, "STORESCP");
    expect(events.at(-1)).toMatchObject({ status: "completed", completed: 2, failed: 0 });
    expect(events).toHaveLength(3);
    expect(await readdir(received)).toHaveLength(2);
  });

  it("forwards from a PACS by C-MOVE, and says which destination it does not know", async () => {
    const { remote, received } = await storescp("+xa");
    const { listener } = await openInbox();
    const pacs = await startDcmqrscp({
      knows: [
        { aeTitle: "STORESCP", port: remote.port },
        { aeTitle: "NEGATO", port: listener.port },
      ],
    });
    closing.push(() => pacs.stop());
    await pacs.load([made(1), made(2), made(3)]);
    const source = await pacsSource(
      { ...fakeSettings().remote, aeTitle: "QRSCP", port: pacs.port },
      listener,
      { forwardTo: ["STORESCP", "NOBODY"] },
    );
    const events = await forwarded(source, "STORESCP");
    expect(events.at(-1)).toMatchObject({ status: "completed", completed: 3, failed: 0 });
    expect(await readdir(received)).toHaveLength(3);
    await expect(forwarded(source, "NOBODY")).rejects.toMatchObject({
      name: "SourceError",
      message: expect.stringContaining("NOBODY"),
    });
    await expect(forwarded(source, "STORESCP", "1.2.99")).rejects.toMatchObject({
      code: "not-found",
    });
  });
});

async function openListener(inbox: InboxSource): Promise<DicomListener> {
  return await openDicomListener({
    aeTitles: ["NEGATO"],
    host: "127.0.0.1",
    port: 0,
    allows: (aeTitle) => aeTitle !== "EVIL",
    inbox: inbox.receiver,
    maximumAssociations: 8,
    maximumPduLength: 65_536,
    silenceTimeoutMs: 5000,
  });
}

async function storeAll(
  source: Pick<Source, "openStore">,
  parts: readonly Uint8Array[],
): Promise<{ outcomes: readonly StoreOutcome[]; error: unknown }> {
  const transaction = source.openStore?.(undefined);
  if (transaction === undefined) throw new Error("It does not store");
  try {
    for (const part of parts) await transaction.add(chunks(part), NEVER);
    return { outcomes: await transaction.finish(NEVER), error: undefined };
  } catch (error) {
    return { outcomes: [], error };
  }
}

async function* chunks(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.byteLength; at += 65_536) yield bytes.subarray(at, at + 65_536);
}

async function forwarded(
  { forwarding }: Pick<Source, "forwarding">,
  destination: string,
  studyInstanceUid = "1.2.3",
): Promise<readonly (ForwardProgress | ForwardResult)[]> {
  const events: (ForwardProgress | ForwardResult)[] = [];
  const all = forwarding?.forward({ studyInstanceUid }, destination, NEVER) ?? [];
  for await (const event of all) events.push(event);
  return events;
}

function made(number: number, pixels = 16): Uint8Array {
  const PixelData = Uint16Array.from({ length: pixels }, (_, index) => index);
  return madeInstance({ SOPInstanceUID: `1.2.3.1.${number}`, InstanceNumber: number, PixelData });
}

function compressed(): Uint8Array {
  return writePart10({
    dataSet: buildDataSet({
      SOPClassUID: "1.2.840.10008.5.1.4.1.1.2",
      SOPInstanceUID: "1.2.3.1.1",
      StudyInstanceUID: "1.2.3",
      SeriesInstanceUID: "1.2.3.1",
      PatientID: "P1",
    }),
    transferSyntaxUid: JPEG_2000_LOSSLESS,
    frames: [Uint8Array.from({ length: 100 }, (_, index) => index)],
  });
}

/** An image of 8 x 8 pixels in RLE. */
function runLengths(samples: Uint16Array): Uint8Array {
  const matrix = { rows: 8, columns: 8, samplesPerPixel: 1 } as const;
  return writePart10({
    dataSet: buildDataSet({
      SOPClassUID: "1.2.840.10008.5.1.4.1.1.2",
      SOPInstanceUID: "1.2.3.1.2",
      StudyInstanceUID: "1.2.3",
      SeriesInstanceUID: "1.2.3.1",
      PatientID: "P1",
      SamplesPerPixel: 1,
      PhotometricInterpretation: "MONOCHROME2",
      Rows: 8,
      Columns: 8,
      BitsAllocated: 16,
      BitsStored: 16,
      HighBit: 15,
      PixelRepresentation: 0,
    }),
    transferSyntaxUid: RLE_LOSSLESS,
    frames: [encodeRle(samples, matrix)],
  });
}

async function ended(child: ChildProcess): Promise<void> {
  const exited = new Promise((resolve) => child.once("exit", resolve));
  if (child.exitCode === null && child.kill("SIGKILL")) await exited;
}

async function listening(port: number): Promise<void> {
  for (let left = 200; left > 0; left -= 1) {
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = connect(port, "127.0.0.1");
      socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
      socket.once("connect", () => socket.destroy());
    });
    if (isOpen) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error("storescp does not listen");
}
