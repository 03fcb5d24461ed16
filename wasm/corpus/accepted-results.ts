import type { EntryResult } from "./check-entry.ts";
import { type CorpusEntry, reasonNotToDecode } from "./corpus-entry.ts";

/** What is wrong with the result of a file, as a sentence; undefined where it is one of those that its entry accepts. */
export function complaintOf(
  entry: CorpusEntry,
  result: EntryResult,
  realm: { readonly hasPlatformImages: boolean },
): string | undefined {
  if (acceptedKinds(entry, realm).includes(result.kind)) return undefined;
  const detail =
    result.kind === "different"
      ? result.detail
      : result.kind === "refused"
        ? `${result.code}, ${result.message}`
        : "";
  return `${entry.file} is expected to ${entry.expected}, but it is ${result.kind}: ${detail}`;
}

function acceptedKinds(
  entry: CorpusEntry,
  realm: { readonly hasPlatformImages: boolean },
): readonly EntryResult["kind"][] {
  switch (entry.expected) {
    case "decode": {
      if (reasonNotToDecode(entry, realm) !== undefined) return ["refused"];
      const shown: EntryResult["kind"][] =
        entry.tolerance === undefined && !entry.isAlwaysLossy
          ? ["exact"]
          : ["exact", "within-tolerance"];
      return entry.alsoAcceptable === "error" ? [...shown, "refused"] : shown;
    }
    case "no-pixels":
      return ["no-pixels", "refused", "no-reference"];
    case "error":
      return entry.alsoAcceptable === "decode"
        ? ["refused", "no-pixels", "exact", "no-reference"]
        : ["refused", "no-pixels"];
  }
}
