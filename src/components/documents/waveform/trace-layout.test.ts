import { describe, expect, it } from "vitest";
import { STANDARD_LEADS } from "#core/waveform/ecg-lead.ts";
import type { MultiplexGroup, WaveformChannel } from "#core/waveform/waveform.ts";
import { readCaliper, stripAt, withLeg } from "./caliper.ts";
import { formatsOf, sheetOf } from "./trace-layout.ts";
import { roundUp, traceScale } from "./trace-scale.ts";

function groupOf(leads: readonly string[], seconds = 10, unit = "uV"): MultiplexGroup {
  const channels = leads.map(
    (lead, index): WaveformChannel => ({
      number: index + 1,
      label: lead,
      lead,
      unit,
      sensitivity: 1,
      baseline: 0,
      skewSeconds: 0,
      filter: { lowHz: undefined, highHz: undefined, notchHz: undefined },
    }),
  );
  return {
    number: 1,
    label: "",
    originality: "ORIGINAL",
    timeOffsetMs: 0,
    samplesPerSecond: 100,
    sampleCount: seconds * 100,
    bitsAllocated: 16,
    interpretation: "SS",
    padding: undefined,
    channels,
    data: { value: { kind: "strings", strings: [] }, vr: "OW" },
  };
}

const ECG = groupOf([...STANDARD_LEADS].reverse());
const at25 = { speed: 25, startSeconds: 0 };

describe("a sheet of a 12-lead ECG", () => {
  it("in 3 x 4 shows 2.5 s of each lead one after another, and lead II below", () => {
    const { strips, seconds } = sheetOf(ECG, { ...at25, format: "3x4" });
    const places = strips.map(({ channelIndex, fromSeconds, seconds: length, x }) => [
      ECG.channels[channelIndex]?.lead,
      fromSeconds,
      length,
      x,
    ]);
    expect(seconds).toBe(10);
    expect(places[0]).toEqual(["I", 0, 2.5, 15]);
    expect(places[3]).toEqual(["aVR", 2.5, 2.5, 77.5]);
    expect(places[11]).toEqual(["V6", 7.5, 2.5, 202.5]);
    expect(places[12]).toEqual(["II", 0, 10, 15]);
  });

  it("in 6 x 2 shows 5 s, and one under another 10 s of each lead", () => {
    expect(sheetOf(ECG, { ...at25, format: "6x2" }).strips[6]).toMatchObject({
      fromSeconds: 5,
      seconds: 5,
      x: 140,
    });
    const { strips } = sheetOf(ECG, { ...at25, format: "rows" });
    expect(strips.map(({ channelIndex }) => ECG.channels[channelIndex]?.lead)).toEqual([
      ...STANDARD_LEADS,
    ]);
  });

  it("is twice as wide at twice the speed", () => {
    const width = (speed: number) => sheetOf(ECG, { speed, startSeconds: 0, format: "rows" }).width;
    expect(width(50) - width(25)).toBe(250);
  });

  it("shows one beat in every column where there is no more", () => {
    const beat = groupOf([...STANDARD_LEADS], 1);
    const { strips } = sheetOf(beat, { ...at25, format: "3x4" });
    expect(strips.map(({ fromSeconds }) => fromSeconds)).toEqual(strips.map(() => 0));
  });

  it("is not offered where a lead is missing", () => {
    expect(formatsOf(ECG)).toEqual(["3x4", "6x2", "rows"]);
    expect(formatsOf(groupOf(["I", "II"]))).toEqual(["rows"]);
  });
});

describe("the scale of a trace", () => {
  const dataOf = (group: MultiplexGroup, samples: readonly number[]) => ({
    group: { ...group, sampleCount: samples.length },
    bytes: new Uint8Array(new Int16Array(samples).buffer),
    littleEndian: true,
  });

  it("draws 1 mV of any unit of voltage as high as the gain says", () => {
    const mmPer = (unit: string) =>
      traceScale(dataOf(groupOf(["I"], 1, unit), [0]), 0, 10, 20).mmPerUnit;
    expect([mmPer("uV") * 1000, mmPer("mV"), mmPer("V") / 1000]).toEqual([10, 10, 10]);
  });

  it("fits what is no voltage into its strip, with a round number per 10 mm", () => {
    const scale = traceScale(dataOf(groupOf(["P"], 1, "mm[Hg]"), [80, 120, 100]), 0, 10, 20);
    expect(10 / scale.mmPerUnit).toBe(50);
    expect(scale.middle).toBe(100);
    expect(scale.mvPerUnit).toBeUndefined();
  });

  it.each([
    [1, 1],
    [1.1, 2],
    [22, 50],
    [0.06, 0.1],
    [0, 1],
    [Number.NaN, 1],
  ])("rounds %d up to %d", (value, rounded) => {
    expect(roundUp(value)).toBeCloseTo(rounded, 10);
  });
});

describe("a caliper", () => {
  const sheet = sheetOf(ECG, { ...at25, format: "3x4" });

  it("reads milliseconds, rate and millivolts", () => {
    const strip = stripAt(sheet, { x: 20, y: 21 });
    if (strip === undefined) throw new Error("no strip");
    const caliper = { strip, from: { x: 20, y: 30 }, to: { x: 40, y: 20 } };
    const scale = { mmPerUnit: 0.01, middle: 0, mvPerUnit: 0.001 };
    expect(readCaliper(caliper, 25, scale, "uV")).toEqual({
      milliseconds: 800,
      perMinute: 75,
      amplitude: 1,
      unit: "mV",
    });
  });

  it("stays in the strip where it began", () => {
    const strip = stripAt(sheet, { x: 70, y: 21 });
    if (strip === undefined) throw new Error("no strip");
    const begun = { strip, from: { x: 70, y: 20 }, to: { x: 70, y: 20 } };
    expect(withLeg(begun, "to", { x: 200, y: -5 }, sheet).to).toEqual({ x: 77.5, y: 0 });
  });

  it("does not begin in the margin", () => {
    expect(stripAt(sheet, { x: 3, y: 20 })).toBeUndefined();
  });
});
