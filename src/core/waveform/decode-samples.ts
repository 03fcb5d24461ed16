import { DicomError } from "../dicom/dicom-error.ts";
import * as TAGS from "../dicom/tags.generated.ts";
import type { MultiplexGroup } from "./waveform.ts";

/** A stretch of samples: index of the first one from 0, and how many. */
export interface SampleRange {
  readonly from: number;
  readonly count: number;
}

/**
 * Samples of a channel in its physical unit, NaN where none was taken (PS3.3 C.10.9.1.4.2 and .5):
 * value = sample * sensitivity * correction factor + baseline. Samples are stored cycle by cycle, all channels of an
 * instant together.
 * @param channelIndex from 0
 * @param bytes value of Waveform Data
 * @param littleEndian byte order of it, which matters to OW only
 * @param range what lies outside the recording is left out
 * @throws DicomError `truncated` when there are fewer bytes than the group declares
 */
export function decodeSamples(
  group: MultiplexGroup,
  channelIndex: number,
  bytes: Uint8Array,
  littleEndian: boolean,
  range: SampleRange = { from: 0, count: group.sampleCount },
): Float32Array {
  const { channels, sampleCount, bitsAllocated } = group;
  const size = bitsAllocated / 8;
  const step = channels.length * size;
  const channel = channels[channelIndex];
  if (bytes.byteLength < sampleCount * step || channel === undefined)
    throw new DicomError("truncated", "The waveform has fewer samples than it declares.", {
      tag: TAGS.WaveformData,
    });
  const from = Math.min(Math.max(Math.floor(range.from), 0), sampleCount);
  const to = Math.min(Math.max(Math.ceil(range.from + range.count), from), sampleCount);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const read = sampleReader(group, view, littleEndian);
  const values = new Float32Array(to - from);
  for (let index = from, at = from * step + channelIndex * size; index < to; index++, at += step) {
    const raw = read(at);
    values[index - from] = Number.isNaN(raw)
      ? Number.NaN
      : raw * channel.sensitivity + channel.baseline;
  }
  return values;
}

/** Reads the sample at an offset; NaN for padding. */
function sampleReader(
  { interpretation, padding }: MultiplexGroup,
  view: DataView,
  littleEndian: boolean,
): (at: number) => number {
  const stored = storedReader(interpretation, view, littleEndian);
  const expand =
    interpretation === "MB" ? fromMuLaw : interpretation === "AB" ? fromALaw : undefined;
  return (at) => {
    const raw = stored(at);
    if (raw === padding) return Number.NaN;
    return expand === undefined ? raw : expand(raw);
  };
}

function storedReader(
  interpretation: MultiplexGroup["interpretation"],
  view: DataView,
  littleEndian: boolean,
): (at: number) => number {
  switch (interpretation) {
    case "SB":
      return (at) => view.getInt8(at);
    case "UB":
    case "MB":
    case "AB":
      return (at) => view.getUint8(at);
    case "SS":
      return (at) => view.getInt16(at, littleEndian);
    case "US":
      return (at) => view.getUint16(at, littleEndian);
    case "SL":
      return (at) => view.getInt32(at, littleEndian);
    case "UL":
      return (at) => view.getUint32(at, littleEndian);
  }
}

/** ITU-T G.711 table 2a: 14-bit linear value of a mu-law code, as 16 bits. */
export function fromMuLaw(code: number): number {
  const inverted = ~code & 0xff;
  const exponent = (inverted >> 4) & 7;
  const magnitude = ((((inverted & 0x0f) << 3) + 0x84) << exponent) - 0x84;
  return (inverted & 0x80) !== 0 ? -magnitude : magnitude;
}

/** ITU-T G.711 table 1a: 13-bit linear value of an A-law code, as 16 bits. */
export function fromALaw(code: number): number {
  const toggled = code ^ 0x55;
  const exponent = (toggled >> 4) & 7;
  const mantissa = ((toggled & 0x0f) << 4) + 8;
  const magnitude = exponent === 0 ? mantissa : (mantissa + 0x100) << (exponent - 1);
  return (toggled & 0x80) !== 0 ? magnitude : -magnitude;
}
