import { transferSyntaxOf } from "#core/dicom/transfer-syntax.ts";
import { CODEC_TABLE } from "../codec-table.ts";

/** Reference of one frame: SHA-256 of its samples (see `referenceBytes`). */
export interface FrameReference {
  /** From 1. */
  readonly frame: number;
  readonly sha256: string;
  readonly min: number;
  readonly max: number;
  readonly mean: number;
}

/** Samples of frame 1, or of a rectangle of it, that a decoder may differ from by a little. */
export interface ToleranceReference {
  readonly maxAbs: number;
  /** Where this is given, it decides in the place of `maxAbs`. */
  readonly meanAbs: number | undefined;
  readonly file: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly samples: number;
  readonly dtype: string;
  /** Means of 8 x 8 blocks of the frame, per sample of a pixel where it is colour. */
  readonly blockMeans: readonly number[];
}

/** One file of the conformance corpus, as far as decoding is concerned. */
export interface CorpusEntry {
  readonly file: string;
  readonly transferSyntaxUid: string | undefined;
  readonly expected: "decode" | "no-pixels" | "error";
  readonly alsoAcceptable: string | undefined;
  readonly frames: readonly FrameReference[];
  readonly tolerance: ToleranceReference | undefined;
  /** Whether the transfer syntax has no lossless form. */
  readonly isAlwaysLossy: boolean;
}

/** The DICOM files of a manifest, or its bare codestreams. @throws TypeError for anything else. */
export function readManifest(
  manifest: unknown,
  kind: "files" | "codestreams" = "files",
): readonly CorpusEntry[] {
  return list(field(manifest, "files"))
    .map(readEntry)
    .filter(({ file }) => file.startsWith("codestreams/") === (kind === "codestreams"));
}

/** Why the pixels of a file cannot be decoded, however good it is; undefined where they must show. */
export function reasonNotToDecode(
  { transferSyntaxUid }: CorpusEntry,
  { hasPlatformImages }: { readonly hasPlatformImages: boolean },
): string | undefined {
  if (transferSyntaxUid === undefined) return undefined;
  const syntax = transferSyntaxOf(transferSyntaxUid);
  if (syntax === undefined) return "unknown transfer syntax";
  const decoding = CODEC_TABLE[syntax.frameEncoding];
  if (decoding.kind === "not-yet") return decoding.because;
  const isPlatformOnly = decoding.kind === "adapter" && decoding.isPlatformOnly === true;
  return isPlatformOnly && !hasPlatformImages ? "is decoded by browsers only" : undefined;
}

function readEntry(entry: unknown): CorpusEntry {
  const reference = field(entry, "reference");
  const expected = field(entry, "expected");
  if (expected !== "decode" && expected !== "no-pixels" && expected !== "error")
    throw new TypeError("The manifest expects something unknown");
  const transferSyntaxUid = text(field(entry, "transferSyntaxUID"));
  return {
    file: text(field(entry, "file")) ?? "",
    transferSyntaxUid,
    isAlwaysLossy: transferSyntaxOf(transferSyntaxUid ?? "")?.loss === "always",
    expected,
    alsoAcceptable: text(field(entry, "alsoAcceptable")),
    frames: list(field(reference, "frames")).map((frame) => ({
      frame: number(field(frame, "frame")),
      sha256: text(field(frame, "sha256")) ?? "",
      min: number(field(frame, "min")),
      max: number(field(frame, "max")),
      mean: number(field(frame, "mean")),
    })),
    tolerance: readTolerance(reference),
  };
}

function readTolerance(reference: unknown): ToleranceReference | undefined {
  const tolerance = field(reference, "tolerance");
  const raw = field(reference, "raw");
  if (tolerance === undefined || raw === undefined) return undefined;
  return {
    maxAbs: number(field(tolerance, "maxAbs")),
    meanAbs: optionalNumber(field(tolerance, "meanAbs")),
    file: text(field(raw, "file")) ?? "",
    x: number(field(raw, "x")),
    y: number(field(raw, "y")),
    width: number(field(raw, "width")),
    height: number(field(raw, "height")),
    samples: number(field(raw, "samples")),
    dtype: text(field(raw, "dtype")) ?? "",
    blockMeans: list(field(reference, "blockMeans8x8")).flat().map(number),
  };
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function optionalNumber(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}

function number(value: unknown): number {
  if (typeof value !== "number")
    throw new TypeError("The manifest has no number where it needs one");
  return value;
}
