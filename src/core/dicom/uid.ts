/**
 * Whether the text may stand where a UID stands: digits and dots, 1 to 64 characters (PS3.5 section 9.1).
 * Leading zeros of a component occur in the field and are accepted.
 */
export function isUid(text: string): boolean {
  return text.length <= 64 && /^\d+(\.\d+)*$/.test(text);
}
