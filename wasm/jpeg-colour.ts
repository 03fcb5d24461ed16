import type { ImagePixel } from "#core/pixels/image-pixel.ts";
import type { JpegHeader } from "./jpeg-header.ts";

const APP0 = 0xe0;
const APP14 = 0xee;

/**
 * Which colour transform the decoder is to undo: 1 YCbCr, 0 none, undefined where its own guess stands. The decoder
 * guesses from JFIF, Adobe and component numbers; DICOM says it in Photometric Interpretation, which prevails unless
 * it says RGB of a stream that marks itself otherwise.
 */
export function colourTransform(header: JpegHeader, imagePixel: ImagePixel): 0 | 1 | undefined {
  if (header.components !== 3) return undefined;
  switch (imagePixel.photometricInterpretation) {
    case "YBR_FULL":
    case "YBR_FULL_422":
    case "YBR_PARTIAL_420":
      return 1;
    case "RGB":
      return header.hasJfif || header.adobeTransform !== undefined ? undefined : 0;
    default:
      return undefined;
  }
}

/**
 * The JPEG, up to its end marker, with the colour transform said as the decoder understands it: APP0 and APP14 left
 * out, and an Adobe APP14 put after SOI.
 */
export function withColourTransform(
  encoded: Uint8Array<ArrayBuffer>,
  header: JpegHeader,
  transform: 0 | 1 | undefined,
): Uint8Array<ArrayBuffer> {
  if (transform === undefined) return encoded.subarray(0, header.end);
  const kept = header.segments
    .filter(({ marker }) => marker !== APP0 && marker !== APP14)
    .map(({ start, end }) => encoded.subarray(start, end));
  const scanStart = header.segments.at(-1)?.end ?? header.end;
  const soi = encoded.subarray(0, 2);
  const parts = [soi, adobeSegment(transform), ...kept, encoded.subarray(scanStart, header.end)];
  const rewritten = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    rewritten.set(part, at);
    at += part.length;
  }
  return rewritten;
}

function adobeSegment(transform: 0 | 1): Uint8Array<ArrayBuffer> {
  const adobe = [..."Adobe"].map((letter) => letter.charCodeAt(0));
  return new Uint8Array([0xff, APP14, 0, 14, ...adobe, 0, 100, 0, 0, 0, 0, transform]);
}
