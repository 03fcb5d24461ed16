import { type DataElement, DataSet } from "../dicom/data-set.ts";
import type { Tag } from "../dicom/tag.ts";
import * as TAGS from "../dicom/tags.generated.ts";

/** A large value that the extras of a frame need (core/pixels `display-extras.ts`), and how large it can be. */
export interface ExtraBulkData {
  readonly uri: string;
  readonly largestBytes: number;
}

/** Room for profiles with several large cubes. */
const LARGEST_PROFILE_BYTES = 16 * 1024 * 1024;
/** 65,536 values of 64 bits, and some room. */
const LARGEST_TABLE_BYTES = 1024 * 1024;
/** Two million numbers; more are not drawn. */
const LARGEST_GRAPHIC_BYTES = 8 * 1024 * 1024;
/** No planes are larger that anyone has seen; a header must not be able to ask for all memory. */
const LARGEST_OVERLAY_BYTES = 128 * 1024 * 1024;

const SEQUENCES: ReadonlySet<Tag> = new Set([
  TAGS.OpticalPathSequence,
  TAGS.PresentationLUTSequence,
  TAGS.RealWorldValueMappingSequence,
  TAGS.ModalityLUTSequence,
  TAGS.VOILUTSequence,
  TAGS.VariableModalityLUTSequence,
  TAGS.SoftcopyVOILUTSequence,
  TAGS.GraphicAnnotationSequence,
  TAGS.GraphicObjectSequence,
  TAGS.CompoundGraphicSequence,
  TAGS.SharedFunctionalGroupsSequence,
  TAGS.PerFrameFunctionalGroupsSequence,
]);

const TABLES: ReadonlySet<Tag> = new Set([
  TAGS.RealWorldValueLUTData,
  TAGS.LUTData,
  TAGS.RedPaletteColorLookupTableData,
  TAGS.GreenPaletteColorLookupTableData,
  TAGS.BluePaletteColorLookupTableData,
  TAGS.SegmentedRedPaletteColorLookupTableData,
  TAGS.SegmentedGreenPaletteColorLookupTableData,
  TAGS.SegmentedBluePaletteColorLookupTableData,
]);

/**
 * What the extras of a frame need and its metadata left elsewhere (PS3.18 F.2.2): overlay planes, ICC profiles, tables of real
 * world values; and what a presentation state needs to be applied: tables and graphics. Each once. They are fetched when the frame is to be shown, not before.
 */
export function extraBulkData(dataSet: DataSet): readonly ExtraBulkData[] {
  const found = new Map<string, ExtraBulkData>();
  collect(dataSet, dataSet, found);
  return [...found.values()];
}

/** The data set with what was fetched in its places; the rest stays as it is. */
export function withExtraBulkData(
  dataSet: DataSet,
  fetched: ReadonlyMap<string, Uint8Array>,
): DataSet {
  const replaced = (element: DataElement): DataElement => {
    const { tag, value } = element;
    const bytes = value.kind === "uri" ? fetched.get(value.uri) : undefined;
    if (bytes !== undefined) return { ...element, value: { kind: "bytes", bytes } };
    if (value.kind !== "items" || !SEQUENCES.has(tag)) return element;
    const items = value.items.map((item) => withExtraBulkData(item, fetched));
    return { ...element, value: { kind: "items", items } };
  };
  return new DataSet([...dataSet.elements.values()].map(replaced), dataSet.encoding);
}

function collect(root: DataSet, dataSet: DataSet, found: Map<string, ExtraBulkData>): void {
  for (const { tag, value } of dataSet.elements.values()) {
    if (value.kind === "uri") {
      const largestBytes = largestOf(root, tag);
      if (largestBytes > 0) found.set(value.uri, { uri: value.uri, largestBytes });
    } else if (value.kind === "items" && SEQUENCES.has(tag))
      for (const item of value.items) collect(root, item, found);
  }
}

/** Bytes that the value of an attribute can have; 0 for attributes that no extras need. */
function largestOf(root: DataSet, tag: Tag): number {
  if (tag === TAGS.ICCProfile) return LARGEST_PROFILE_BYTES;
  if (TABLES.has(tag)) return LARGEST_TABLE_BYTES;
  if (tag === TAGS.GraphicData) return LARGEST_GRAPHIC_BYTES;
  return isOverlayData(tag) ? overlayBytes(root, tag) : 0;
}

/** Overlay Data (60xx,3000) of the groups 6000 to 601E. */
function isOverlayData(tag: Tag): boolean {
  return tag >>> 21 === 0x6000_0000 >>> 21 && (tag & 0x1_ffff) === 0x3000;
}

/** A bit per pixel and frame, twice over for bad manners. */
function overlayBytes(root: DataSet, tag: Tag): number {
  const group = tag - 0x3000;
  const rows = root.number(group + 0x0010) ?? 0;
  const columns = root.number(group + 0x0011) ?? 0;
  const frames = Math.max(root.number(group + 0x0015) ?? 1, 1);
  return Math.min(Math.ceil((rows * columns * frames) / 8) * 2 + 1024, LARGEST_OVERLAY_BYTES);
}
