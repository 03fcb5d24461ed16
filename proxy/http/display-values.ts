import { type DataElement, DataSet } from "#core/dicom/data-set.ts";
import { tagToHex } from "#core/dicom/tag.ts";
import { collect } from "#core/dicomweb/multipart-reader.ts";
import { displayBulkDataUris, withDisplayBulkData } from "#core/study/bulk-data.ts";
import { extraBulkData, withExtraBulkData } from "#core/study/extra-bulk-data.ts";
import type { InstanceSelector, Source } from "../sources/source.ts";

const LARGEST_TABLE_BYTES = 1024 * 1024;

/**
 * The data set with the large values in memory that the display of its frames needs: tables, overlay planes, profiles.
 * @throws DicomError `limit-exceeded` for a value that is larger than any of its kind; what the source throws.
 */
export async function withDisplayValues(
  dataSet: DataSet,
  selector: InstanceSelector,
  source: Source,
  signal: AbortSignal,
): Promise<DataSet> {
  const addressed = withPaths(dataSet, []);
  const limits = new Map<string, number>([
    ...displayBulkDataUris(addressed).map((path) => [path, LARGEST_TABLE_BYTES] as const),
    ...extraBulkData(addressed).map(({ uri, largestBytes }) => [uri, largestBytes] as const),
  ]);
  if (limits.size === 0) return dataSet;
  const fetched = new Map<string, Uint8Array>();
  for (const [path, largestBytes] of limits) {
    const value = await source.bulkData(selector, path, signal);
    fetched.set(path, await collect(value.open(), largestBytes));
  }
  return withExtraBulkData(withDisplayBulkData(addressed, fetched), fetched);
}

/** The data set with large values named by their path in it, as `Source.bulkData` takes it. */
function withPaths(dataSet: DataSet, path: readonly string[]): DataSet {
  const named = (element: DataElement): DataElement => {
    const { tag, value } = element;
    const here = [...path, tagToHex(tag)];
    if (value.kind === "range" || value.kind === "uri")
      return { ...element, value: { kind: "uri", uri: here.join("/") } };
    if (value.kind !== "items") return element;
    const items = value.items.map((item, at) => withPaths(item, [...here, String(at + 1)]));
    return { ...element, value: { kind: "items", items } };
  };
  return new DataSet([...dataSet.elements.values()].map(named), dataSet.encoding);
}
