import { describe, expect, it } from "vitest";
import { DataSet } from "#core/dicom/data-set.ts";
import { RetrieveError } from "../retrieve/study-source.ts";
import { ExtraValues } from "./extra-values.ts";

const never = new AbortController().signal;
const PLANE = 0x60003000;

/** An object of 64 x 64 pixels whose overlay plane is elsewhere. */
function instance(uri: string): DataSet {
  return new DataSet([
    { tag: 0x60000010, vr: "US", value: { kind: "numbers", numbers: [64] } },
    { tag: 0x60000011, vr: "US", value: { kind: "numbers", numbers: [64] } },
    { tag: PLANE, vr: "OW", value: { kind: "uri", uri } },
  ]);
}

/** An archive that counts what it is asked for. */
function archive(answer: (uri: string) => Promise<Uint8Array<ArrayBuffer>>) {
  const asked: string[] = [];
  const retrieveBulkData = (uri: string): Promise<Uint8Array<ArrayBuffer>> => {
    asked.push(uri);
    return answer(uri);
  };
  return { asked, values: new ExtraValues({ retrieveBulkData }) };
}

describe("the large values of extras", () => {
  it("are put in their places, and asked for once", async () => {
    const { asked, values } = archive(async () => new Uint8Array(512));
    for (const _ of [1, 2]) {
      const { dataSet, failure } = await values.complete(instance("a"), never);
      expect(dataSet.bytes(PLANE)?.length).toBe(512);
      expect(failure).toBeUndefined();
    }
    expect(asked).toEqual(["a"]);
  });

  it("are counted once, however many ask for them at the same time, so that they stay", async () => {
    const bytes = new Uint8Array(512);
    const { asked, values } = archive(async () => bytes);
    // As often as would fill the room for values, were each counted.
    const times = Array.from({ length: 70_000 });
    await Promise.all(times.map(() => values.complete(instance("a"), never)));
    await values.complete(instance("b"), never);
    const before = asked.length;
    await values.complete(instance("a"), never);
    expect(asked.length).toBe(before);
  });

  it("are not asked for where nothing is missing", async () => {
    const { asked, values } = archive(async () => new Uint8Array(0));
    const dataSet = new DataSet([]);
    expect(await values.complete(dataSet, never)).toEqual({ dataSet });
    expect(asked).toEqual([]);
  });

  it("that cannot be had stay away, with the reason, and may come later", async () => {
    let isDown = true;
    const { values } = archive(async () => {
      if (isDown) throw new RetrieveError("network", "no answer");
      return new Uint8Array(512);
    });
    const lacking = await values.complete(instance("a"), never);
    expect(lacking.failure?.code).toBe("network");
    expect(lacking.dataSet.bytes(PLANE)).toBeUndefined();
    isDown = false;
    expect((await values.complete(instance("a"), never)).dataSet.bytes(PLANE)?.length).toBe(512);
  });

  it("that are larger than their header allows are refused", async () => {
    const { values } = archive(async () => new Uint8Array(100_000));
    expect((await values.complete(instance("a"), never)).failure?.code).toBe("bad-response");
  });

  it("give up with an abort", async () => {
    const abort = new AbortController();
    const { values } = archive(async () => {
      abort.abort();
      throw new RetrieveError("aborted", "gone");
    });
    await expect(values.complete(instance("a"), abort.signal)).rejects.toThrow();
  });
});
