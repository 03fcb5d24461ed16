import { msg, str } from "@lit/localize";
import { transferSyntaxOf } from "#core/dicom/transfer-syntax.ts";
import type { ImagePixel } from "#core/pixels/image-pixel.ts";
import type { Shown } from "../../viewer/shown-frame.ts";
import { fidelityText } from "../annotations/fidelity-text.ts";
import { contradictsHeader, lacksEnd } from "../viewport/header-contradiction.ts";

type ImageShown = Extract<Shown, { readonly kind: "image" }>;

/** How the shown samples came to be and how far they can be relied on, in words (safety C8, C12). */
export interface ExactnessRecord {
  /** `exact · JPEG 2000 lossless`, `lossy · JPEG`, `preview`. */
  readonly verdict: string;
  readonly isExact: boolean;
  readonly facts: readonly (readonly [name: string, value: string])[];
  /** What departs from the header or from the promise of exactness, one sentence each. */
  readonly remarks: readonly string[];
}

/** @param isPreview whether the pixels on the screen are not those of the image itself. */
export function exactnessRecord(shown: ImageShown, isPreview: boolean): ExactnessRecord {
  const { summary, reference, description } = shown;
  const { transferSyntaxUid, image } = reference.instance;
  const header = image.kind === "image" ? image.imagePixel : undefined;
  const earlierLoss = description.facts.lossy?.label;
  const isUnproven = lacksEnd(summary);
  const isExact =
    !isPreview && summary.fidelity === "exact" && earlierLoss === undefined && !isUnproven;
  const encoding = fidelityText(summary.fidelity, !isExact, transferSyntaxUid);
  return {
    verdict: isExact ? encoding : verdict(isPreview, summary.fidelity, encoding),
    isExact,
    facts: [
      [msg("Transfer syntax"), syntaxText(transferSyntaxUid)],
      [msg("Decoded by"), summary.decoder],
      [msg("Samples"), samplesText(summary, header)],
    ],
    remarks: [
      ...(isPreview
        ? [msg("The pixels on the screen are a preview, not those of the image.")]
        : []),
      ...(summary.fidelity === "lossy" ? [LOSSY()] : []),
      ...(earlierLoss === undefined
        ? []
        : [msg(str`The header says that the image was compressed with loss: ${earlierLoss}.`)]),
      ...summary.deviations.map(({ message }) => message),
      ...(contradictsHeader(summary, header)
        ? [msg("The samples are not what the header promises; the codestream was believed.")]
        : []),
    ],
  };
}

const LOSSY = (): string =>
  msg("The encoder changed the values. Another decoder may differ from this one by rounding.");

function verdict(isPreview: boolean, fidelity: "exact" | "lossy", encoding: string): string {
  if (isPreview) return msg("preview");
  const word = fidelity === "lossy" ? msg("lossy") : msg("as stored");
  return encoding === "" ? word : `${word} · ${encoding}`;
}

function syntaxText(uid: string | undefined): string {
  if (uid === undefined) return msg("not said by the archive");
  const name = transferSyntaxOf(uid)?.name;
  return name === undefined ? uid : `${name} (${uid})`;
}

/** `512 × 512 · 12 bits signed of 16 allocated · grey`. */
function samplesText(summary: ImageShown["summary"], header: ImagePixel | undefined): string {
  const { columns, rows, bitsStored, isSigned } = summary;
  const bits = isSigned ? msg(str`${bitsStored} bits signed`) : msg(str`${bitsStored} bits`);
  const stored =
    header === undefined ? bits : msg(str`${bits}, ${header.bitsAllocated} bits allocated`);
  return [`${columns} × ${rows}`, stored, meaningText(summary.meaning)].join(" · ");
}

function meaningText(meaning: ImageShown["summary"]["meaning"]): string {
  switch (meaning) {
    case "monochrome":
      return msg("grey");
    case "palette":
      return msg("places in a palette");
    case "rgb":
      return msg("colour as RGB");
  }
}
