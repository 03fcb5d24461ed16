/** Bytes of an AE title on the wire (PS3.8 table 9-11). */
const AE_TITLE_LENGTH = 16;

/**
 * Text as identifiers stand on the wire: ISO 646, one byte for a character. What lies beyond is read as ISO 8859-1,
 * so that nothing is lost, and leading and trailing spaces and NULs, which are no part of it, are left away.
 */
export function readText(bytes: Uint8Array): string {
  let end = bytes.byteLength;
  while (end > 0 && isPadding(bytes[end - 1])) end -= 1;
  let start = 0;
  while (start < end && isPadding(bytes[start])) start += 1;
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString("latin1");
}

/** The text as bytes; characters that have none become question marks. */
export function writeText(text: string): Uint8Array {
  return Buffer.from(text.replace(/[^\0-\xff]/g, "?"), "latin1");
}

/** An AE title of 16 bytes, with spaces behind; what is longer is cut. */
export function writeAeTitle(title: string): Uint8Array {
  return writeText(title.slice(0, AE_TITLE_LENGTH).padEnd(AE_TITLE_LENGTH));
}

function isPadding(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0;
}
