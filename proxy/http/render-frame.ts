import { displayPipeline, readDisplayAttributes } from "#core/pixels/display-pipeline.ts";
import { readImagePixel } from "#core/pixels/image-pixel-reader.ts";
import { renderPixels } from "#core/pixels/render-pixels.ts";
import { frameDataSet } from "#core/study/frame-attributes.ts";
import { encodeJpeg } from "../decode/encoders/jpeg-encoder.ts";
import { type InstanceSelector, SourceError } from "../sources/source.ts";
import { canDecode, decodeStoredFrame, undecodable } from "./decode-stored-frame.ts";
import type { DicomwebContext } from "./dicomweb-request.ts";
import { encodePng, type Picture } from "./encode-png.ts";
import type { RenderedParameters, Viewport } from "./rendered-parameters.ts";
import { cropPicture, scalePicture } from "./scale-picture.ts";

/** Media types of rendered images. */
export type RenderedType = "image/jpeg" | "image/png";

/** A frame as a person sees it, through the same pipeline as in the viewer. */
export async function renderFrame(
  selector: InstanceSelector,
  frameNumber: number,
  parameters: Pick<RenderedParameters, "window" | "viewport">,
  context: DicomwebContext,
  signal: AbortSignal,
): Promise<Picture> {
  const { source, decoder } = context;
  for await (const { dataSet, transferSyntaxUid } of source.metadata(selector, signal)) {
    if (!canDecode(transferSyntaxUid)) throw undecodable(transferSyntaxUid);
    const imagePixel = readImagePixel(dataSet);
    const attributes = readDisplayAttributes(
      frameDataSet({ dataSet }, frameNumber - 1),
      imagePixel,
    );
    for await (const stored of source.frames(selector, [frameNumber], signal)) {
      const frame = await decodeStoredFrame(stored, imagePixel, decoder, signal);
      const rgba = renderPixels(
        frame,
        displayPipeline(attributes, frame, { voi: parameters.window }),
      );
      const picture = pictureOf(rgba, frame.columns, frame.rows, frame.meaning !== "monochrome");
      return parameters.viewport === undefined ? picture : fitted(picture, parameters.viewport);
    }
  }
  throw new SourceError("not-found", "The archive has no such frame");
}

/** The picture in a media type. `quality` is 1 to 100 and for JPEG only. */
export async function encodePicture(
  picture: Picture,
  type: RenderedType,
  quality: number,
): Promise<Uint8Array> {
  if (type === "image/png") return await encodePng(picture);
  const { width, height, samplesPerPixel, samples } = picture;
  return await encodeJpeg(samples, { rows: height, columns: width, samplesPerPixel }, quality);
}

function pictureOf(
  rgba: Uint8ClampedArray,
  width: number,
  height: number,
  isColour: boolean,
): Picture {
  const samplesPerPixel = isColour ? 3 : 1;
  const samples = new Uint8Array(width * height * samplesPerPixel);
  for (let from = 0, to = 0; from < rgba.length; from += 4) {
    for (let sample = 0; sample < samplesPerPixel; sample += 1, to += 1) {
      samples[to] = rgba[from + sample] ?? 0;
    }
  }
  return { width, height, samplesPerPixel, samples };
}

/** As large as fits into the viewport, without distortion. */
function fitted(picture: Picture, viewport: Viewport): Picture {
  const whole = { x: 0, y: 0, width: picture.width, height: picture.height };
  const shown =
    viewport.region === undefined
      ? picture
      : cropPicture(picture, { ...whole, ...viewport.region });
  const scale = Math.min(viewport.width / shown.width, viewport.height / shown.height);
  const width = Math.max(1, Math.round(shown.width * scale));
  const height = Math.max(1, Math.round(shown.height * scale));
  if (width === shown.width && height === shown.height) return shown;
  return scalePicture(shown, width, height);
}
