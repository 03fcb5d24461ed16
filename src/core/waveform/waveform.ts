import type { ElementValue } from "../dicom/data-set.ts";
import type { Vr } from "../dicom/vr.ts";

/** How a sample is encoded (PS3.3 C.10.9.1.5): signed and unsigned integers, mu-law and A-law. */
export type SampleInterpretation = "SB" | "UB" | "MB" | "AB" | "SS" | "US" | "SL" | "UL";

/** One curve of a multiplex group (PS3.3 C.10.9.1.4). */
export interface WaveformChannel {
  /** From 1, as annotations refer to it. */
  readonly number: number;
  /** For people, never empty: Channel Label, or what its source is called. */
  readonly label: string;
  /** Lead of a 12-lead ECG by its usual name (`I`, `aVR`, `V1`), or the label where it is none. */
  readonly lead: string;
  /** UCUM code of the physical unit (`uV`, `mV`, `mm[Hg]`); empty where the samples have none. */
  readonly unit: string;
  /** Physical units per step of the sample, correction factor included; 1 without a unit. */
  readonly sensitivity: number;
  /** Physical value of sample 0. */
  readonly baseline: number;
  /** When this channel is sampled within a cycle of sampling, seconds after its begin. */
  readonly skewSeconds: number;
  /** Hz; undefined where no such filter is recorded. */
  readonly filter: {
    readonly lowHz: number | undefined;
    readonly highHz: number | undefined;
    readonly notchHz: number | undefined;
  };
}

/** Channels that are sampled together (PS3.3 C.10.9.1). */
export interface MultiplexGroup {
  /** From 1, as annotations refer to it. */
  readonly number: number;
  readonly label: string;
  /** `ORIGINAL` or `DERIVED`. */
  readonly originality: string | undefined;
  /** Of the first sample, after the begin of the acquisition. */
  readonly timeOffsetMs: number;
  readonly samplesPerSecond: number;
  /** Of each channel. */
  readonly sampleCount: number;
  readonly bitsAllocated: 8 | 16 | 32;
  readonly interpretation: SampleInterpretation;
  /** Raw value of samples that were not taken; undefined where none is declared. */
  readonly padding: number | undefined;
  readonly channels: readonly WaveformChannel[];
  /** Waveform Data, in memory or to be fetched. */
  readonly data: { readonly value: ElementValue; readonly vr: Vr };
}

/** A group that cannot be drawn, and why; other groups of the object are not affected. */
export interface UnusableGroup {
  readonly number: number;
  readonly label: string;
  readonly reason: "no-samples" | "no-frequency" | "no-channels" | "unknown-encoding" | "too-large";
}
