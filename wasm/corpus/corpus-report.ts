import { transferSyntaxOf } from "#core/dicom/transfer-syntax.ts";
import type { EntryResult } from "./check-entry.ts";
import type { CorpusEntry } from "./corpus-entry.ts";

/** A file of the corpus and what became of it. */
export interface CheckedEntry {
  readonly entry: CorpusEntry;
  readonly result: EntryResult;
}

/** Frames and files of one transfer syntax. */
interface SyntaxSummary {
  readonly uid: string;
  readonly name: string;
  /** Files that must decode or may; broken ones and such without pixels are left out. */
  files: number;
  framesExact: number;
  framesWithinTolerance: number;
  readonly decoders: string[];
  readonly refused: { readonly file: string; readonly code: string; readonly message: string }[];
  readonly different: { readonly file: string; readonly detail: string }[];
}

/** What a run over the corpus found, as plain data: in counts, by transfer syntax and by file. */
export function corpusReport(realm: "node" | "browser", checked: readonly CheckedEntry[]): object {
  return {
    realm,
    files: checked.length,
    counts: Object.fromEntries(countsOf(checked)),
    transferSyntaxes: summaries(checked),
    entries: checked.map(({ entry: { file, transferSyntaxUid, expected }, result }) => ({
      file,
      transferSyntaxUid,
      expected,
      ...result,
    })),
  };
}

function countsOf(checked: readonly CheckedEntry[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { result } of checked) {
    const kind =
      result.kind === "refused" ? `refused in ${result.stage}: ${result.code}` : result.kind;
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return counts;
}

function summaries(checked: readonly CheckedEntry[]): readonly SyntaxSummary[] {
  const bySyntax = new Map<string, SyntaxSummary>();
  for (const { entry, result } of checked) {
    if (entry.expected !== "decode") continue;
    const uid = entry.transferSyntaxUid ?? "";
    const summary = bySyntax.get(uid) ?? emptySummary(uid);
    bySyntax.set(uid, summary);
    add(summary, entry.file, result);
  }
  return [...bySyntax.values()].sort((a, b) => (a.uid < b.uid ? -1 : 1));
}

function emptySummary(uid: string): SyntaxSummary {
  const name = transferSyntaxOf(uid)?.name ?? "not stated";
  return {
    uid,
    name,
    files: 0,
    framesExact: 0,
    framesWithinTolerance: 0,
    decoders: [],
    refused: [],
    different: [],
  };
}

function add(summary: SyntaxSummary, file: string, result: EntryResult): void {
  summary.files += 1;
  switch (result.kind) {
    case "refused":
      summary.refused.push({ file, code: result.code, message: result.message });
      return;
    case "different":
      summary.different.push({ file, detail: result.detail });
      return;
    case "no-pixels":
      return;
    default: {
      const { decoder, exact, withinTolerance } = result.frames;
      summary.framesExact += exact;
      summary.framesWithinTolerance += withinTolerance;
      if (!summary.decoders.includes(decoder)) summary.decoders.push(decoder);
    }
  }
}
