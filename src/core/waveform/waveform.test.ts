import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { bytesSource } from "../dicom/byte-source.ts";
import { buildDataSet, type MadeDataSet } from "../dicom/data-set-builder.ts";
import { readDicom } from "../dicom/part10-reader.ts";
import { decodeSamples, fromALaw, fromMuLaw } from "./decode-samples.ts";
import { isUsable, readMultiplexGroups } from "./read-waveform.ts";
import type { MultiplexGroup } from "./waveform.ts";
import { readWaveformAnnotations } from "./waveform-annotation.ts";

const corpus = fileURLToPath(new URL("../../../../shared/corpus/", import.meta.url));
const isThere = existsSync(`${corpus}manifest.json`);
const isRequired = process.env["NEGATO_REQUIRE_CORPUS"] === "1";

const channel = (attributes: MadeDataSet = {}): MadeDataSet => ({
  ChannelSourceSequence: {
    CodeValue: "2:1",
    CodingSchemeDesignator: "MDC",
    CodeMeaning: "Lead I",
  },
  ...attributes,
});

const VOLTAGE: MadeDataSet = {
  ChannelSensitivity: 2.5,
  ChannelSensitivityUnitsSequence: { CodeValue: "uV", CodingSchemeDesignator: "UCUM" },
  ChannelSensitivityCorrectionFactor: 2,
  ChannelBaseline: 10,
};

function groupsOf(attributes: MadeDataSet, channels: readonly MadeDataSet[] = [channel()]) {
  return readMultiplexGroups(
    buildDataSet({
      WaveformSequence: {
        NumberOfWaveformChannels: channels.length,
        NumberOfWaveformSamples: 2,
        SamplingFrequency: 500,
        ChannelDefinitionSequence: channels,
        WaveformBitsAllocated: 16,
        WaveformSampleInterpretation: "SS",
        WaveformData: new Uint8Array(64),
        ...attributes,
      },
    }),
  );
}

function groupOf(...made: Parameters<typeof groupsOf>): MultiplexGroup {
  const [group] = groupsOf(...made);
  if (group === undefined || !isUsable(group)) throw new Error("unusable");
  return group;
}

describe("samples of a waveform", () => {
  it("are sample * sensitivity * correction + baseline, channels side by side", () => {
    const group = groupOf({}, [channel(VOLTAGE), channel()]);
    const bytes = new Uint8Array(new Int16Array([4, 7, -2, 8]).buffer);
    expect([...decodeSamples(group, 0, bytes, true)]).toEqual([30, 0]);
    expect([...decodeSamples(group, 1, bytes, true)]).toEqual([7, 8]);
  });

  it.each([
    ["SB", 8, [0xff, 0x7f], true, [-1, 127]],
    ["UB", 8, [0xff, 0x7f], true, [255, 127]],
    ["SS", 16, [0xff, 0xfe, 0x01, 0x00], false, [-2, 256]],
    ["US", 16, [0xff, 0xfe, 0x01, 0x00], true, [65279, 1]],
    ["SL", 32, [0xff, 0xff, 0xff, 0xff, 1, 0, 0, 0], true, [-1, 1]],
    ["UL", 32, [0xff, 0xff, 0xff, 0xff, 1, 0, 0, 0], true, [4294967295, 1]],
  ])("are read as %s of %i bits", (interpretation, bits, bytes, littleEndian, values) => {
    const group = groupOf({
      WaveformSampleInterpretation: interpretation,
      WaveformBitsAllocated: bits,
    });
    const samples = decodeSamples(group, 0, Uint8Array.from(bytes), littleEndian);
    expect([...samples]).toEqual(values.map((value) => Math.fround(value)));
  });

  it.each([
    [0xff, 0],
    [0x80, 32124],
    [0x00, -32124],
    [0xfe, 8],
    [0x7e, -8],
  ])("expand mu-law %i to %i", (law, linear) => {
    expect(fromMuLaw(law)).toBe(linear);
  });

  it.each([
    [0xd5, 8],
    [0x55, -8],
    [0xaa, 32256],
    [0x2a, -32256],
    [0xc5, 264],
  ])("expand A-law %i to %i", (law, linear) => {
    expect(fromALaw(law)).toBe(linear);
  });

  it("that were not taken are gaps", () => {
    const group = groupOf({ WaveformPaddingValue: Uint8Array.of(0, 0x80) });
    const bytes = new Uint8Array(new Int16Array([-32768, 5]).buffer);
    expect([...decodeSamples(group, 0, bytes, true)]).toEqual([Number.NaN, 5]);
  });

  it("are given from any stretch, and never beyond the recording", () => {
    const group = groupOf({ NumberOfWaveformSamples: 4 });
    const bytes = new Uint8Array(new Int16Array([1, 2, 3, 4]).buffer);
    const stretch = (from: number, count: number) => [
      ...decodeSamples(group, 0, bytes, true, { from, count }),
    ];
    expect(stretch(1, 2)).toEqual([2, 3]);
    expect(stretch(3, 99)).toEqual([4]);
    expect(stretch(99, 5)).toEqual([]);
  });

  it("are refused when there are fewer than declared", () => {
    expect(() => decodeSamples(groupOf({}), 0, new Uint8Array(3), true)).toThrow("fewer samples");
  });
});

describe("a multiplex group", () => {
  it.each([
    ["no-frequency", { SamplingFrequency: null }],
    ["unknown-encoding", { WaveformSampleInterpretation: "XX" }],
    ["unknown-encoding", { WaveformBitsAllocated: 8 }],
    ["no-samples", { NumberOfWaveformSamples: 0 }],
    ["no-samples", { WaveformData: undefined }],
    ["no-channels", { NumberOfWaveformChannels: 3 }],
    ["too-large", { NumberOfWaveformSamples: 4_000_000_000 }],
  ])("that cannot be drawn says %s", (reason, attributes) => {
    expect(groupsOf(attributes)[0]).toMatchObject({ number: 1, reason });
  });

  it.each([
    ["MDC", "2:62", "x", "aVR"],
    ["SCPECG", "5.6.3-9-61", "x", "III"],
    ["99OWN", "7", "lead avf", "aVF"],
    ["99OWN", "7", "Aorta", "Aorta"],
    ["99OWN", "7", "aVR (Goldberger)", "aVR"],
    ["99OWN", "7", "-aVR", "-aVR"],
    ["99OWN", "7", "aVR, inverted", "aVR, inverted"],
    ["99OWN", "7", "V4-R", "V4-R"],
    ["99OWN", "7", "V3R", "V3R"],
    ["99OWN", "7", "Difference of I and II", "Difference of I and II"],
    ["MDC", "2:65", "-aVR", "-aVR"],
  ])("names the lead of %s %s (%s) %s", (scheme, value, meaning, lead) => {
    const source = { CodeValue: value, CodingSchemeDesignator: scheme, CodeMeaning: meaning };
    expect(groupOf({}, [{ ChannelSourceSequence: source }]).channels[0]?.lead).toBe(lead);
  });
});

describe("a channel of which code and label name two leads", () => {
  it("is called by both, and is no lead of a print", () => {
    expect(groupOf({}, [channel({ ChannelLabel: "Lead III" })]).channels[0]?.lead).toBe("III (I?)");
  });
});

describe.skipIf(!isThere && !isRequired)("the ECG of the corpus", () => {
  const file = "other/waveform_ecg.dcm";
  const read = async () => {
    const bytes = new Uint8Array(readFileSync(corpus + file));
    return (await readDicom(bytesSource(bytes))).dataSet;
  };

  it("has the channels and samples of its reference", async () => {
    const manifest = JSON.parse(readFileSync(`${corpus}manifest.json`, "utf8"));
    const entry = manifest.files.find((one: { file: string }) => one.file === file);
    const groups = readMultiplexGroups(await read());
    expect(groups).toHaveLength(entry.reference.summary.multiplexGroups.length);
    for (const [index, expected] of entry.reference.summary.multiplexGroups.entries()) {
      const group = groups[index];
      if (group === undefined || !isUsable(group)) throw new Error("unusable");
      const { value } = group.data;
      if (value.kind !== "bytes") throw new Error("no bytes");
      expect(group.channels.map(({ label }) => label)).toEqual(expected.labels);
      expect([group.sampleCount, group.samplesPerSecond]).toEqual([
        expected.samples,
        expected.frequency,
      ]);
      const channels = group.channels.map((_, at) => decodeSamples(group, at, value.bytes, true));
      const microvolts = (raw: readonly number[]) => raw.map((sample) => sample * 1.25);
      expect(channels.map((samples) => Math.min(...samples))).toEqual(microvolts(expected.min));
      expect(channels.map((samples) => Math.max(...samples))).toEqual(microvolts(expected.max));
      for (const [at, row] of expected.firstSamples.entries())
        expect(channels.map((samples) => samples[at])).toEqual(microvolts(row));
    }
  });

  it("has the leads of a 12-lead ECG and what its device noted", async () => {
    const dataSet = await read();
    const [group] = readMultiplexGroups(dataSet);
    if (group === undefined || !isUsable(group)) throw new Error("unusable");
    expect(group.channels.map(({ lead }) => lead).join(" ")).toBe(
      "I II III aVR aVL aVF V1 V2 V3 V4 V5 V6",
    );
    const notes = readWaveformAnnotations(dataSet);
    expect(notes).toHaveLength(77);
    expect(notes[0]?.text).toBe("RITMO SINUSALE");
    expect(notes[2]).toMatchObject({ name: "RR Interval", text: "982 ms" });
    expect(notes[11]).toMatchObject({ name: "P Onset", samplePositions: [299] });
  });
});
