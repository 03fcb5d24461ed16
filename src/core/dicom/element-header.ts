import type { SourceWindow } from "./source-window.ts";
import type { Tag } from "./tag.ts";
import { elementOf, groupOf } from "./tag.ts";
import type { Vr } from "./vr.ts";
import { areCapitals, hasLongLength, vrOfBytes } from "./vr-code.ts";

/** Length that stands for an undefined one (PS3.5 section 7.1.1). */
export const UNDEFINED_LENGTH = 0xffffffff;

/** How elements are encoded. */
export interface ElementEncoding {
  readonly explicitVr: boolean;
  readonly littleEndian: boolean;
}

/** The header of an element; one object is used for all headers of a reading. */
export interface ElementHeader {
  tag: Tag;
  /** Undefined in implicit encoding, and for letters that are no VR. */
  vr: Vr | undefined;
  /** Bytes of the value, or `UNDEFINED_LENGTH`. */
  length: number;
  /** Bytes of the header itself: 8 or 12. */
  size: number;
  /** Whether the VR was no VR, and the form of the header was found by trying. */
  isGuessed: boolean;
}

/** The tag at an offset that the window holds. */
export function readTag(window: SourceWindow, offset: number, littleEndian: boolean): Tag {
  const at = offset - window.start;
  const { view } = window;
  return view.getUint16(at, littleEndian) * 0x10000 + view.getUint16(at + 2, littleEndian);
}

/** Bytes that the header at an offset takes, of which the window holds eight. */
export function headerSize(
  window: SourceWindow,
  offset: number,
  encoding: ElementEncoding,
): 8 | 12 {
  if (!encoding.explicitVr) return 8;
  const at = offset - window.start;
  const vr = vrOfBytes(window.bytes[at + 4] ?? 0, window.bytes[at + 5] ?? 0);
  return vr !== undefined && hasLongLength(vr) ? 12 : 8;
}

/** Reads the header at an offset into `header`; the window holds all of it. */
export function readHeader(
  header: ElementHeader,
  window: SourceWindow,
  offset: number,
  encoding: ElementEncoding,
): void {
  const at = offset - window.start;
  const { view, bytes } = window;
  header.tag = readTag(window, offset, encoding.littleEndian);
  header.isGuessed = false;
  header.size = 8;
  header.vr = undefined;
  if (!encoding.explicitVr) {
    header.length = view.getUint32(at + 4, encoding.littleEndian);
    return;
  }
  header.vr = vrOfBytes(bytes[at + 4] ?? 0, bytes[at + 5] ?? 0);
  if (header.vr === undefined) guessForm(header, window, offset, encoding.littleEndian);
  else if (hasLongLength(header.vr)) {
    header.size = 12;
    header.length = view.getUint32(at + 8, encoding.littleEndian);
  } else header.length = view.getUint16(at + 6, encoding.littleEndian);
}

/**
 * Finds the form of a header without a VR that is known. New VRs have 32-bit lengths (PS3.5 section 6.2), but
 * writers also leave blanks, or slip into implicit encoding: the form after which the next header makes sense
 * is taken.
 */
function guessForm(
  header: ElementHeader,
  window: SourceWindow,
  offset: number,
  littleEndian: boolean,
): void {
  const at = offset - window.start;
  const { view, bytes } = window;
  const short = { size: 8, length: view.getUint16(at + 6, littleEndian) };
  const implicit = { size: 8, length: view.getUint32(at + 4, littleEndian) };
  const long =
    short.length === 0 && at + 12 <= bytes.byteLength
      ? { size: 12, length: view.getUint32(at + 8, littleEndian) }
      : undefined;
  const isNamed = areCapitals(bytes[at + 4] ?? 0, bytes[at + 5] ?? 0);
  const forms = isNamed ? [long, short] : [implicit, short, long];
  const fitting = forms
    .filter((form) => form !== undefined)
    .filter((form) => {
      const end = offset + form.size + form.length;
      return end <= (window.sourceEnd ?? Number.POSITIVE_INFINITY);
    });
  const best =
    fitting.find((form) =>
      isFollowedByHeader(window, offset + form.size + form.length, header.tag, littleEndian),
    ) ??
    fitting[0] ??
    short;
  header.size = best.size;
  header.length = best.length;
  header.isGuessed = true;
}

function isFollowedByHeader(
  window: SourceWindow,
  offset: number,
  tag: Tag,
  littleEndian: boolean,
): boolean {
  if (offset === window.sourceEnd) return true;
  if (!window.holds(offset, 8)) return false;
  const next = readTag(window, offset, littleEndian);
  if (groupOf(next) === 0xfffe) return true;
  if (next <= tag || elementOf(next) === 0xffff) return false;
  const at = offset - window.start;
  return vrOfBytes(window.bytes[at + 4] ?? 0, window.bytes[at + 5] ?? 0) !== undefined;
}
