import type { DataSet } from "../dicom/data-set.ts";
import type { Tag } from "../dicom/tag.ts";
import * as TAGS from "../dicom/tags.generated.ts";

/**
 * What stored values of a range are in the real world (PS3.3 C.7.6.16.2.11). It stands beside the modality LUT and does not
 * change how the image looks.
 */
export interface RealWorldValueMapping {
  /** First and last stored value that are mapped. */
  readonly first: number;
  readonly last: number;
  readonly curve: /** value = slope * stored value + intercept */
    | { readonly kind: "linear"; readonly slope: number; readonly intercept: number }
    /** The value of each stored value from `first` on. */
    | { readonly kind: "table"; readonly values: readonly number[] };
  /** LUT Label; empty when there is none. */
  readonly label: string;
  /** LUT Explanation; empty when there is none. */
  readonly explanation: string;
  /** The unit as a person reads it: its UCUM code (`mm2/s`), else its meaning; empty for numbers without a unit. */
  readonly unit: string;
}

/**
 * The mappings of a frame, in their order; those that are incomplete are left out.
 * @param dataSet the attributes of the frame. Functional groups overlaid repeat those of the first item beside the sequence.
 */
export function readRealWorldValues(
  dataSet: DataSet,
  isSigned: boolean,
): readonly RealWorldValueMapping[] {
  const items = dataSet.items(TAGS.RealWorldValueMappingSequence);
  return (items.length > 0 ? items : [dataSet]).flatMap((item) => {
    const mapping = readMapping(item, isSigned);
    return mapping === undefined ? [] : [mapping];
  });
}

/** The real world value of a stored value; undefined outside of what is mapped. */
export function realWorldValue(
  { first, last, curve }: RealWorldValueMapping,
  storedValue: number,
): number | undefined {
  if (!(storedValue >= first && storedValue <= last)) return undefined;
  if (curve.kind === "linear") return curve.slope * storedValue + curve.intercept;
  return curve.values[Math.round(storedValue - first)];
}

function readMapping(item: DataSet, isSigned: boolean): RealWorldValueMapping | undefined {
  const first = readEnd(item, FIRST, isSigned);
  const last = readEnd(item, LAST, isSigned);
  if (first === undefined || last === undefined || first > last) return undefined;
  const curve = readCurve(item);
  if (curve === undefined) return undefined;
  return {
    first,
    last,
    curve,
    label: item.string(TAGS.LUTLabel) ?? "",
    explanation: item.string(TAGS.LUTExplanation) ?? "",
    unit: readUnit(item),
  };
}

/** Each end as US or SS, or as FD for data whose values do not fit those. */
const FIRST: readonly [Tag, Tag] = [
  TAGS.RealWorldValueFirstValueMapped,
  TAGS.DoubleFloatRealWorldValueFirstValueMapped,
];
const LAST: readonly [Tag, Tag] = [
  TAGS.RealWorldValueLastValueMapped,
  TAGS.DoubleFloatRealWorldValueLastValueMapped,
];

function readEnd(
  item: DataSet,
  [tag, doubleTag]: readonly [Tag, Tag],
  isSigned: boolean,
): number | undefined {
  const value = item.number(tag);
  if (value === undefined) return item.number(doubleTag);
  return isSigned ? (value << 16) >> 16 : value & 0xffff;
}

function readCurve(item: DataSet): RealWorldValueMapping["curve"] | undefined {
  const values = item.numbers(TAGS.RealWorldValueLUTData);
  if (values.length > 0) return { kind: "table", values };
  const slope = item.number(TAGS.RealWorldValueSlope);
  const intercept = item.number(TAGS.RealWorldValueIntercept);
  if (slope === undefined || intercept === undefined) return undefined;
  return { kind: "linear", slope, intercept };
}

function readUnit(item: DataSet): string {
  const code = item.items(TAGS.MeasurementUnitsCodeSequence)[0];
  const value = code?.string(TAGS.CodeValue);
  const isUcum = code?.string(TAGS.CodingSchemeDesignator) === "UCUM";
  const unit = isUcum ? value : (code?.string(TAGS.CodeMeaning) ?? value);
  return unit === undefined || (isUcum && unit === "1") ? "" : unit;
}
