import type { DataSet } from "../dicom/data-set.ts";
import * as TAGS from "../dicom/tags.generated.ts";
import type { Measurement, ObjectReference, ReportItem, ReportValue } from "./content-item.ts";
import { readCode } from "./read-code.ts";
import { readTabulatedValues } from "./tabulated-values.ts";

/** Deeper nesting than any template has; it bounds what a hostile file can ask of the stack. */
const MAXIMUM_DEPTH = 64;

/** Stands for what lies deeper, so that nothing is left out in silence. */
const CUT: ReportItem = {
  position: "",
  relationship: "",
  name: undefined,
  value: { kind: "cut" },
  observedAt: undefined,
  children: [],
};

/** A content item and everything below it, as recorded; what is missing or malformed gives an empty value. */
export function readReportItem(dataSet: DataSet, position = "1", depth = 0): ReportItem {
  const below = dataSet.items(TAGS.ContentSequence);
  const isCut = depth >= MAXIMUM_DEPTH && below.length > 0;
  return {
    position,
    relationship: dataSet.string(TAGS.RelationshipType) ?? "",
    name: readCode(dataSet, TAGS.ConceptNameCodeSequence),
    value: readValue(dataSet),
    observedAt: dataSet.string(TAGS.ObservationDateTime),
    children: isCut
      ? [CUT]
      : below.map((item, index) => readReportItem(item, `${position}.${index + 1}`, depth + 1)),
  };
}

function readValue(item: DataSet): ReportValue {
  const valueType = item.string(TAGS.ValueType) ?? "";
  switch (valueType) {
    case "CONTAINER":
      return {
        kind: "container",
        isContinuous: item.string(TAGS.ContinuityOfContent) === "CONTINUOUS",
      };
    case "TEXT":
      return { kind: "text", text: withPlainBreaks(item.string(TAGS.TextValue) ?? "") };
    case "CODE":
      return { kind: "code", code: readCode(item, TAGS.ConceptCodeSequence) };
    case "NUM":
      return {
        kind: "number",
        measurement: readMeasurement(item),
        qualifier: readCode(item, TAGS.NumericValueQualifierCodeSequence),
      };
    case "DATE":
      return { kind: "date", text: item.string(TAGS.Date) ?? "" };
    case "TIME":
      return { kind: "time", text: item.string(TAGS.Time) ?? "" };
    case "DATETIME":
      return { kind: "datetime", text: item.string(TAGS.DateTime) ?? "" };
    case "PNAME":
      return { kind: "person", name: item.personName(TAGS.PersonName) };
    case "UIDREF":
      return { kind: "uid", uid: item.string(TAGS.UID) ?? "" };
    default:
      return readReferringValue(item, valueType);
  }
}

/** Values that point at something else: objects, places in them, other items. */
function readReferringValue(item: DataSet, valueType: string): ReportValue {
  switch (valueType) {
    case "IMAGE":
      return { kind: "image", references: readReferences(item) };
    case "COMPOSITE":
      return { kind: "composite", references: readReferences(item) };
    case "WAVEFORM":
      return { kind: "waveform", references: readReferences(item) };
    case "SCOORD":
      return readCoordinates(item, "image");
    case "SCOORD3D":
      return readCoordinates(item, "patient");
    case "TCOORD":
      return readTimeCoordinates(item);
    case "TABLE":
      return { kind: "table", ...readTabulatedValues(item) };
    default: {
      const identifier = item.numbers(TAGS.ReferencedContentItemIdentifier);
      if (identifier.length > 0) return { kind: "link", position: identifier.join(".") };
      return { kind: "unknown", valueType };
    }
  }
}

/** Lines end with CR LF in the standard (PS3.5 6.1.3), and with CR or LF alone in some files. */
function withPlainBreaks(text: string): string {
  return text.replace(/\r\n?/g, "\n");
}

/** Digits as they are written; a floating point value only where there is no decimal one (PS3.3 C.18.1). */
function readMeasurement(item: DataSet): Measurement | undefined {
  const measured = item.items(TAGS.MeasuredValueSequence)[0];
  const number =
    measured?.string(TAGS.NumericValue) ?? measured?.number(TAGS.FloatingPointValue)?.toString();
  if (measured === undefined || number === undefined) return undefined;
  return { number, unit: readCode(measured, TAGS.MeasurementUnitsCodeSequence) };
}

function readReferences(item: DataSet): readonly ObjectReference[] {
  return item.items(TAGS.ReferencedSOPSequence).map((reference) => ({
    sopClassUid: reference.string(TAGS.ReferencedSOPClassUID) ?? "",
    sopInstanceUid: reference.string(TAGS.ReferencedSOPInstanceUID) ?? "",
    frameNumbers: reference.numbers(TAGS.ReferencedFrameNumber),
    segmentNumbers: reference.numbers(TAGS.ReferencedSegmentNumber),
    waveformChannels: reference.numbers(TAGS.ReferencedWaveformChannels),
    presentationStateUid: reference
      .items(TAGS.ReferencedSOPSequence)[0]
      ?.string(TAGS.ReferencedSOPInstanceUID),
  }));
}

function readCoordinates(item: DataSet, space: "image" | "patient"): ReportValue {
  const dimensions = space === "image" ? 2 : 3;
  return {
    kind: "coordinates",
    space,
    graphicType: item.string(TAGS.GraphicType) ?? "",
    pointCount: Math.floor(item.numbers(TAGS.GraphicData).length / dimensions),
  };
}

function readTimeCoordinates(item: DataSet): ReportValue {
  const rangeType = item.string(TAGS.TemporalRangeType) ?? "";
  const samples = item.strings(TAGS.ReferencedSamplePositions);
  const offsets = item.strings(TAGS.ReferencedTimeOffsets);
  if (samples.length > 0)
    return { kind: "time-coordinates", rangeType, positions: samples, unit: "samples" };
  if (offsets.length > 0)
    return { kind: "time-coordinates", rangeType, positions: offsets, unit: "seconds" };
  const positions = item.strings(TAGS.ReferencedDateTime);
  return { kind: "time-coordinates", rangeType, positions, unit: "moments" };
}
