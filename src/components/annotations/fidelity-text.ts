import { msg, str } from "@lit/localize";
import { type FrameEncoding, transferSyntaxOf } from "#core/dicom/transfer-syntax.ts";

/**
 * What the shown samples are: `exact · JPEG 2000 lossless`. Without `exact` when this or an earlier encoder changed
 * them, or nothing proves that they are whole: beside such a mark the word would be misread.
 */
export function fidelityText(
  fidelity: "exact" | "lossy",
  isInDoubt: boolean,
  transferSyntaxUid: string | undefined,
): string {
  const encoding = encodingText(fidelity, transferSyntaxUid);
  if (isInDoubt) return encoding;
  return encoding === "" ? msg("exact") : msg(str`exact · ${encoding}`);
}

/** The name of a lossy encoding, for the mark of an image whose header does not admit the loss. */
export function lossyMark(transferSyntaxUid: string | undefined): string {
  const encoding = encodingText("lossy", transferSyntaxUid);
  return encoding === "" ? "LOSSY" : `LOSSY (${encoding})`;
}

function encodingText(fidelity: "exact" | "lossy", uid: string | undefined): string {
  const encoding = uid === undefined ? undefined : transferSyntaxOf(uid)?.frameEncoding;
  if (encoding === undefined) return "";
  const canBoth = encoding === "jpeg-2000" || encoding === "htj2k" || encoding === "jpeg-xl";
  const name = NAMES[encoding]();
  return canBoth && fidelity === "exact" ? msg(str`${name} lossless`) : name;
}

const NAMES: Readonly<Record<FrameEncoding, () => string>> = {
  native: () => msg("uncompressed"),
  rle: () => "RLE",
  "jpeg-baseline": () => "JPEG",
  "jpeg-extended": () => "JPEG",
  "jpeg-lossless": () => msg("JPEG lossless"),
  "jpeg-ls": () => "JPEG-LS",
  "jpeg-2000": () => "JPEG 2000",
  htj2k: () => "HTJ2K",
  "jpeg-xl": () => "JPEG XL",
  video: () => msg("video"),
  "deflated-frame": () => msg("deflated"),
  reference: () => "",
};
