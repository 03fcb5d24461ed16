import { DicomError } from "#core/dicom/dicom-error.ts";
import type { PlatformImage } from "../wasm/codec-source.ts";

/**
 * A picture as the browser decodes it, without converting colours; undefined where it does not know the media type.
 * @throws DicomError `codec-failure`.
 */
export async function decodePlatformImage(
  encoded: Uint8Array<ArrayBuffer>,
  mediaType: string,
): Promise<PlatformImage | undefined> {
  if (typeof ImageDecoder === "undefined") return undefined;
  if (!(await ImageDecoder.isTypeSupported(mediaType))) return undefined;
  const decoder = new ImageDecoder({
    data: encoded,
    type: mediaType,
    colorSpaceConversion: "none",
  });
  try {
    const { image } = await decoder.decode();
    try {
      return await pixelsOf(image);
    } finally {
      image.close();
    }
  } catch (cause) {
    if (cause instanceof DicomError) throw cause;
    throw new DicomError("codec-failure", "The browser refused the frame", { cause });
  } finally {
    decoder.close();
  }
}

async function pixelsOf(image: VideoFrame): Promise<PlatformImage> {
  const { format, codedWidth: columns, codedHeight: rows } = image;
  const isKnown = format === "BGRX" || format === "BGRA" || format === "RGBX" || format === "RGBA";
  if (!isKnown) throw new DicomError("codec-failure", `The browser gave pixels as ${format}`);
  const rgb = new Uint8Array(image.allocationSize());
  await image.copyTo(rgb);
  if (format.startsWith("B")) swapRedAndBlue(rgb);
  return { rows, columns, rgb };
}

function swapRedAndBlue(pixels: Uint8Array): void {
  for (let at = 0; at < pixels.length; at += 4) {
    const blue = pixels[at] ?? 0;
    pixels[at] = pixels[at + 2] ?? 0;
    pixels[at + 2] = blue;
  }
}
