import type { Deviation } from "../dicom/deviation.ts";
import type { DecodedFrame, SampleMeaning, Samples } from "./decoded-frame.ts";
import type { EmbeddedOverlay } from "./embedded-overlay.ts";
import type { ImagePixel } from "./image-pixel.ts";
import { type SampleRange, sampleRange } from "./sample-range.ts";

/** What a decoder says about the samples that it gave. */
export interface SampleFacts {
  readonly bitsStored: number;
  readonly isSigned: boolean;
  readonly decoder: string;
  readonly fidelity: "exact" | "lossy";
  readonly deviations: readonly Deviation[];
  readonly embeddedOverlays?: readonly EmbeddedOverlay[];
  /** Range of monochrome samples without padding, where the decoder has found it. */
  readonly range?: SampleRange;
}

/** The decoded frame of samples that are stored values already, colour as RGB. Takes `samples` over. */
export function frameFromSamples(
  samples: Samples,
  imagePixel: ImagePixel,
  { range: known, ...facts }: SampleFacts,
): DecodedFrame {
  const meaning = meaningOf(imagePixel);
  const padding = meaning === "monochrome" ? imagePixel.pixelPadding : undefined;
  const range =
    meaning === "rgb"
      ? { minimum: 0, maximum: 2 ** facts.bitsStored - 1 }
      : (known ?? sampleRange(samples, padding));
  return {
    rows: imagePixel.rows,
    columns: imagePixel.columns,
    meaning,
    samples,
    ...facts,
    ...range,
  };
}

/** What samples of this Photometric Interpretation mean once they are decoded. */
function meaningOf(imagePixel: ImagePixel): SampleMeaning {
  if (imagePixel.samplesPerPixel === 3) return "rgb";
  return imagePixel.photometricInterpretation === "PALETTE COLOR" ? "palette" : "monochrome";
}
