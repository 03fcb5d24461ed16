import type { Deviation } from "#core/dicom/deviation.ts";
import { DicomError } from "#core/dicom/dicom-error.ts";
import type { ImagePixel } from "#core/pixels/image-pixel.ts";

/** What a compressed frame says about itself, read before anything is decoded. */
export interface CodestreamHeader {
  readonly rows: number;
  readonly columns: number;
  readonly components: number;
  /** Bits of a sample. */
  readonly bitDepth: number;
  readonly isSigned: boolean;
}

/** A decoded frame may take so many bytes; more is refused before memory is taken. */
const MAXIMUM_FRAME_BYTES = 256 * 1024 * 1024;

/**
 * Checks that a frame is the image that its DICOM header describes, and small enough. What may differ is given as
 * deviations: samples are then as deep as the codestream says.
 * @throws DicomError `codec-failure` for another size or number of components, `limit-exceeded`.
 */
export function checkAgainstHeader(
  header: CodestreamHeader,
  imagePixel: ImagePixel,
): readonly Deviation[] {
  const { rows, columns, samplesPerPixel } = imagePixel;
  if (header.rows !== rows || header.columns !== columns || header.components !== samplesPerPixel)
    throw new DicomError(
      "codec-failure",
      `The encoded frame has ${matrix(header.rows, header.columns, header.components)}, ` +
        `its header says ${matrix(rows, columns, samplesPerPixel)}`,
    );
  checkFrameSize(imagePixel, header.bitDepth > 8 ? 2 : 1);
  return depthDeviations(header, imagePixel);
}

/** @throws DicomError `limit-exceeded` when the decoded frame would take too much memory. */
export function checkFrameSize(imagePixel: ImagePixel, bytesPerSample: number): void {
  const { rows, columns, samplesPerPixel } = imagePixel;
  const bytes = rows * columns * samplesPerPixel * bytesPerSample;
  if (bytes > MAXIMUM_FRAME_BYTES)
    throw new DicomError("limit-exceeded", `The decoded frame would take ${bytes} bytes`);
}

function depthDeviations(header: CodestreamHeader, imagePixel: ImagePixel): readonly Deviation[] {
  const deviations: Deviation[] = [];
  if (header.bitDepth !== imagePixel.bitsStored)
    deviations.push({
      code: "bits-stored-mismatch",
      message: `The encoded frame has ${header.bitDepth} bits per sample, the header says ${imagePixel.bitsStored}.`,
    });
  if (header.isSigned !== (imagePixel.pixelRepresentation === 1))
    deviations.push({
      code: "sign-mismatch",
      message: `The encoded frame is ${header.isSigned ? "signed" : "unsigned"}, the header says otherwise.`,
    });
  return deviations;
}

function matrix(rows: number, columns: number, components: number): string {
  return `${rows} rows, ${columns} columns and ${components} samples per pixel`;
}
