import type { DecodedFrame } from "#core/pixels/decoded-frame.ts";
import type { ImagePixel } from "#core/pixels/image-pixel.ts";

const ALWAYS: ReadonlySet<string> = new Set(["sign-mismatch", "colour-transform-mismatch"]);

/**
 * Whether the stream of the frame ended without its end mark. Its parts were all there, but nothing proves that they
 * are whole, so that it is not to be called exact.
 */
export function lacksEnd({ deviations }: Pick<DecodedFrame, "deviations">): boolean {
  return deviations.some(({ code }) => code === "no-end-marker");
}

/**
 * Whether the samples are others than the header promises (safety C12): of another sign or colour, of fewer bits, or
 * beyond its range. An encoder that wrote 12 bits into a codestream of 16 contradicts nothing as long as they are 12.
 */
export function contradictsHeader(
  frame: Pick<DecodedFrame, "deviations" | "bitsStored" | "minimum" | "maximum">,
  header: Pick<ImagePixel, "bitsStored" | "pixelRepresentation"> | undefined,
): boolean {
  const codes = frame.deviations.map(({ code }) => code);
  if (codes.some((code) => ALWAYS.has(code))) return true;
  if (!codes.includes("bits-stored-mismatch")) return false;
  if (header === undefined) return true;
  if (frame.bitsStored < header.bitsStored) return true;
  const isSigned = header.pixelRepresentation === 1;
  const span = 2 ** header.bitsStored;
  const lowest = isSigned ? -span / 2 : 0;
  return frame.minimum < lowest || frame.maximum > lowest + span - 1;
}
