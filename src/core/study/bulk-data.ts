import { type DataElement, DataSet } from "../dicom/data-set.ts";
import type { Tag } from "../dicom/tag.ts";
import * as TAGS from "../dicom/tags.generated.ts";

/** Values without which a frame would be shown in wrong greys or colours. */
const NEEDED: ReadonlySet<Tag> = new Set([
  TAGS.LUTData,
  TAGS.RedPaletteColorLookupTableData,
  TAGS.GreenPaletteColorLookupTableData,
  TAGS.BluePaletteColorLookupTableData,
  TAGS.SegmentedRedPaletteColorLookupTableData,
  TAGS.SegmentedGreenPaletteColorLookupTableData,
  TAGS.SegmentedBluePaletteColorLookupTableData,
]);

/** The sequences in which they stand. */
const SEQUENCES: ReadonlySet<Tag> = new Set([
  TAGS.ModalityLUTSequence,
  TAGS.VOILUTSequence,
  TAGS.SharedFunctionalGroupsSequence,
  TAGS.PerFrameFunctionalGroupsSequence,
  TAGS.FrameVOILUTSequence,
]);

/** Addresses of the tables that the display of an instance needs and that its metadata left elsewhere (PS3.18 F.2.2), each once. */
export function displayBulkDataUris(dataSet: DataSet): readonly string[] {
  const uris = [...dataSet.elements.values()].flatMap(({ tag, value }) => {
    if (value.kind === "uri") return NEEDED.has(tag) ? [value.uri] : [];
    if (value.kind !== "items" || !SEQUENCES.has(tag)) return [];
    return value.items.flatMap(displayBulkDataUris);
  });
  return [...new Set(uris)];
}

/** The data set with the fetched tables in their places; others stay addresses. */
export function withDisplayBulkData(
  dataSet: DataSet,
  fetched: ReadonlyMap<string, Uint8Array>,
): DataSet {
  const replaced = (element: DataElement): DataElement => {
    const { tag, value } = element;
    const bytes = value.kind === "uri" && NEEDED.has(tag) ? fetched.get(value.uri) : undefined;
    if (bytes !== undefined) return { ...element, value: { kind: "bytes", bytes } };
    if (value.kind !== "items" || !SEQUENCES.has(tag)) return element;
    const items = value.items.map((item) => withDisplayBulkData(item, fetched));
    return { ...element, value: { kind: "items", items } };
  };
  return new DataSet([...dataSet.elements.values()].map(replaced), dataSet.encoding);
}
