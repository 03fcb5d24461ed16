import { setMaxListeners } from "node:events";
import { existsSync } from "node:fs";
import { afterEach, describe, expect, it } from "vitest";
import { bytesSource } from "#core/dicom/byte-source.ts";
import { buildDataSet } from "#core/dicom/data-set-builder.ts";
import { readDicom } from "#core/dicom/part10-reader.ts";
import { writePart10 } from "#core/dicom/part10-writer.ts";
import { EXPLICIT_VR_LITTLE_ENDIAN, JPEG_2000_LOSSLESS } from "#core/dicom/transfer-syntax.ts";
import { freePort } from "../../../scripts/free-port.mjs";
import {
  hasPacs,
  type RunningPacs,
  startDcmqrscp,
  startOrthancPacs,
} from "../../../scripts/pacs.mjs";
import type { ResourceSelector } from "../source.ts";
import {
  OWN_AE,
  type PacsFixture,
  type PacsFixtureOptions,
  pacsFixture,
} from "./testing/pacs-fixture.ts";

const CT = "1.2.840.10008.5.1.4.1.1.2";
const STUDY = "1.2.826.0.1.3680043.10.1338.77";
const SERIES = `${STUDY}.1`;
const COUNT = 40;
const NEVER = new AbortController().signal;
setMaxListeners(0, NEVER);
const hasOrthanc = existsSync(process.env["NEGATO_ORTHANC"] ?? "/usr/sbin/Orthanc");

const PACS = [
  ["Orthanc", startOrthancPacs, hasOrthanc],
  ["dcmqrscp", startDcmqrscp, true],
] as const;

/** A slice whose pixels say which one it is. */
function slice(number: number, series = SERIES): Uint8Array<ArrayBuffer> {
  return writePart10({
    transferSyntaxUid: EXPLICIT_VR_LITTLE_ENDIAN,
    dataSet: buildDataSet({
      SOPClassUID: CT,
      SOPInstanceUID: `${series}.${number}`,
      StudyInstanceUID: STUDY,
      SeriesInstanceUID: series,
      StudyDate: "20240102",
      StudyTime: "101112",
      StudyID: "1",
      SeriesNumber: 1,
      InstanceNumber: number,
      Modality: "CT",
      PatientName: "Doe^Jane",
      PatientID: "P1",
      Rows: 32,
      Columns: 32,
      SamplesPerPixel: 1,
      PhotometricInterpretation: "MONOCHROME2",
      BitsAllocated: 16,
      BitsStored: 16,
      HighBit: 15,
      PixelRepresentation: 0,
      PixelData: new Uint16Array(32 * 32).fill(number),
    }),
  });
}

/** An object whose frame is no real codestream: nobody between the archive and us is to look into it. */
function compressed(): Uint8Array<ArrayBuffer> {
  const frame = Uint8Array.from({ length: 600 }, (_, index) => (index * 7) % 251);
  frame.set([0xff, 0x4f, 0xff, 0x51]);
  frame.set([0xff, 0xd9], 598);
  return writePart10({
    transferSyntaxUid: JPEG_2000_LOSSLESS,
    frames: [frame],
    dataSet: buildDataSet({
      SOPClassUID: CT,
      SOPInstanceUID: `${STUDY}.2.1`,
      StudyInstanceUID: STUDY,
      SeriesInstanceUID: `${STUDY}.2`,
      SeriesNumber: 2,
      InstanceNumber: 1,
      Modality: "CT",
      PatientName: "Doe^Jane",
      PatientID: "P1",
      Rows: 32,
      Columns: 32,
      SamplesPerPixel: 1,
      PhotometricInterpretation: "MONOCHROME2",
      BitsAllocated: 16,
      BitsStored: 16,
      HighBit: 15,
      PixelRepresentation: 0,
    }),
  });
}

describe.skipIf(!hasPacs)("retrieving from a PACS of another maker", () => {
  const closing: (() => Promise<unknown>)[] = [];

  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });

  async function open(
    pacs: RunningPacs,
    options: Partial<PacsFixtureOptions> = {},
  ): Promise<PacsFixture> {
    const { aeTitle, port } = pacs;
    const fixture = await pacsFixture({ aeTitle, port, silenceTimeoutMs: 10_000, ...options });
    closing.push(() => fixture.close());
    return fixture;
  }

  async function bytesOf(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
    const parts: Uint8Array[] = [];
    for await (const chunk of chunks) parts.push(chunk);
    return Buffer.concat(parts);
  }

  /** First sample of the frame of an instance. */
  async function sampleOf({ source }: PacsFixture, number: number): Promise<number> {
    const selector = {
      studyInstanceUid: STUDY,
      seriesInstanceUid: SERIES,
      sopInstanceUid: `${SERIES}.${number}`,
    };
    for await (const frame of source.frames(selector, [1], NEVER)) {
      const bytes = await bytesOf(frame.open());
      expect(bytes.byteLength).toBe(frame.byteLength);
      return bytes.readUInt16LE(0);
    }
    throw new Error("There is no frame");
  }

  async function numbersOf(
    { source }: PacsFixture,
    selector: ResourceSelector,
  ): Promise<readonly number[]> {
    const numbers: number[] = [];
    for await (const { dataSet } of source.metadata(selector, NEVER))
      numbers.push(dataSet.number(0x00200013) ?? 0);
    return numbers.sort((a, b) => a - b);
  }

  it.each(PACS)(
    "(%s) gives each frame for what it is, by C-GET and by C-MOVE",
    async (_, start, isThere) => {
      if (!isThere) return;
      const listenPort = await freePort();
      const pacs = await start({ knows: [{ aeTitle: OWN_AE, port: listenPort }] });
      closing.push(() => pacs.stop());
      await pacs.load(Array.from({ length: COUNT }, (_each, index) => slice(index + 1)));
      for (const retrieve of ["get", "move"] as const) {
        const fixture = await open(pacs, { retrieve, listenPort });
        const order = [20, ...Array.from({ length: COUNT }, (_each, index) => index + 1)];
        const samples = await Promise.all(order.map((number) => sampleOf(fixture, number)));
        expect(samples).toEqual(order);
        expect(fixture.source.dimseStatus()).toMatchObject({ retrieveBy: retrieve });
        const all = Array.from({ length: COUNT }, (_each, index) => index + 1);
        expect(await numbersOf(fixture, { studyInstanceUid: STUDY })).toEqual(all);
        await closing.pop()?.();
      }
    },
    60_000,
  );

  it.each(PACS)(
    "(%s) notices what was added to a series, and that a study is not there",
    async (_, start, isThere) => {
      if (!isThere) return;
      const pacs = await start();
      closing.push(() => pacs.stop());
      await pacs.load([slice(1), slice(2), slice(1, `${STUDY}.3`)]);
      const fixture = await open(pacs);
      const series = { studyInstanceUid: STUDY, seriesInstanceUid: SERIES };
      expect(await numbersOf(fixture, series)).toEqual([1, 2]);
      const etag = await fixture.source.etag(series, NEVER);
      expect(etag).toBeDefined();
      expect(await numbersOf(fixture, { studyInstanceUid: STUDY })).toEqual([1, 1, 2]);
      await pacs.load([slice(3)]);
      await new Promise((resolve) => setTimeout(resolve, 2100));
      expect(await sampleOf(fixture, 3)).toBe(3);
      expect(await numbersOf(fixture, series)).toEqual([1, 2, 3]);
      expect(await fixture.source.etag(series, NEVER)).not.toBe(etag);
      await expect(numbersOf(fixture, { studyInstanceUid: "1.2.3.4" })).rejects.toMatchObject({
        code: "not-found",
      });
      await expect(
        numbersOf(fixture, { studyInstanceUid: STUDY, seriesInstanceUid: "1.2.3.4.5" }),
      ).rejects.toMatchObject({ code: "not-found" });
    },
    60_000,
  );

  it.runIf(hasOrthanc)(
    "(Orthanc) passes compressed objects unchanged, as files that others can read",
    async () => {
      const pacs = await startOrthancPacs();
      closing.push(() => pacs.stop());
      const original = compressed();
      await pacs.load([original]);
      const fixture = await open(pacs);
      const selector = { studyInstanceUid: STUDY, seriesInstanceUid: `${STUDY}.2` };
      const first = await readDicom(bytesSource(original));
      for await (const instance of fixture.source.instances(selector, NEVER)) {
        expect(instance.transferSyntaxUid).toBe(JPEG_2000_LOSSLESS);
        const bytes = await bytesOf(instance.open());
        expect(bytes.byteLength).toBe(instance.byteLength);
        const file = await readDicom(bytesSource(new Uint8Array(bytes)));
        expect(file.deviations).toEqual([]);
        // All after the meta group, which names who wrote the file.
        const tail = (whole: Uint8Array, from: number) => Buffer.from(whole.subarray(from));
        const at = (whole: Uint8Array) => Buffer.from(whole).indexOf(Buffer.from([8, 0, 0x16, 0]));
        expect(tail(bytes, at(bytes)).equals(tail(original, at(original)))).toBe(true);
        const part = await bytesOf(instance.open({ first: 100, last: 900 }));
        expect(part.equals(bytes.subarray(100, 901))).toBe(true);
      }
      expect(first.transferSyntaxUid).toBe(JPEG_2000_LOSSLESS);
    },
    60_000,
  );

  it.runIf(hasOrthanc)(
    "(Orthanc) serves what is kept while the PACS is away, and says that the rest cannot be had",
    async () => {
      const pacs = await startOrthancPacs();
      closing.push(() => pacs.stop());
      await pacs.load([slice(1), slice(2)]);
      const fixture = await open(pacs);
      expect(await sampleOf(fixture, 1)).toBe(1);
      expect(await sampleOf(fixture, 2)).toBe(2);
      await pacs.end();
      expect(await sampleOf(fixture, 2)).toBe(2);
      await expect(
        numbersOf(fixture, { studyInstanceUid: STUDY, seriesInstanceUid: `${STUDY}.9` }),
      ).rejects.toMatchObject({ code: "unavailable" });
      await pacs.start();
      await expect(
        numbersOf(fixture, { studyInstanceUid: STUDY, seriesInstanceUid: `${STUDY}.9` }),
      ).rejects.toMatchObject({ code: "not-found" });
    },
    60_000,
  );
});
