import { decodeSamples } from "#core/waveform/decode-samples.ts";
import type { MultiplexGroup } from "#core/waveform/waveform.ts";

/** Samples of a group that are in memory. */
export interface TraceData {
  readonly group: MultiplexGroup;
  readonly bytes: Uint8Array;
  readonly littleEndian: boolean;
}

/** How the values of a channel become millimetres of paper. */
export interface TraceScale {
  /** mm per physical unit of the channel. */
  readonly mmPerUnit: number;
  /** Value on the middle line of the strip. */
  readonly middle: number;
  /** mV per unit of the channel; undefined for what is no voltage. */
  readonly mvPerUnit: number | undefined;
}

/** mV of the units of voltage: UCUM, and micro as people type it (U+00B5, U+03BC). */
const MILLIVOLTS: ReadonlyMap<string, number> = new Map([
  ["nV", 1e-6],
  ["uV", 1e-3],
  ["\u00b5V", 1e-3],
  ["\u03bcV", 1e-3],
  ["mV", 1],
  ["V", 1e3],
]);
const CHUNK = 65_536;

/** Factor from a unit of voltage to mV; undefined for other units. */
export function millivoltsPer(unit: string): number | undefined {
  return MILLIVOLTS.get(unit);
}

/**
 * The scale of a channel: voltages at a gain in mm/mV around 0, like on paper; other quantities so that the whole
 * recording fits the height, with a round number of units per 10 mm.
 */
export function traceScale(
  data: TraceData,
  channelIndex: number,
  gain: number,
  heightMm: number,
): TraceScale {
  const channel = data.group.channels[channelIndex];
  const mvPerUnit = channel === undefined ? undefined : millivoltsPer(channel.unit);
  if (mvPerUnit !== undefined) return { mmPerUnit: mvPerUnit * gain, middle: 0, mvPerUnit };
  const { lowest, highest } = extremes(data, channelIndex);
  const span = Math.max(highest - lowest, Number.MIN_VALUE);
  const unitsPer10Mm = roundUp((span * 10) / (heightMm * 0.9));
  return { mmPerUnit: 10 / unitsPer10Mm, middle: (lowest + highest) / 2, mvPerUnit: undefined };
}

/** The next number of 1, 2 or 5 times a power of ten. */
export function roundUp(value: number): number {
  if (!(value > 0) || !Number.isFinite(value)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [1, 2, 5, 10].find((one) => one * power >= value * (1 - 1e-9)) ?? 10;
  return step * power;
}

function extremes(
  { group, bytes, littleEndian }: TraceData,
  channelIndex: number,
): { readonly lowest: number; readonly highest: number } {
  let lowest = Number.POSITIVE_INFINITY;
  let highest = Number.NEGATIVE_INFINITY;
  for (let from = 0; from < group.sampleCount; from += CHUNK) {
    const range = { from, count: CHUNK };
    for (const value of decodeSamples(group, channelIndex, bytes, littleEndian, range)) {
      if (value < lowest) lowest = value;
      if (value > highest) highest = value;
    }
  }
  return lowest > highest ? { lowest: 0, highest: 1 } : { lowest, highest };
}
