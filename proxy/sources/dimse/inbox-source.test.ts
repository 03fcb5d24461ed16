import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { buildDataSet, type MadeDataSet } from "#core/dicom/data-set-builder.ts";
import { writeDataSet } from "#core/dicom/data-set-writer.ts";
import { EXPLICIT_VR_LITTLE_ENDIAN } from "#core/dicom/transfer-syntax.ts";
import { parseQidoQuery } from "#core/dicomweb/parse-qido-query.ts";
import { DimseError } from "../../dimse/dimse-error.ts";
import type { IncomingObject } from "../../dimse/storage-sink.ts";
import type { ObjectStore } from "../../object-store/object-store.ts";
import { openObjectStore } from "../../object-store/open-object-store.ts";
import type { SourceChange } from "../source.ts";
import { type InboxSource, openInboxSource } from "./inbox-source.ts";
import { fakePool, fakeSettings } from "./testing/fake-storing.ts";

const CT = "1.2.840.10008.5.1.4.1.1.2";
const NEVER = new AbortController().signal;
const INSTANCE = {
  studyInstanceUid: "1.2.3",
  seriesInstanceUid: "1.2.3.1",
  sopInstanceUid: "1.2.3.1.1",
};

describe("the inbox", () => {
  let folder: string;
  let store: ObjectStore;
  let inbox: InboxSource;

  async function open(maximumBytes = 1e8): Promise<void> {
    store = await openObjectStore({
      folder,
      key: new Uint8Array(32).fill(7),
      maximumBytes,
      maximumAgeMs: 1e9,
      memoryBytes: 1e6,
    });
    inbox = await openInboxSource({ name: "inbox", store, allowedAeTitles: ["CT1"] });
    while (inbox.status().state === "indexing") await new Promise(setImmediate);
  }

  async function close(): Promise<void> {
    await inbox.close();
    await store.close();
  }

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "negato-inbox-"));
    await open();
  });

  afterEach(async () => {
    await close();
    await rm(folder, { recursive: true, force: true });
  });

  async function studies(query = ""): Promise<readonly (string | undefined)[]> {
    const parsed = parseQidoQuery({ level: "study" }, new URLSearchParams(query));
    const page = await inbox.search(parsed, NEVER);
    return page.matches.map((match) => match.string(0x0020000d));
  }

  it("lets in only whom the list names", () => {
    expect(inbox.receiver.allows("CT1")).toBe(true);
    expect(inbox.receiver.allows("CT2")).toBe(false);
  });

  it("shows what was sent at once, and serves it", async () => {
    expect(await push(inbox, made())).toBe(0x0000);
    expect(await studies()).toEqual(["1.2.3"]);
    expect(await studies("PatientName=Doe*")).toEqual(["1.2.3"]);
    expect(await studies("PatientName=Roe*")).toEqual([]);
    const page = await inbox.search(parseQidoQuery({ level: "instance" }, []), NEVER);
    expect(page.matches.map((match) => match.string(0x00080018))).toEqual(["1.2.3.1.1"]);
    for await (const { dataSet } of inbox.metadata({ studyInstanceUid: "1.2.3" }, NEVER))
      expect(dataSet.string(0x00100010)).toBe("Doe^Jane");
    const frames = inbox.frames(INSTANCE, [1], NEVER);
    for await (const frame of frames) expect(await whole(frame.open())).toEqual(pixels());
    expect(await inbox.etag({ studyInstanceUid: "1.2.3" }, NEVER)).toBeTypeOf("string");
    expect(inbox.status()).toMatchObject({ state: "ready", studies: 1, series: 1, instances: 1 });
  });

  it.each([1, 50, 100_000])("takes an object in chunks of %i bytes", async (size) => {
    expect(await push(inbox, made(), {}, size)).toBe(0x0000);
    for await (const instance of inbox.instances(INSTANCE, NEVER)) {
      const file = await whole(instance.open());
      expect(file.byteLength).toBe(instance.byteLength);
      expect(Buffer.from(file).includes(Buffer.from(made()))).toBe(true);
    }
  });

  it("knows after a restart what it has", async () => {
    await push(inbox, made());
    await close();
    await open();
    expect(await studies()).toEqual(["1.2.3"]);
    expect(await push(inbox, made())).toBe(0x0000);
  });

  it("takes the same object again, and keeps the first of two different ones", async () => {
    await push(inbox, made());
    expect(await push(inbox, made(), {}, 37)).toBe(0x0000);
    expect(await push(inbox, made({ PatientName: "Roe^Jane" }))).toBe(0x0111);
    expect(await push(inbox, made().subarray(0, -2))).toBe(0x0111);
    expect(await push(inbox, Buffer.concat([made(), new Uint8Array(2)]))).toBe(0x0111);
    expect(await push(inbox, made(), { transferSyntaxUid: "1.2.840.10008.1.2" })).toBe(0x0111);
    expect(await studies("PatientName=Doe^Jane")).toEqual(["1.2.3"]);
    expect(await inbox.problems()).toMatchObject(
      Array.from({ length: 4 }, () => ({ where: "CT1", code: "inbox-differs" })),
    );
  });

  it.each<[string, Uint8Array, Partial<IncomingObject>, number]>([
    ["another instance than its command says", made(), { sopInstanceUid: "1.2.9" }, 0xa900],
    ["another class than its command says", made(), { sopClassUid: `${CT}.1` }, 0xa900],
    ["no study", made({ StudyInstanceUID: undefined }), {}, 0xc000],
    ["noise", Uint8Array.from({ length: 999 }, (_, at) => (at * 31) % 256), {}, 0xc000],
    ["nothing", new Uint8Array(0), {}, 0xc000],
    ["what breaks off", made().subarray(0, -20), {}, 0xc000],
  ])("refuses what holds %s, and keeps nothing of it", async (_what, bytes, command, status) => {
    expect(await push(inbox, bytes, command)).toBe(status);
    expect(await studies()).toEqual([]);
    expect(store.status().objects).toBe(0);
    expect(await inbox.problems()).toHaveLength(1);
  });

  it("answers out of resources when it is full, and goes on", async () => {
    await close();
    await open(400_000);
    const large = made({ PixelData: new Uint16Array(300_000) });
    expect(await push(inbox, large)).toBe(0xa700);
    expect(await push(inbox, made())).toBe(0x0000);
    expect(await inbox.problems()).toMatchObject([{ code: "inbox-disk-full" }]);
  });

  it("lets two senders of one object go one after the other", async () => {
    const other = made({ PatientName: "Roe^Jane" });
    const [first, second, third] = await Promise.all([
      push(inbox, made(), {}, 64),
      push(inbox, made(), {}, 100),
      push(inbox, other, {}, 64),
    ]);
    expect([first, second, third]).toEqual([0x0000, 0x0000, 0x0111]);
    expect(store.status().objects).toBe(1);
  });

  it("forgets an object whose association ended before it did, and lets the next one in", async () => {
    const cut = inbox.receiver.begin(incoming());
    if (typeof cut === "number") throw new Error("Refused");
    await cut.write(made().subarray(0, 300));
    const next = push(inbox, made());
    cut.abort(new DimseError("connection-lost", "Reset"));
    expect(await next).toBe(0x0000);
    expect(store.status().objects).toBe(1);
  });

  it("tells what arrives to whoever listens", async () => {
    const controller = new AbortController();
    const heard: SourceChange[] = [];
    const listening = (async () => {
      for await (const change of inbox.changes?.(controller.signal) ?? []) heard.push(change);
    })();
    await new Promise(setImmediate);
    await push(inbox, made());
    await new Promise(setImmediate);
    controller.abort();
    await listening;
    expect(heard).toEqual([{ kind: "arrived", selector: INSTANCE }]);
  });

  it("is not found by what it does not have, and stores nothing over HTTP", async () => {
    const asked = inbox.instances({ studyInstanceUid: "1.9" }, NEVER)[Symbol.asyncIterator]();
    await expect(asked.next()).rejects.toMatchObject({ code: "not-found" });
    expect(inbox.canStore).toBe(false);
  });

  it("forwards by C-STORE to those of its list, and to nobody else", async () => {
    await push(inbox, made());
    const pool = fakePool({ failure: () => new DimseError("unreachable", "Refused") });
    const { remote } = fakeSettings();
    const sending = await openInboxSource({
      name: "inbox",
      store,
      allowedAeTitles: [],
      forwardTo: [{ remote, pool }],
    });
    while (sending.status().state === "indexing") await new Promise(setImmediate);
    expect(sending.forwarding?.destinations).toEqual(["PACS"]);
    const to = (aeTitle: string) =>
      sending.forwarding
        ?.forward({ studyInstanceUid: "1.2.3" }, aeTitle, NEVER)
        [Symbol.asyncIterator]()
        .next();
    await expect(to("PACS")).rejects.toMatchObject({ code: "unavailable" });
    await expect(to("OTHER")).rejects.toMatchObject({ code: "bad-request" });
    await sending.close();
  });
});

function made(values: MadeDataSet = {}): Uint8Array {
  return writeDataSet(
    buildDataSet({
      SOPClassUID: CT,
      SOPInstanceUID: "1.2.3.1.1",
      StudyDate: "20240501",
      Modality: "CT",
      PatientName: "Doe^Jane",
      PatientID: "P1",
      StudyInstanceUID: "1.2.3",
      SeriesInstanceUID: "1.2.3.1",
      Rows: 4,
      Columns: 4,
      SamplesPerPixel: 1,
      PhotometricInterpretation: "MONOCHROME2",
      BitsAllocated: 16,
      BitsStored: 16,
      HighBit: 15,
      PixelRepresentation: 0,
      PixelData: new Uint16Array(pixels().buffer),
      ...values,
    }),
  );
}

function pixels(): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Uint16Array.from({ length: 16 }, (_, index) => index * 100).buffer);
}

function incoming(changes: Partial<IncomingObject> = {}): IncomingObject {
  return {
    sopClassUid: CT,
    sopInstanceUid: "1.2.3.1.1",
    transferSyntaxUid: EXPLICIT_VR_LITTLE_ENDIAN,
    callingAeTitle: "CT1",
    calledAeTitle: "NEGATO",
    ...changes,
  };
}

/** Sends an object as the listener hands it over. */
async function push(
  inbox: InboxSource,
  bytes: Uint8Array,
  command: Partial<IncomingObject> = {},
  chunkBytes = 256,
): Promise<number> {
  const receiver = inbox.receiver.begin(incoming(command));
  if (typeof receiver === "number") return receiver;
  for (let at = 0; at < bytes.byteLength; at += chunkBytes)
    await receiver.write(bytes.slice(at, at + chunkBytes));
  return await receiver.end();
}

async function whole(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const chunk of chunks) pieces.push(chunk);
  return new Uint8Array(Buffer.concat(pieces));
}
