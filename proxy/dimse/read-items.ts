import { excess, violation } from "./violation.ts";

const HEADER_LENGTH = 4;
/** Items in one list; 128 contexts, and as many roles and negotiations as there are SOP classes, are far fewer. */
const MOST_ITEMS = 4096;

/**
 * Calls for each item of a list with its type and a view of its content.
 * @throws DimseError `protocol-violation` when an item ends behind its list, `limit-exceeded`
 */
export function readItems(
  bytes: Uint8Array,
  onItem: (type: number, content: Uint8Array) => void,
): void {
  let at = 0;
  for (let count = 0; at < bytes.byteLength; count += 1) {
    if (count === MOST_ITEMS) throw excess("An association PDU has too many items.");
    const content = countedAt(bytes, at + 2);
    onItem(bytes[at] ?? 0, content);
    at += HEADER_LENGTH + content.byteLength;
  }
}

/**
 * A view of the bytes behind their 16 bit count.
 * @throws DimseError `protocol-violation` when there are fewer
 */
export function countedAt(bytes: Uint8Array, at: number): Uint8Array {
  const length = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
  const end = at + 2 + length;
  if (end > bytes.byteLength) {
    throw violation("invalidParameter", "An item of an association PDU ends behind the PDU.");
  }
  return bytes.subarray(at + 2, end);
}
