import type { DataSet } from "#core/dicom/data-set.ts";
import { type FrameExtras, readDisplayExtras } from "#core/pixels/display-extras.ts";
import { readDisplayAttributes } from "#core/pixels/display-pipeline.ts";
import { hasDisplayExtras } from "#core/pixels/has-display-extras.ts";
import type { ImagePixel } from "#core/pixels/image-pixel.ts";
import { readImagePixel } from "#core/pixels/image-pixel-reader.ts";
import { displayAspect } from "#core/study/display-aspect.ts";
import { frameDataSet } from "#core/study/frame-attributes.ts";
import { readImageFacts } from "#core/study/image-facts.ts";
import type { RenderedType } from "../decode/rendering/render-picture.ts";
import { type InstanceSelector, SourceError } from "../sources/source.ts";
import { canDecode, renderStoredFrame, undecodable } from "./decode-stored-frame.ts";
import type { DicomwebContext } from "./dicomweb-request.ts";
import { withDisplayValues } from "./display-values.ts";
import type { RenderedParameters } from "./rendered-parameters.ts";

/** An encoded picture, and sentences about what is not as it was meant. */
export interface RenderedFrame {
  readonly picture: Uint8Array;
  readonly warnings: readonly string[];
}

/** A frame as a person sees it, through the same pipeline as in the viewer: overlays, shutters and colours included. */
export async function renderFrame(
  selector: InstanceSelector,
  frameNumber: number,
  parameters: RenderedParameters,
  type: RenderedType,
  context: DicomwebContext,
  signal: AbortSignal,
): Promise<RenderedFrame> {
  const { source, decoder } = context;
  for await (const { dataSet, transferSyntaxUid } of source.metadata(selector, signal)) {
    if (!canDecode(transferSyntaxUid)) throw undecodable(transferSyntaxUid);
    const whole = await withDisplayValues(dataSet, selector, source, signal);
    const described = frameDataSet({ dataSet: whole }, frameNumber - 1);
    const imagePixel = readImagePixel(whole);
    const extras = extrasOf(described, imagePixel, frameNumber - 1);
    const request = {
      attributes: readDisplayAttributes(described, imagePixel),
      extras,
      pixelAspect: displayAspect(readImageFacts(described)),
      voi: parameters.window,
      viewport: parameters.viewport,
      type,
      quality: parameters.quality,
      hasProfile: parameters.hasProfile,
    };
    for await (const stored of source.frames(selector, [frameNumber], signal)) {
      const picture = await renderStoredFrame(stored, imagePixel, request, decoder, signal);
      return { picture, warnings: warningsOf(extras) };
    }
  }
  throw new SourceError("not-found", "The archive has no such frame");
}

function extrasOf(
  described: DataSet,
  imagePixel: ImagePixel,
  frameIndex: number,
): FrameExtras | undefined {
  if (!hasDisplayExtras(described)) return undefined;
  return readDisplayExtras(described, imagePixel, frameIndex);
}

/** That colours have no profile is usual, and changes nothing for a client. */
function warningsOf(extras: FrameExtras | undefined): readonly string[] {
  return (extras?.notices ?? [])
    .filter(({ code }) => code !== "no-colour-profile")
    .map(({ message }) => message);
}
