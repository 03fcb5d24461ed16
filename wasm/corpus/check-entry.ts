import { bytesSource } from "#core/dicom/byte-source.ts";
import { DicomError } from "#core/dicom/dicom-error.ts";
import type { DicomFile } from "#core/dicom/dicom-file.ts";
import { locateFrames, readFrame } from "#core/dicom/frame-locator.ts";
import { readDicom } from "#core/dicom/part10-reader.ts";
import type { DecodeOutcome } from "#core/pixels/decode-outcome.ts";
import { readImagePixel } from "#core/pixels/image-pixel-reader.ts";
import { frameFacts } from "#core/pixels/native-frame.ts";
import type { EncodedFrame } from "../decode-frame.ts";
import { compareFrame, type ReadCorpusFile } from "./compare-frame.ts";
import type { CorpusEntry } from "./corpus-entry.ts";

/** How many frames of a file were decoded and compared, and what decoded them. */
interface ComparedFrames {
  readonly decoder: string;
  readonly exact: number;
  readonly withinTolerance: number;
}

/** What became of a file of the corpus. */
export type EntryResult =
  | {
      /** `no-reference`: it decodes, and there is nothing to compare with. */
      readonly kind: "exact" | "within-tolerance" | "no-reference";
      readonly frames: ComparedFrames;
    }
  | { readonly kind: "no-pixels" }
  /** A clear error; `stage` says whether the file could be read at all. */
  | {
      readonly kind: "refused";
      readonly stage: "read" | "decode";
      readonly code: string;
      readonly message: string;
    }
  | { readonly kind: "different"; readonly detail: string };

/** Reads a file, decodes the frames that it has references for, and compares them. Any other error rejects. */
export async function checkEntry(
  entry: CorpusEntry,
  readCorpusFile: ReadCorpusFile,
  decode: (frame: EncodedFrame) => Promise<DecodeOutcome>,
): Promise<EntryResult> {
  try {
    const file = await readDicom(bytesSource(await readCorpusFile(entry.file)));
    if (file.pixelData.kind === "none") return { kind: "no-pixels" };
    return await checkFrames(file, entry, readCorpusFile, decode);
  } catch (error) {
    if (!(error instanceof DicomError)) throw error;
    return { kind: "refused", stage: "read", code: error.code, message: error.message };
  }
}

async function checkFrames(
  file: DicomFile,
  entry: CorpusEntry,
  readCorpusFile: ReadCorpusFile,
  decode: (frame: EncodedFrame) => Promise<DecodeOutcome>,
): Promise<EntryResult> {
  const imagePixel = readImagePixel(file.dataSet);
  const index = await locateFrames(file, frameFacts(imagePixel));
  const references = entry.frames.length === 0 ? [undefined] : entry.frames;
  let frames: ComparedFrames = { decoder: "", exact: 0, withinTolerance: 0 };
  for (const reference of references) {
    const encoded = await readFrame(file, index, (reference?.frame ?? 1) - 1);
    const { transferSyntaxUid } = file;
    const outcome = await decode({ encoded: encoded.slice(), transferSyntaxUid, imagePixel });
    if (!outcome.ok) return { kind: "refused", stage: "decode", ...outcome.error };
    frames = { ...frames, decoder: outcome.frame.decoder };
    if (reference === undefined) continue;
    const bits = imagePixel.bitsAllocated;
    const compared = await compareFrame(outcome.frame, bits, reference, entry, readCorpusFile);
    if (compared.kind === "different")
      return { kind: "different", detail: `frame ${reference.frame}: ${compared.detail}` };
    frames = count(frames, compared.kind);
  }
  if (entry.frames.length === 0) return { kind: "no-reference", frames };
  return { kind: frames.withinTolerance > 0 ? "within-tolerance" : "exact", frames };
}

function count(frames: ComparedFrames, kind: "exact" | "within-tolerance"): ComparedFrames {
  return kind === "exact"
    ? { ...frames, exact: frames.exact + 1 }
    : { ...frames, withinTolerance: frames.withinTolerance + 1 };
}
