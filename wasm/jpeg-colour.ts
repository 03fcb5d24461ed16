import type { ImagePixel } from "#core/pixels/image-pixel.ts";
import type { JpegHeader } from "./jpeg-header.ts";

/** Identifiers of components that say that they are what their letters stand for. */
const RGB = [..."RGB"].map((letter) => letter.charCodeAt(0));

/**
 * Whether the components are YCbCr, which the decoder is to turn into RGB. DICOM says it in Photometric Interpretation,
 * which prevails unless it says RGB of a stream that marks itself otherwise. Where it leaves that open, the stream is
 * read as libjpeg does: by JFIF, Adobe's marker and the identifiers of the components.
 */
export function isYcbcr(header: JpegHeader, imagePixel: ImagePixel): boolean {
  if (header.components !== 3) return false;
  const isMarked = header.hasJfif || header.adobeTransform !== undefined;
  switch (imagePixel.photometricInterpretation) {
    case "YBR_FULL":
    case "YBR_FULL_422":
    case "YBR_PARTIAL_420":
      return true;
    case "RGB":
      return isMarked && isYcbcrByItself(header);
    default:
      return isYcbcrByItself(header);
  }
}

function isYcbcrByItself({ hasJfif, adobeTransform, componentIds }: JpegHeader): boolean {
  if (hasJfif) return true;
  if (adobeTransform !== undefined) return adobeTransform !== 0;
  return !RGB.every((id, index) => id === componentIds[index]);
}
