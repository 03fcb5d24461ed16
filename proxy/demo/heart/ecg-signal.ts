/** The leads of a 12-lead ECG with their codes of ISO/IEEE 11073-10102 (PS3.16 CID 3001). */
export const LEADS = [
  { name: "I", code: "2:1" },
  { name: "II", code: "2:2" },
  { name: "III", code: "2:61" },
  { name: "aVR", code: "2:62" },
  { name: "aVL", code: "2:63" },
  { name: "aVF", code: "2:64" },
  { name: "V1", code: "2:3" },
  { name: "V2", code: "2:4" },
  { name: "V3", code: "2:5" },
  { name: "V4", code: "2:6" },
  { name: "V5", code: "2:7" },
  { name: "V6", code: "2:8" },
] as const;

/** Moments of a beat, seconds from its R wave. */
export const BEAT = { pOnset: -0.205, qrsOnset: -0.045, qrsEnd: 0.05, tEnd: 0.345 } as const;

/** A deflection: where its middle lies from the R wave and how far it reaches to either side, s. */
interface Wave {
  readonly at: number;
  readonly reach: number;
}

const WAVES = {
  p: { at: -0.15, reach: 0.055 },
  q: { at: -0.029, reach: 0.016 },
  r: { at: 0, reach: 0.03 },
  s: { at: 0.029, reach: 0.021 },
  t: { at: 0.24, reach: 0.105 },
} as const satisfies Readonly<Record<string, Wave>>;

/** Heights of P, Q, R, S and T in mV of the leads that are measured; the others follow from I and II. */
const HEIGHTS = {
  I: { p: 0.08, q: -0.06, r: 0.85, s: -0.1, t: 0.24 },
  II: { p: 0.14, q: -0.05, r: 0.7, s: -0.24, t: 0.27 },
  V1: { p: 0.06, q: 0, r: 0.22, s: -0.95, t: -0.06 },
  V2: { p: 0.07, q: 0, r: 0.45, s: -1.35, t: 0.4 },
  V3: { p: 0.07, q: 0, r: 0.8, s: -0.95, t: 0.5 },
  V4: { p: 0.08, q: -0.04, r: 1.35, s: -0.5, t: 0.46 },
  V5: { p: 0.08, q: -0.07, r: 1.3, s: -0.22, t: 0.38 },
  V6: { p: 0.08, q: -0.08, r: 1.05, s: -0.1, t: 0.3 },
} as const;

/** The heart follows the breath: intervals between beats, ms, again and again. */
const INTERVALS_MS = [960, 976, 988, 972, 948, 936];

/** R waves of a recording, s. */
export function beatTimes(seconds: number): readonly number[] {
  const times: number[] = [];
  let at = 420;
  for (let beat = 0; at < seconds * 1000; beat++) {
    times.push(at / 1000);
    at += INTERVALS_MS[beat % INTERVALS_MS.length] ?? 960;
  }
  return times;
}

/**
 * An ECG as stored samples, `Int16Array`, cycle by cycle with all leads in the order of `LEADS`.
 * Limb leads obey Einthoven and Goldberger: III = II - I, aVR = -(I + II) / 2, aVL = I - II / 2, aVF = II - I / 2.
 * @param step microvolts of a sample's step
 */
export function ecgSamples(samplesPerSecond: number, seconds: number, step: number): Int16Array {
  const beats = beatTimes(seconds + 1);
  const samples = new Int16Array(samplesPerSecond * seconds * LEADS.length);
  let noise = 12_345;
  for (let index = 0; index < samplesPerSecond * seconds; index++) {
    const time = index / samplesPerSecond;
    const lead = (name: keyof typeof HEIGHTS): number => {
      noise = (Math.imul(noise, 1_103_515_245) + 12_345) >>> 0;
      const tremor = ((noise >>> 16) / 65_536 - 0.5) * 0.016;
      return millivolts(HEIGHTS[name], time, beats) + drift(time) + tremor;
    };
    const [one, two] = [lead("I"), lead("II")];
    const chest = (["V1", "V2", "V3", "V4", "V5", "V6"] as const).map(lead);
    const limbs = [one, two, two - one, -(one + two) / 2, one - two / 2, two - one / 2];
    for (const [channel, value] of [...limbs, ...chest].entries())
      samples[index * LEADS.length + channel] = Math.round((value * 1000) / step);
  }
  return samples;
}

function millivolts(
  heights: Readonly<Record<keyof typeof WAVES, number>>,
  time: number,
  beats: readonly number[],
): number {
  let sum = 0;
  for (const beat of beats) {
    const from = time - beat;
    if (from < -0.25 || from > 0.4) continue;
    sum += heights.p * bump(WAVES.p, from) + heights.q * bump(WAVES.q, from);
    sum += heights.r * bump(WAVES.r, from) + heights.s * bump(WAVES.s, from);
    sum += heights.t * bump(WAVES.t, from);
  }
  return sum;
}

/** 1 in the middle, 0 from its reach on, smooth; of additions and products only, so that it is the same everywhere. */
function bump({ at, reach }: Wave, time: number): number {
  const place = (time - at) / reach;
  if (place <= -1 || place >= 1) return 0;
  const rest = 1 - place * place;
  return rest * rest * rest;
}

/** The baseline rises and falls with the breath, mV. */
function drift(time: number): number {
  const phase = (time / 4) % 1;
  return 0.03 * (16 * phase * phase * (1 - phase) * (1 - phase) - 0.5);
}
