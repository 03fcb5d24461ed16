import type { DataSet } from "../dicom/data-set.ts";
import * as TAGS from "../dicom/tags.generated.ts";
import { leadName } from "./ecg-lead.ts";
import type {
  MultiplexGroup,
  SampleInterpretation,
  UnusableGroup,
  WaveformChannel,
} from "./waveform.ts";

/** Bytes of samples that are held at most: a day of 3 leads at 250 Hz in 16 bits has 130 MB. */
const MOST_BYTES = 512 * 1024 * 1024;

/** The multiplex groups of a waveform object, in order, those that cannot be drawn with their reason. */
export function readMultiplexGroups(dataSet: DataSet): readonly (MultiplexGroup | UnusableGroup)[] {
  return dataSet.items(TAGS.WaveformSequence).map(readGroup);
}

export function isUsable(group: MultiplexGroup | UnusableGroup): group is MultiplexGroup {
  return "channels" in group;
}

function readGroup(item: DataSet, index: number): MultiplexGroup | UnusableGroup {
  const number = index + 1;
  const label = item.string(TAGS.MultiplexGroupLabel) ?? "";
  const definitions = item.items(TAGS.ChannelDefinitionSequence);
  const sampleCount = item.number(TAGS.NumberOfWaveformSamples) ?? 0;
  const samplesPerSecond = item.number(TAGS.SamplingFrequency) ?? 0;
  const encoding = readEncoding(item);
  const data = item.element(TAGS.WaveformData);
  const unusable = (reason: UnusableGroup["reason"]): UnusableGroup => ({ number, label, reason });
  if (definitions.length === 0) return unusable("no-channels");
  if (definitions.length !== (item.number(TAGS.NumberOfWaveformChannels) ?? definitions.length))
    return unusable("no-channels");
  if (!(samplesPerSecond > 0)) return unusable("no-frequency");
  if (encoding === undefined) return unusable("unknown-encoding");
  if (data === undefined || !Number.isInteger(sampleCount) || sampleCount < 1)
    return unusable("no-samples");
  const byteLength = (sampleCount * definitions.length * encoding.bitsAllocated) / 8;
  if (byteLength > MOST_BYTES) return unusable("too-large");
  return {
    number,
    label,
    originality: item.string(TAGS.WaveformOriginality),
    timeOffsetMs: item.number(TAGS.MultiplexGroupTimeOffset) ?? 0,
    samplesPerSecond,
    sampleCount,
    ...encoding,
    padding: readPadding(item, encoding.interpretation),
    channels: definitions.map((channel, at) => readChannel(channel, at, samplesPerSecond)),
    data,
  };
}

const BITS: Readonly<Record<SampleInterpretation, 8 | 16 | 32>> = {
  SB: 8,
  UB: 8,
  MB: 8,
  AB: 8,
  SS: 16,
  US: 16,
  SL: 32,
  UL: 32,
};

/** Undefined where interpretation and bits allocated are unknown or contradict each other. */
function readEncoding(
  item: DataSet,
): Pick<MultiplexGroup, "bitsAllocated" | "interpretation"> | undefined {
  const stated = item.string(TAGS.WaveformSampleInterpretation);
  const interpretation = isInterpretation(stated) ? stated : undefined;
  if (interpretation === undefined) return undefined;
  const bitsAllocated = item.number(TAGS.WaveformBitsAllocated);
  if (bitsAllocated !== BITS[interpretation]) return undefined;
  return { interpretation, bitsAllocated: BITS[interpretation] };
}

function isInterpretation(text: string | undefined): text is SampleInterpretation {
  return text !== undefined && Object.hasOwn(BITS, text);
}

/** Waveform Padding Value has the VR OB or OW, and is one sample in the encoding of the others. */
function readPadding(item: DataSet, interpretation: SampleInterpretation): number | undefined {
  const element = item.element(TAGS.WaveformPaddingValue);
  const bytes = item.bytes(TAGS.WaveformPaddingValue);
  if (element === undefined || bytes === undefined) return item.number(TAGS.WaveformPaddingValue);
  const size = BITS[interpretation] / 8;
  if (bytes.byteLength < size) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { littleEndian } = item.encoding;
  if (size === 1) return interpretation === "SB" ? view.getInt8(0) : view.getUint8(0);
  if (size === 2)
    return interpretation === "SS"
      ? view.getInt16(0, littleEndian)
      : view.getUint16(0, littleEndian);
  return interpretation === "SL" ? view.getInt32(0, littleEndian) : view.getUint32(0, littleEndian);
}

function readChannel(item: DataSet, index: number, samplesPerSecond: number): WaveformChannel {
  const source = item.items(TAGS.ChannelSourceSequence)[0];
  const meaning = source?.string(TAGS.CodeMeaning);
  const label = item.string(TAGS.ChannelLabel) ?? meaning ?? `${index + 1}`;
  const sensitivity = item.number(TAGS.ChannelSensitivity);
  const correction = item.number(TAGS.ChannelSensitivityCorrectionFactor) ?? 1;
  const skewSamples = item.number(TAGS.ChannelSampleSkew) ?? 0;
  return {
    number: index + 1,
    label,
    lead: leadName(source, label),
    unit:
      sensitivity === undefined
        ? ""
        : (item.items(TAGS.ChannelSensitivityUnitsSequence)[0]?.string(TAGS.CodeValue) ?? ""),
    sensitivity: (sensitivity ?? 1) * correction,
    baseline: item.number(TAGS.ChannelBaseline) ?? 0,
    skewSeconds: item.number(TAGS.ChannelTimeSkew) ?? skewSamples / samplesPerSecond,
    filter: {
      lowHz: item.number(TAGS.FilterLowFrequency),
      highHz: item.number(TAGS.FilterHighFrequency),
      notchHz: item.number(TAGS.NotchFilterFrequency),
    },
  };
}
