import type { MadeDataSet } from "#core/dicom/data-set-builder.ts";
import type { ArchivePart } from "./archive-part.ts";
import { type DemoSeries, plainFile } from "./demo-file.ts";
import { BEAT, beatTimes, ecgSamples, LEADS } from "./heart/ecg-signal.ts";
import { HEART_US } from "./identities.ts";

const TWELVE_LEAD_ECG_STORAGE = "1.2.840.10008.5.1.4.1.1.9.1.1";
const SAMPLES_PER_SECOND = 500;
const SECONDS = 10;
/** Microvolts per step of a sample. */
const MICROVOLTS = 2.5;

const SERIES: DemoSeries = {
  study: HEART_US,
  key: "ecg",
  modality: "ECG",
  attributes: {
    SOPClassUID: TWELVE_LEAD_ECG_STORAGE,
    SeriesNumber: 2,
    SeriesDescription: "12-lead ECG at rest",
    ManufacturerModelName: "Light Box ECG",
    BurnedInAnnotation: undefined,
  },
};

/** The 12-lead ECG of the patient whose heart beats in the cine. */
export function ecgParts(): readonly ArchivePart[] {
  return [{ name: "ecg", make: async () => [plainFile(SERIES, 1, attributes())] }];
}

/** Waveform, acquisition context and annotation (PS3.3 A.34.3, C.10.9, C.10.10). */
function attributes(): MadeDataSet {
  const count = SAMPLES_PER_SECOND * SECONDS;
  const samples = ecgSamples(SAMPLES_PER_SECOND, SECONDS, MICROVOLTS);
  return {
    AcquisitionDateTime: `${HEART_US.date}${HEART_US.time}`,
    AcquisitionContextSequence: null,
    SynchronizationTrigger: "NO TRIGGER",
    AcquisitionTimeSynchronized: "N",
    WaveformSequence: {
      MultiplexGroupTimeOffset: 0,
      MultiplexGroupLabel: "Rhythm",
      WaveformOriginality: "ORIGINAL",
      NumberOfWaveformChannels: LEADS.length,
      NumberOfWaveformSamples: count,
      SamplingFrequency: SAMPLES_PER_SECOND,
      ChannelDefinitionSequence: LEADS.map(({ name, code }) => channel(name, code)),
      WaveformBitsAllocated: 16,
      WaveformSampleInterpretation: "SS",
      WaveformData: new Uint8Array(samples.buffer),
    },
    WaveformAnnotationSequence: annotations(),
  };
}

function channel(name: string, code: string): MadeDataSet {
  return {
    ChannelLabel: name,
    ChannelSourceSequence: {
      CodeValue: code,
      CodingSchemeDesignator: "MDC",
      CodeMeaning: `Lead ${name}`,
    },
    ChannelSensitivity: MICROVOLTS,
    ChannelSensitivityUnitsSequence: {
      CodeValue: "uV",
      CodingSchemeDesignator: "UCUM",
      CodeMeaning: "microvolt",
    },
    ChannelSensitivityCorrectionFactor: 1,
    ChannelBaseline: 0,
    ChannelSampleSkew: 0,
    WaveformBitsStored: 16,
    FilterLowFrequency: 0.05,
    FilterHighFrequency: 150,
    NotchFilterFrequency: 50,
  };
}

function annotations(): readonly MadeDataSet[] {
  const beats = beatTimes(SECONDS);
  const mean = ((beats.at(-1) ?? 0) - (beats[0] ?? 0)) / (beats.length - 1);
  const channels = [1, 0];
  const measured = (name: string, key: string, value: number, unit: string): MadeDataSet => ({
    ReferencedWaveformChannels: channels,
    AnnotationGroupNumber: 1,
    ConceptNameCodeSequence: {
      CodeValue: key,
      CodingSchemeDesignator: "99NEGATO",
      CodeMeaning: name,
    },
    NumericValue: value,
    MeasurementUnitsCodeSequence: {
      CodeValue: unit,
      CodingSchemeDesignator: "UCUM",
      CodeMeaning: unit,
    },
  });
  const ms = (seconds: number): number => Math.round(seconds * 1000);
  const text = (words: string): MadeDataSet => ({
    ReferencedWaveformChannels: channels,
    AnnotationGroupNumber: 0,
    UnformattedTextValue: words,
  });
  return [
    text("Sinus rhythm. Computed curve, not of a patient."),
    measured("Heart rate", "HR", Math.round(60 / mean), "/min"),
    measured("RR interval", "RR", ms(mean), "ms"),
    measured("PR interval", "PR", ms(BEAT.qrsOnset - BEAT.pOnset), "ms"),
    measured("QRS duration", "QRS", ms(BEAT.qrsEnd - BEAT.qrsOnset), "ms"),
    measured("QT interval", "QT", ms(BEAT.tEnd - BEAT.qrsOnset), "ms"),
    // Bazett's formula.
    measured("QTc interval", "QTc", ms((BEAT.tEnd - BEAT.qrsOnset) / Math.sqrt(mean)), "ms"),
  ];
}
