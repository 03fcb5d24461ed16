import type { FrameFacts } from "../dicom/frame-locator.ts";
import type { ImagePixel } from "./image-pixel.ts";

type FrameShape = Pick<
  ImagePixel,
  "rows" | "columns" | "samplesPerPixel" | "bitsAllocated" | "photometricInterpretation"
>;

/** Bits of one native frame as its header describes it (PS3.5 section 8.2); frames follow one another without gaps. */
function nativeFrameBits(shape: FrameShape): number {
  const samples = isSubsampled(shape) ? 2 : shape.samplesPerPixel;
  return shape.rows * shape.columns * samples * shape.bitsAllocated;
}

/** Bytes of one native frame as its header describes it, without padding. */
export function nativeFrameBytes(shape: FrameShape): number {
  return Math.ceil(nativeFrameBits(shape) / 8);
}

/** Whether two pixels share their chroma when they are not compressed (PS3.3 C.7.6.3.1.2). */
export function isSubsampled({ photometricInterpretation }: FrameShape): boolean {
  return (
    photometricInterpretation === "YBR_FULL_422" || photometricInterpretation === "YBR_PARTIAL_422"
  );
}

/** Bytes of one native frame in which every pixel has all its samples, whatever the header says of chroma. */
export function unsubsampledFrameBytes(shape: FrameShape): number {
  return Math.ceil((shape.rows * shape.columns * shape.samplesPerPixel * shape.bitsAllocated) / 8);
}

/** What the frames of an instance are located by. */
export function frameFacts(imagePixel: ImagePixel): FrameFacts {
  const { numberOfFrames } = imagePixel;
  const bitsPerFrame = nativeFrameBits(imagePixel);
  if (!isSubsampled(imagePixel)) return { numberOfFrames, bitsPerFrame };
  return {
    numberOfFrames,
    bitsPerFrame,
    unsubsampledBitsPerFrame: 8 * unsubsampledFrameBytes(imagePixel),
  };
}
