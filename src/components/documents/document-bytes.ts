import type { DataSet } from "#core/dicom/data-set.ts";
import * as TAGS from "#core/dicom/tags.generated.ts";

/** Fetches a value that metadata gave by URI. */
export type RetrieveValue = (uri: string, signal: AbortSignal) => Promise<Uint8Array<ArrayBuffer>>;

/**
 * The encapsulated document of an object (PS3.3 C.24.2), without the byte that pads it to an even length; undefined
 * where the object holds none.
 */
export async function documentBytes(
  dataSet: DataSet,
  retrieve: RetrieveValue,
  signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const value = dataSet.element(TAGS.EncapsulatedDocument)?.value;
  const bytes =
    value?.kind === "bytes"
      ? value.bytes.slice()
      : value?.kind === "uri"
        ? await retrieve(value.uri, signal)
        : undefined;
  if (bytes === undefined || bytes.length === 0) return undefined;
  const stated = dataSet.number(TAGS.EncapsulatedDocumentLength);
  return stated === bytes.length - 1 ? bytes.subarray(0, stated) : bytes;
}

/** Gives a person bytes as a file; its name says nothing about the patient. */
export function saveBytes(bytes: Uint8Array<ArrayBuffer>, type: string, fileName: string): void {
  const address = URL.createObjectURL(new Blob([bytes], { type }));
  const link = document.createElement("a");
  link.href = address;
  link.download = fileName;
  link.click();
  // The browser reads the address when it starts to save, which is after this task.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** `24 bytes`, `20.1 kB`, `3.4 MB`. */
export function sizeText(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  if (bytes < 1_000_000) return `${(bytes / 1000).toFixed(1)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
