import type { DataSet } from "../dicom/data-set.ts";
import type { Tag } from "../dicom/tag.ts";
import * as TAGS from "../dicom/tags.generated.ts";
import type { DimensionValue, FrameDimension } from "./frame-dimension.ts";

type Reader = (dataSet: DataSet) => DimensionValue | undefined;

const number =
  (tag: Tag): Reader =>
  (dataSet) =>
    dataSet.number(tag);

/** What tells single-frame instances at one place from one another, in the order in which it divides them. */
const DIMENSIONS: readonly (readonly [FrameDimension["role"], Reader, FrameDimension["text"]])[] = [
  ["weighting", imageFlavour, String],
  ["weighting", number(TAGS.KVP), (value) => `${value} kV`],
  ["weighting", bValueOf, (value) => `b ${value}`],
  ["weighting", echo, (value) => `TE ${value} ms`],
  ["weighting", number(TAGS.InversionTime), (value) => `TI ${value} ms`],
  ["moment", number(TAGS.TemporalPositionIdentifier), time],
  ["moment", number(TAGS.FrameReferenceTime), time],
  ["cycle", number(TAGS.TriggerTime), (value) => `trigger ${value} ms`],
  ["cycle", number(TAGS.NominalPercentageOfCardiacPhase), (value) => `cardiac phase ${value} %`],
  ["moment", number(TAGS.AcquisitionNumber), (value) => `acquisition ${value}`],
  ["moment", (dataSet) => dataSet.string(TAGS.AcquisitionTime), time],
];

/** What the attributes of single-frame instances say of them beyond their place. */
export function instanceDimensions(): readonly FrameDimension[] {
  return DIMENSIONS.map(([role, read, text]) => ({
    role,
    text,
    value: ({ instance }) => read(instance.dataSet),
  }));
}

function time(_: DimensionValue, rank: number, count: number): string {
  return `time ${rank}/${count}`;
}

/** Magnitude, phase, water, fat: the values of Image Type from the third one on (PS3.3 C.8.3.1.1.1). */
function imageFlavour(dataSet: DataSet): string | undefined {
  const flavour = dataSet
    .strings(TAGS.ImageType)
    .slice(2)
    .filter((part) => part !== "");
  return flavour.length === 0 ? undefined : flavour.join(" ").toLowerCase();
}

function echo(dataSet: DataSet): number | undefined {
  const time = dataSet.number(TAGS.EchoTime);
  return time === undefined ? undefined : Math.round(time * 100) / 100;
}

/** Where vendors put b-values before the standard had a place: creator, group, and element within its block. */
const PRIVATE_B_VALUES: readonly (readonly [creator: string, group: number, element: number])[] = [
  ["SIEMENS MR HEADER", 0x0019, 0x0c],
  ["GEMS_PARM_01", 0x0043, 0x39],
  ["Philips Imaging DD 001", 0x2001, 0x03],
];

/** Diffusion b-value, s/mm²; undefined where there is none. */
function bValueOf(dataSet: DataSet): number | undefined {
  const standard = dataSet.number(TAGS.DiffusionBValue);
  if (standard !== undefined) return standard;
  for (const [creator, group, element] of PRIVATE_B_VALUES) {
    const value = privateNumber(dataSet, creator, group, element);
    // GE adds multiples of 10^9 to say that the value is the right one.
    if (value !== undefined && value >= 0) return value % 1e9;
  }
  return undefined;
}

/** A value in the block that a private creator reserved in a group (PS3.5 7.8.1). */
function privateNumber(
  dataSet: DataSet,
  creator: string,
  group: number,
  element: number,
): number | undefined {
  for (let block = 0x10; block <= 0x1f; block += 1)
    if (dataSet.string(group * 0x10000 + block) === creator)
      return dataSet.number(group * 0x10000 + block * 0x100 + element);
  return undefined;
}
