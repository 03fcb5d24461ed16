import { describe, expect, test } from "vitest";
import { type ByteSource, bytesSource } from "./byte-source.ts";
import { buildDataSet } from "./data-set-builder.ts";
import type { DicomFile } from "./dicom-file.ts";
import { locateFrames, readFrame } from "./frame-locator.ts";
import { readDicom } from "./part10-reader.ts";
import { writePart10 } from "./part10-writer.ts";
import { EXPLICIT_VR_BIG_ENDIAN, transferSyntaxOf } from "./transfer-syntax.ts";

const EXPLICIT = "1.2.840.10008.1.2.1";
const JPEG = "1.2.840.10008.1.2.4.50";
const DEFLATED_FRAMES = "1.2.840.10008.1.2.8.1";
const IDENTITY = { SOPClassUID: "1.2.840.10008.5.1.4.1.1.7", SOPInstanceUID: "1.2.3" };

/** A fragment with the start of a JPEG stream. */
function start(id: number): Uint8Array {
  return Uint8Array.of(0xff, 0xd8, 0xff, id);
}

/** A fragment that goes on with the stream before it. */
function more(id: number): Uint8Array {
  return Uint8Array.of(1, 2, 3, id);
}

interface Tables {
  readonly basic?: readonly number[];
  readonly extended?: readonly number[];
  readonly lengths?: readonly number[];
  readonly uid?: string;
}

/** A file with these fragments and tables; the table is as long as the writer made it for the first fragments. */
async function encapsulated(
  fragments: readonly Uint8Array[],
  tables: Tables = {},
): Promise<DicomFile> {
  const { basic = [], extended, lengths, uid = JPEG } = tables;
  const bytes = writePart10({
    dataSet: buildDataSet({
      ...IDENTITY,
      "7FE00001": extended?.map(Number),
      "7FE00002": lengths?.map(Number),
    }),
    transferSyntaxUid: uid,
    frames: fragments,
  });
  const file = await readDicom(bytesSource(bytes));
  if (file.pixelData.kind !== "encapsulated" || file.pixelData.value === undefined)
    throw new Error();
  const value = { ...file.pixelData.value, basicOffsetTable: basic };
  return { ...file, pixelData: { ...file.pixelData, value } };
}

async function frames(file: DicomFile, numberOfFrames: number): Promise<number[][]> {
  const index = await locateFrames(file, { numberOfFrames, bitsPerFrame: 0 });
  const all: number[][] = [];
  for (let frame = 0; frame < numberOfFrames; frame++)
    all.push([...(await readFrame(file, index, frame))]);
  return all;
}

const joined = (...parts: readonly Uint8Array[]) => parts.flatMap((part) => [...part]);

describe("frames of encapsulated pixel data", () => {
  const three = [start(1), more(2), start(3)];
  const grouped = [joined(start(1), more(2)), joined(start(3))];

  test("by the basic offset table", async () => {
    expect(await frames(await encapsulated(three, { basic: [0, 24] }), 2)).toEqual(grouped);
  });

  test("by the starts of codestreams when the table is empty", async () => {
    expect(await frames(await encapsulated(three), 2)).toEqual(grouped);
  });

  test("by the starts of codestreams when the table points between items", async () => {
    const file = await encapsulated(three, { basic: [0, 20] });
    expect(await frames(file, 2)).toEqual(grouped);
    const index = await locateFrames(file, { numberOfFrames: 2, bitsPerFrame: 0 });
    expect(index.deviations.map(({ code }) => code)).toEqual(["wrong-offset-table"]);
  });

  test("by the starts of codestreams when the table points at the wrong items", async () => {
    expect(await frames(await encapsulated(three, { basic: [0, 12] }), 2)).toEqual(grouped);
  });

  test("by the extended offset table, cut to the lengths it gives", async () => {
    const file = await encapsulated([start(1), more(2)], { extended: [0, 12], lengths: [4, 3] });
    expect(await frames(file, 2)).toEqual([joined(start(1)), [1, 2, 3]]);
  });

  test("an extended table that lies is not believed", async () => {
    for (const extended of [
      [0, 11],
      [12, 0],
      [0, 2 ** 40],
    ]) {
      const file = await encapsulated([start(1), start(2)], { extended, lengths: [4, 4] });
      expect(await frames(file, 2)).toEqual([joined(start(1)), joined(start(2))]);
    }
    const long = await encapsulated([start(1), start(2)], { extended: [0, 12], lengths: [4, 400] });
    expect(await frames(long, 2)).toEqual([joined(start(1)), joined(start(2))]);
  });

  test("one frame has all fragments, and so has a video", async () => {
    expect(await frames(await encapsulated(three), 1)).toEqual([joined(...three)]);
    const video = await encapsulated(three, { uid: "1.2.840.10008.1.2.4.102" });
    const index = await locateFrames(video, { numberOfFrames: 100, bitsPerFrame: 0 });
    expect(await readFrame(video, index, 0)).toHaveLength(12);
    expect(() => index.locate(1)).toThrow(
      expect.objectContaining({
        code: "unsupported-transfer-syntax",
        message: expect.stringContaining("MPEG-4 AVC/H.264 High Profile"),
      }),
    );
    expect(() => index.locate(100)).toThrow(expect.objectContaining({ code: "no-such-frame" }));
  });

  test("fragments that cannot be told apart give no frame at all", async () => {
    const file = await encapsulated([more(1), more(2), more(3)], { uid: DEFLATED_FRAMES });
    await expect(locateFrames(file, { numberOfFrames: 2, bitsPerFrame: 0 })).rejects.toThrow(
      expect.objectContaining({ code: "malformed" }),
    );
  });

  test("frames beyond the number in the header are told of, and do not hide those that it counts", async () => {
    const file = await encapsulated([start(1), start(2), start(3)], { basic: [0, 12, 24] });
    for (const numberOfFrames of [1, 2]) {
      expect(await frames(file, numberOfFrames)).toEqual(
        [joined(start(1)), joined(start(2))].slice(0, numberOfFrames),
      );
      const { deviations } = await locateFrames(file, { numberOfFrames, bitsPerFrame: 0 });
      expect(deviations).toContainEqual(expect.objectContaining({ code: "excess-frames" }));
    }
  });

  test("a file cut short has the frames before the cut", async () => {
    const file = await encapsulated(three, { basic: [0, 24, 36, 48] });
    const index = await locateFrames(file, { numberOfFrames: 4, bitsPerFrame: 0 });
    expect([...(await readFrame(file, index, 0))]).toEqual(grouped[0]);
    expect([...(await readFrame(file, index, 1))]).toEqual(grouped[1]);
    expect(() => index.locate(2)).toThrow(expect.objectContaining({ code: "truncated" }));
  });

  test("a file that was read up to its pixel data is read on from there", async () => {
    const dataSet = buildDataSet(IDENTITY);
    const bytes = writePart10({ dataSet, transferSyntaxUid: JPEG, frames: [start(1), start(2)] });
    const file = await readDicom(bytesSource(bytes), { stopAtPixelData: true });
    expect(await frames(file, 2)).toEqual([joined(start(1)), joined(start(2))]);
  });
});

describe("frames of native pixel data", () => {
  async function native(pixels: Uint8Array): Promise<DicomFile> {
    const dataSet = buildDataSet({ ...IDENTITY, BitsAllocated: 8, PixelData: pixels });
    return readDicom(bytesSource(writePart10({ dataSet, transferSyntaxUid: EXPLICIT })));
  }

  /** The same pixel data as words of a big endian file. */
  async function bigEndian(pixels: Uint8Array): Promise<DicomFile> {
    const file = await native(pixels);
    if (file.pixelData.kind !== "native") throw new Error("The pixel data are not native");
    const transferSyntax = transferSyntaxOf(EXPLICIT_VR_BIG_ENDIAN);
    return { ...file, transferSyntax, pixelData: { ...file.pixelData, vr: "OW" } };
  }

  test("follow one another", async () => {
    const file = await native(Uint8Array.of(1, 2, 3, 4, 5, 6));
    const index = await locateFrames(file, { numberOfFrames: 2, bitsPerFrame: 24 });
    expect(await readFrame(file, index, 1)).toEqual(Uint8Array.of(4, 5, 6));
  });

  test("of single bits begin at bit 0, wherever they stand", async () => {
    // Three frames of 5 bits: 10110, 01101, 11011, first pixel in the lowest bit (PS3.5 section 8.1.1).
    const bits = [1, 0, 1, 1, 0, 0, 1, 1, 0, 1, 1, 1, 0, 1, 1, 0];
    const pixels = Uint8Array.of(
      bits.slice(0, 8).reduce((byte, bit, at) => byte | (bit << at), 0),
      bits.slice(8).reduce((byte, bit, at) => byte | (bit << at), 0),
    );
    const file = await native(pixels);
    const index = await locateFrames(file, { numberOfFrames: 3, bitsPerFrame: 5 });
    const read = async (frame: number) => [...(await readFrame(file, index, frame))];
    expect(await read(0)).toEqual([pixels[0]]);
    expect(await read(1)).toEqual([0b10110]);
    expect(await read(2)).toEqual([0b11011]);
  });

  test("of single bits begin with a byte each where the pixel data are that long", async () => {
    const file = await native(Uint8Array.of(1, 1, 2, 0, 3, 1));
    const index = await locateFrames(file, { numberOfFrames: 3, bitsPerFrame: 9 });
    expect(index.deviations).toMatchObject([{ code: "frames-of-whole-bytes" }]);
    expect([...(await readFrame(file, index, 1))]).toEqual([2, 0]);
    expect([...(await readFrame(file, index, 2))]).toEqual([3, 1]);
  });

  test("tell when there are more bytes than frames", async () => {
    const file = await native(new Uint8Array(10));
    const index = await locateFrames(file, { numberOfFrames: 2, bitsPerFrame: 32 });
    expect(index.deviations).toMatchObject([{ code: "excess-pixel-data" }]);
    const padded = await locateFrames(file, { numberOfFrames: 3, bitsPerFrame: 24 });
    expect(padded.deviations).toEqual([]);
  });

  test("of bytes in big endian words are turned round by word from their own first byte on", async () => {
    // Frames 1 2 3 and 4 5 6, in words: 2 1, 4 3, 6 5.
    const file = await bigEndian(Uint8Array.of(2, 1, 4, 3, 6, 5));
    const index = await locateFrames(file, { numberOfFrames: 2, bitsPerFrame: 24 });
    expect(await readFrame(file, index, 0)).toEqual(Uint8Array.of(2, 1, 4, 3));
    expect(await readFrame(file, index, 1)).toEqual(Uint8Array.of(5, 4, 0, 6));
  });

  test("of single bits in big endian words begin at bit 0 of a word", async () => {
    // Two frames of 12 bits: 0xABC, 0x123; the words are 0x3ABC, 0x0012.
    const file = await bigEndian(Uint8Array.of(0x3a, 0xbc, 0x00, 0x12));
    const index = await locateFrames(file, { numberOfFrames: 2, bitsPerFrame: 12 });
    expect(await readFrame(file, index, 0)).toEqual(Uint8Array.of(0x3a, 0xbc));
    expect(await readFrame(file, index, 1)).toEqual(Uint8Array.of(0x01, 0x23));
  });

  test("have a chroma for each pixel when the pixel data are that long, whatever the header says", async () => {
    const file = await native(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12));
    const facts = { numberOfFrames: 2, bitsPerFrame: 32, unsubsampledBitsPerFrame: 48 };
    const index = await locateFrames(file, facts);
    expect(await readFrame(file, index, 1)).toEqual(Uint8Array.of(7, 8, 9, 10, 11, 12));
    const short = await locateFrames(file, { ...facts, numberOfFrames: 3 });
    expect(await readFrame(file, short, 1)).toEqual(Uint8Array.of(5, 6, 7, 8));
  });

  test("end where the file does: a part of a frame is given, none is an error", async () => {
    const file = await native(Uint8Array.of(1, 2, 3, 4));
    const index = await locateFrames(file, { numberOfFrames: 1_000_000_000, bitsPerFrame: 24 });
    expect(await readFrame(file, index, 1)).toEqual(Uint8Array.of(4));
    expect(() => index.locate(2)).toThrow(expect.objectContaining({ code: "truncated" }));
  });

  test.each([-1, 2, 0.5, Number.NaN])("there is no frame %d of two", async (frameIndex) => {
    const file = await native(Uint8Array.of(1, 2));
    const index = await locateFrames(file, { numberOfFrames: 2, bitsPerFrame: 8 });
    expect(() => index.locate(frameIndex)).toThrow(
      expect.objectContaining({ code: "no-such-frame" }),
    );
  });

  test("a source that ends while a frame is read gives an error, not other bytes", async () => {
    const file = await native(Uint8Array.of(1, 2, 3, 4));
    const index = await locateFrames(file, { numberOfFrames: 1, bitsPerFrame: 32 });
    const source: ByteSource = { byteLength: undefined, read: async () => new Uint8Array(1) };
    await expect(readFrame({ ...file, source }, index, 0)).rejects.toThrow(
      expect.objectContaining({ code: "truncated" }),
    );
  });
});
