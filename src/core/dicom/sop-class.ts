/** What kind of object a SOP class makes, as far as who shows it is concerned: whether it is an image is said by its pixels. */
export type ObjectKind =
  | "document"
  | "report"
  | "key-objects"
  | "presentation-state"
  | "waveform"
  | "other";

/** Root of the storage SOP classes (PS3.4 table B.5-1). */
const STORAGE = "1.2.840.10008.5.1.4.1.1.";

/** The objects that something other than a viewport shows, by the part of the UID after the root; the first match counts. */
const SHOWN_OTHERWISE: readonly (readonly [ObjectKind, RegExp])[] = [
  ["key-objects", /^88\.59$/],
  // Spectacle prescriptions and macular grid reports are structured reports under other numbers.
  ["report", /^(88\.\d+|78\.6|79\.1)$/],
  ["presentation-state", /^(11|9\.100)\.\d+$/],
  ["waveform", /^9\.\d/],
  ["document", /^104\./],
];

/**
 * What kind of object instances of the SOP class are, by the ranges in which the standard numbers them, so that a new
 * report is a report; `other` for everything else, images among it.
 */
export function objectKindOf(sopClassUid: string): ObjectKind {
  if (!sopClassUid.startsWith(STORAGE)) return "other";
  const suffix = sopClassUid.slice(STORAGE.length);
  return SHOWN_OTHERWISE.find(([, pattern]) => pattern.test(suffix))?.[0] ?? "other";
}
