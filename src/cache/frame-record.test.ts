import { describe, expect, it } from "vitest";
import type { DecodedFrame } from "#core/pixels/decoded-frame.ts";
import { decodeFrameRecord, encodeFrameRecord } from "./frame-record.ts";

const frame: DecodedFrame = {
  rows: 3,
  columns: 3,
  meaning: "monochrome",
  samples: new Int16Array([1, -2, 3, -4, 5, -6, 7, -8, 9]),
  bitsStored: 12,
  isSigned: true,
  minimum: -8,
  maximum: 9,
  decoder: "test 1.0",
  fidelity: "exact",
  deviations: [],
};

const withOverlays: DecodedFrame = {
  ...frame,
  embeddedOverlays: [
    { bit: 12, data: new Uint8Array([0b101, 1]) },
    { bit: 15, data: new Uint8Array([0xff, 0]) },
  ],
};

describe("a frame record", () => {
  it.each([
    ["a plain frame", frame],
    ["a frame with overlays that stood in its cells", withOverlays],
  ])("gives back %s", (_name, kept) => {
    expect(decodeFrameRecord(encodeFrameRecord(kept))).toEqual(kept);
  });

  it("gives samples and overlays in buffers of their own", () => {
    const read = decodeFrameRecord(encodeFrameRecord(withOverlays));
    expect(read?.samples.buffer.byteLength).toBe(18);
    expect(read?.embeddedOverlays?.[1]?.data.buffer.byteLength).toBe(2);
  });

  it("is none when bytes are missing or too many", () => {
    const record = encodeFrameRecord(withOverlays);
    expect(decodeFrameRecord(record.slice(0, -1))).toBeUndefined();
    expect(decodeFrameRecord(new Uint8Array([...record, 0]))).toBeUndefined();
    expect(decodeFrameRecord(new Uint8Array(3))).toBeUndefined();
  });
});
