import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { buildDataSet } from "#core/dicom/data-set-builder.ts";
import { writeDataSet } from "#core/dicom/data-set-writer.ts";
import { EXPLICIT_VR_LITTLE_ENDIAN } from "#core/dicom/transfer-syntax.ts";
import { DimseError } from "../../dimse/dimse-error.ts";
import type { ObjectReceiver } from "../../dimse/storage-sink.ts";
import type { ObjectStore, StoredObject } from "../../object-store/object-store.ts";
import { type StoreFixture, storeFixture } from "../../object-store/testing/store-fixture.ts";
import { arrivalSink } from "./arrival-sink.ts";

const CT = "1.2.840.10008.5.1.4.1.1.2";
const BYTES = writeDataSet(
  buildDataSet({
    SOPClassUID: CT,
    SOPInstanceUID: "1.2.3.4.5",
    StudyInstanceUID: "1.2.3",
    SeriesInstanceUID: "1.2.3.4",
    PixelData: new Uint8Array(5000).fill(7),
  }),
);

describe("objects that a PACS sends", () => {
  let fixture: StoreFixture;
  let store: ObjectStore;
  let arrived: StoredObject[];
  let refused: string[];

  beforeEach(async () => {
    fixture = await storeFixture();
    store = await fixture.open();
    arrived = [];
    refused = [];
  });

  afterEach(() => fixture.dispose());

  function begin(sopInstanceUid = "1.2.3.4.5", isWanted = true): ObjectReceiver {
    const sink = arrivalSink(store, {
      isWanted: () => isWanted,
      arrived: (object) => arrived.push(object),
      refused: (uid, failure) => refused.push(`${uid} ${failure}`),
    });
    const receiver = sink.begin({
      sopClassUid: CT,
      sopInstanceUid,
      transferSyntaxUid: EXPLICIT_VR_LITTLE_ENDIAN,
      callingAeTitle: "A",
      calledAeTitle: "B",
    });
    if (typeof receiver === "number") throw new Error(`refused with ${receiver}`);
    return receiver;
  }

  async function send(receiver: ObjectReceiver, bytes: Uint8Array, step: number): Promise<number> {
    for (let at = 0; at < bytes.byteLength; at += step)
      await receiver.write(bytes.subarray(at, at + step));
    return await receiver.end();
  }

  it.each([1, 7, 64, 65_536])(
    "are kept byte for byte under their own identity (%d bytes at a time)",
    async (step) => {
      expect(await send(begin(), BYTES, step)).toBe(0);
      expect(arrived).toMatchObject([
        { studyInstanceUid: "1.2.3", seriesInstanceUid: "1.2.3.4", byteLength: BYTES.byteLength },
      ]);
      const [object] = arrived;
      const kept: Uint8Array[] = [];
      if (object !== undefined) for await (const chunk of store.open(object)) kept.push(chunk);
      expect(Buffer.concat(kept).equals(BYTES)).toBe(true);
    },
  );

  it("are refused when they are another object than the command says", async () => {
    expect(await send(begin("1.2.3.4.6"), BYTES, 512)).toBe(0xa900);
    expect(refused).toEqual(["1.2.3.4.6 other-instance"]);
    expect(store.status().objects).toBe(0);
  });

  it("are refused when nobody can tell whose they are", async () => {
    expect(await send(begin(), new Uint8Array(4096), 512)).toBe(0xc000);
    expect(await send(begin(), BYTES.subarray(0, 20), 512)).toBe(0xc000);
    expect(refused).toEqual(["1.2.3.4.5 unreadable", "1.2.3.4.5 unreadable"]);
  });

  it.each([1, 64, 65_536])(
    "are not kept when they break off in the middle of a value (%d bytes at a time)",
    async (step) => {
      expect(await send(begin(), BYTES.subarray(0, BYTES.byteLength - 1000), step)).toBe(0xc000);
      expect(refused).toEqual(["1.2.3.4.5 cut-off"]);
      expect(store.status().objects).toBe(0);
    },
  );

  it("are passed over when they are there", async () => {
    expect(await send(begin("1.2.3.4.5", false), BYTES, 512)).toBe(0);
    expect(store.status().objects).toBe(0);
  });

  it("leave nothing when the association ends in the middle", async () => {
    const receiver = begin();
    await receiver.write(BYTES.subarray(0, 3000));
    receiver.abort(new DimseError("connection-lost", "Gone"));
    expect(store.status().objects).toBe(0);
    expect(arrived).toEqual([]);
  });
});
