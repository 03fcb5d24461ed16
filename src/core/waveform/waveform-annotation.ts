import type { DataSet } from "../dicom/data-set.ts";
import * as TAGS from "../dicom/tags.generated.ts";

/** What is noted about a waveform or a place in it (PS3.3 C.10.10). */
export interface WaveformAnnotation {
  /** Meaning of the concept name, with its coded value or number: `RR Interval`; empty for free text. */
  readonly name: string;
  /** As recorded, with unit: `982 ms`; free text with its line breaks. */
  readonly text: string;
  /** Pairs of multiplex group and channel, both from 1; channel 0 means all of the group. */
  readonly channels: readonly (readonly [group: number, channel: number])[];
  readonly groupNumber: number | undefined;
  /** `POINT`, `SEGMENT` ...; undefined for what concerns the whole waveform. */
  readonly rangeType: string | undefined;
  /** Of sample positions from 1, for places in the first channel that is named. */
  readonly samplePositions: readonly number[];
  /** Places that are given by time: seconds after the begin of the data, as recorded. */
  readonly timeOffsets: readonly string[];
}

/** All annotations, in order; those without any value are left out. */
export function readWaveformAnnotations(dataSet: DataSet): readonly WaveformAnnotation[] {
  return dataSet.items(TAGS.WaveformAnnotationSequence).flatMap((item) => {
    const annotation = readAnnotation(item);
    return annotation.name === "" && annotation.text === "" ? [] : [annotation];
  });
}

function readAnnotation(item: DataSet): WaveformAnnotation {
  const referenced = item.numbers(TAGS.ReferencedWaveformChannels);
  return {
    name: meaningOf(item, TAGS.ConceptNameCodeSequence),
    text:
      item.string(TAGS.UnformattedTextValue) ??
      (numberText(item) || meaningOf(item, TAGS.ConceptCodeSequence)),
    channels: Array.from({ length: referenced.length >> 1 }, (_, pair) => [
      referenced[2 * pair] ?? 0,
      referenced[2 * pair + 1] ?? 0,
    ]),
    groupNumber: item.number(TAGS.AnnotationGroupNumber),
    rangeType: item.string(TAGS.TemporalRangeType),
    samplePositions: item.numbers(TAGS.ReferencedSamplePositions),
    timeOffsets: item.strings(TAGS.ReferencedTimeOffsets),
  };
}

function numberText(item: DataSet): string {
  const number = item.string(TAGS.NumericValue);
  if (number === undefined) return "";
  const unit = item.items(TAGS.MeasurementUnitsCodeSequence)[0];
  const symbol = unit?.string(TAGS.CodeValue) ?? unit?.string(TAGS.CodeMeaning) ?? "";
  return symbol === "" || symbol === "1" ? number : `${number} ${symbol}`;
}

function meaningOf(item: DataSet, tag: number): string {
  const code = item.items(tag)[0];
  return code?.string(TAGS.CodeMeaning) ?? code?.string(TAGS.CodeValue) ?? "";
}
