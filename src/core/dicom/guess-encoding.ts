import { type ElementEncoding, UNDEFINED_LENGTH } from "./element-header.ts";
import type { SourceWindow } from "./source-window.ts";
import { vrOfBytes } from "./vr-code.ts";

/**
 * How the elements at an offset are encoded, by the look of the first one; undefined when it looks like none.
 * Groups at the start of a data set are below 0x100, which shows the byte order.
 */
export function guessEncoding(window: SourceWindow, offset: number): ElementEncoding | undefined {
  if (!window.holds(offset, 8)) return undefined;
  const at = offset - window.start;
  const { view, bytes } = window;
  const littleEndian = view.getUint16(at, true) < 0x100 || view.getUint16(at, false) >= 0x100;
  if (vrOfBytes(bytes[at + 4] ?? 0, bytes[at + 5] ?? 0) !== undefined)
    return { explicitVr: true, littleEndian };
  const length = view.getUint32(at + 4, true);
  const end = offset + 8 + length;
  const fits = length === UNDEFINED_LENGTH || end <= (window.sourceEnd ?? window.end);
  return littleEndian && fits ? { explicitVr: false, littleEndian } : undefined;
}

/** Whether a file may begin with the element at an offset: of the groups that come first, and well-formed. */
export function looksLikeStart(window: SourceWindow, offset: number): boolean {
  const encoding = guessEncoding(window, offset);
  if (encoding === undefined) return false;
  const group = window.view.getUint16(offset - window.start, encoding.littleEndian);
  const element = window.view.getUint16(offset - window.start + 2, encoding.littleEndian);
  const isFirstGroup = group === 0x0002 || group === 0x0004 || group === 0x0008;
  return isFirstGroup && (encoding.explicitVr || element <= 0x1155);
}
