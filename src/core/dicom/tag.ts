/**
 * An attribute tag (PS3.5 section 7.1): group in the upper, element in the lower 16 bits, as an unsigned
 * 32-bit number. `0x00280010` is Rows.
 */
export type Tag = number;

/** The group number of a tag. */
export function groupOf(tag: Tag): number {
  return tag >>> 16;
}

/** The element number of a tag. */
export function elementOf(tag: Tag): number {
  return tag & 0xffff;
}

/** Eight upper-case hexadecimal digits, the key of an attribute in the DICOM JSON model (PS3.18 F.2.2). */
export function tagToHex(tag: Tag): string {
  return tag.toString(16).toUpperCase().padStart(8, "0");
}

/** The tag of eight hexadecimal digits, or undefined when the text is anything else. */
export function tagFromHex(text: string): Tag | undefined {
  return /^[0-9A-Fa-f]{8}$/.test(text) ? Number.parseInt(text, 16) : undefined;
}

/** A tag as people write it: `(0028,0010)`. */
export function formatTag(tag: Tag): string {
  const hex = tagToHex(tag);
  return `(${hex.slice(0, 4)},${hex.slice(4)})`;
}

/** Whether the tag is private: odd group (PS3.5 section 7.8.1). */
export function isPrivateTag(tag: Tag): boolean {
  return (groupOf(tag) & 1) === 1;
}
