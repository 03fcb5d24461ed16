import { msg } from "@lit/localize";
import type { DataSet } from "#core/dicom/data-set.ts";
import type { MultiplexGroup } from "#core/waveform/waveform.ts";
import type { RetrieveValue } from "../document-bytes.ts";
import type { TraceData } from "./trace-scale.ts";

/**
 * The samples of a group, in memory or fetched. Values that archives give by address are little endian (PS3.18 F.2).
 * @throws Error for people, when there are fewer samples than declared
 */
export async function loadTraces(
  dataSet: DataSet,
  group: MultiplexGroup,
  retrieve: RetrieveValue,
  signal: AbortSignal,
): Promise<TraceData> {
  const { value } = group.data;
  const isHere = value.kind === "bytes";
  const bytes = isHere
    ? value.bytes
    : value.kind === "uri"
      ? await retrieve(value.uri, signal)
      : undefined;
  const needed = (group.sampleCount * group.channels.length * group.bitsAllocated) / 8;
  if (bytes === undefined || bytes.byteLength < needed)
    throw new Error(msg("The recording is cut short: it has fewer samples than it declares."));
  return { group, bytes, littleEndian: isHere ? dataSet.encoding.littleEndian : true };
}
