import { describe, expect, it } from "vitest";
import { readAnnexB } from "./annex-b.ts";
import { assumedColour } from "./h264-colour.ts";
import { videoOfTransportStream } from "./transport-stream.ts";
import { fileEndingOf, videoContainerOf } from "./video-container.ts";

const bytes = (...parts: readonly (readonly number[])[]) => Uint8Array.from(parts.flat());
const START = [0, 0, 0, 1];

/** Units of H.264: parameter sets (High, level 4.1), an IDR picture of two slices, a picture that depends on it. */
const SPS = [...START, 0x67, 0x64, 0x00, 0x29, 0x11];
const PPS = [...START, 0x68, 0x22];
const IDR = [...START, 0x65, 0x88, 1, 2];
const SECOND_SLICE = [0, 0, 1, 0x65, 0x08, 3];
const DELTA = [...START, 0x41, 0x9a, 4];

describe("a video stream", () => {
  it.each([
    ["mp4", [0, 0, 0, 0x20, 0x66, 0x74, 0x79, 0x70], "mp4"],
    ["webm", [0x1a, 0x45, 0xdf, 0xa3], "webm"],
    ["program-stream", [0, 0, 1, 0xba], "mpg"],
    ["mpeg-video", [0, 0, 1, 0xb3], "mpg"],
    ["h264", SPS, "h264"],
    ["h264", [0, 0, 1, 0x09, 0xf0], "h264"],
    ["h265", [...START, 0x40, 0x01, 0x0c], "h265"],
    ["unknown", [0xff, 0xd8, 0xff], "bin"],
    ["unknown", [], "bin"],
    ["unknown", [0, 0, 0, 0], "bin"],
  ] as const)("is known as %s by its first bytes", (container, start, ending) => {
    expect(videoContainerOf(bytes(start))).toBe(container);
    expect(fileEndingOf(container)).toBe(ending);
  });

  it("is a transport stream when sync bytes stand at every packet", () => {
    const packets = new Uint8Array(188 * 3);
    for (const at of [0, 188, 376]) packets[at] = 0x47;
    expect(videoContainerOf(packets)).toBe("transport-stream");
    packets[188] = 0;
    expect(videoContainerOf(packets)).toBe("unknown");
  });
});

describe("a bare stream", () => {
  it("is cut into pictures with what belongs before them", () => {
    const stream = readAnnexB(bytes(SPS, PPS, IDR, SECOND_SLICE, DELTA, SPS, PPS, IDR), "h264");
    const first = SPS.length + PPS.length + IDR.length + SECOND_SLICE.length;
    expect(stream?.codec).toBe("avc1.640029");
    expect(stream?.units).toEqual([
      { offset: 0, length: first, isKey: true },
      { offset: first, length: DELTA.length, isKey: false },
      {
        offset: first + DELTA.length,
        length: SPS.length + PPS.length + IDR.length,
        isKey: true,
      },
    ]);
  });

  it("begins with the first picture that needs no other", () => {
    const stream = readAnnexB(bytes(DELTA, SPS, IDR), "h264");
    expect(stream?.units.map(({ isKey }) => isKey)).toEqual([true]);
  });

  it("without parameters or without such a picture cannot be played", () => {
    expect(readAnnexB(bytes(IDR), "h264")).toBeUndefined();
    expect(readAnnexB(bytes(SPS, DELTA), "h264")).toBeUndefined();
    expect(readAnnexB(new Uint8Array(), "h264")).toBeUndefined();
  });

  it("of H.265 is named by profile, compatibility, tier, level and constraints", () => {
    // Main profile, compatible with Main and Main 10, level 3.1, progressive, frame only; one escape byte within.
    const sps = [0x42, 1, 1, 1, 0x60, 0, 0, 3, 0, 0x90, 0, 0, 3, 0, 0, 3, 0, 93];
    const stream = readAnnexB(bytes(START, sps, START, [0x26, 1, 0xaf]), "h265");
    expect(stream?.codec).toBe("hev1.1.6.L93.90");
    expect(stream?.units).toHaveLength(1);
  });
});

describe("a transport stream", () => {
  it("gives its first video without packets and their headers", () => {
    const packet = (pid: number, isStart: boolean, payload: readonly number[]) => {
      const filler = 184 - payload.length;
      const adaptation = filler === 0 ? [] : [filler - 1, ...new Array(filler - 1).fill(0)];
      const control = filler === 0 ? 0x10 : 0x30;
      return [
        0x47,
        (isStart ? 0x40 : 0) | (pid >> 8),
        pid & 0xff,
        control,
        ...adaptation,
        ...payload,
      ];
    };
    const programs = [0, 0, 0xb0, 13, 0, 1, 0xc1, 0, 0, 0, 1, 0xf0, 0, 0, 0, 0, 0];
    const streams = [
      ...[0, 2, 0xb0, 23, 0, 1, 0xc1, 0, 0, 0xe1, 1, 0xf0, 0],
      ...[0x0f, 0xe1, 2, 0xf0, 0],
      ...[0x1b, 0xe1, 1, 0xf0, 0],
      ...[0, 0, 0, 0],
    ];
    const stream = bytes(
      packet(0, true, programs),
      packet(0x1000, true, streams),
      packet(0x101, true, [0, 0, 1, 0xe0, 0, 0, 0x80, 0, 2, 9, 9, 1, 2, 3]),
      packet(0x102, true, [0, 0, 1, 0xc0, 0, 0, 0x80, 0, 0, 66]),
      packet(0x101, false, [4, 5]),
    );
    const video = videoOfTransportStream(stream);
    expect(video?.codec).toBe("h264");
    expect([...(video?.bytes ?? [])]).toEqual([1, 2, 3, 4, 5]);
  });

  it("without a table has no video", () => {
    expect(videoOfTransportStream(new Uint8Array(188 * 4))).toBeUndefined();
  });
});

describe("the colours of H.264", () => {
  const sps = (hex: string) => Uint8Array.from(hex.split(" "), (byte) => Number.parseInt(byte, 16));

  // Parameter sets that x264 writes.
  it.each([
    [
      "320 x 240, silent",
      "67 64 00 0d ac d9 41 41 fb 01 10 00 00 03 00 10 00 00 03 03 20 f1 42 99 60",
      { matrix: "smpte170m", fullRange: false },
    ],
    [
      "1280 x 720, silent",
      "67 64 00 1f ac d9 40 50 05 bb 01 10 00 00 03 00 10 00 00 03 03 20 f1 83 19 60",
      { matrix: "bt709", fullRange: false },
    ],
    [
      "352 x 576 in fields, silent",
      "67 64 00 15 ac d9 41 60 93 60 22 00 00 03 00 02 00 00 03 00 64 3e 28 53 2c",
      { matrix: "smpte170m", fullRange: false },
    ],
    [
      "320 x 240 that says BT.709",
      "67 64 00 0d ac d9 41 41 fb 01 6a 02 02 02 80 00 00 03 00 80 00 00 19 07 8a 14 cb",
      undefined,
    ],
  ])("of %s are assumed by its size unless it says them", (_, set, expected) => {
    expect(assumedColour(sps(set))).toEqual(expected);
  });

  it("are assumed of damaged sets too, without an end to that", () => {
    expect(assumedColour(new Uint8Array())?.matrix).toBe("smpte170m");
    for (const byte of [0, 0xff]) {
      const begin = performance.now();
      assumedColour(new Uint8Array(4096).fill(byte));
      expect(performance.now() - begin).toBeLessThan(200);
    }
  });
});
