/**
 * What a length on an image is measured in, and how that is known (PS3.3 10.7.1): in the patient, at the detector,
 * corrected by the estimated magnification, calibrated by a fiducial, in a calibrated ultrasound region, or not known.
 */
export type LengthUnit =
  | "mm"
  | "mm (detector)"
  | "mm (ERMF)"
  | "mm (fiducial)"
  | "mm (US region)"
  | "px";

/** Values of the attributes that speak of pixel size, each row first; empty where an attribute is missing. */
export interface SpacingAttributes {
  readonly pixelSpacing: readonly number[];
  readonly imagerPixelSpacing: readonly number[];
  readonly nominalScannedPixelSpacing: readonly number[];
  readonly pixelAspectRatio: readonly number[];
  /** Pixel Spacing Calibration Type: GEOMETRY or FIDUCIAL. */
  readonly calibrationType?: string | undefined;
  /** Estimated Radiographic Magnification Factor (0018,1114). */
  readonly estimatedMagnification?: number | undefined;
  /** Whether the image is a projection (DX, CR, MG, XA ...), whose Pixel Spacing may be that of the detector. */
  readonly isProjection: boolean;
}

/** The size of a pixel with its provenance. Without a size, rowSpacing and columnSpacing are in pixels (1 = one column). */
export interface PixelSize {
  readonly rowSpacing: number;
  readonly columnSpacing: number;
  readonly unit: LengthUnit;
}

/**
 * The size of a pixel: Pixel Spacing, Imager Pixel Spacing, Nominal Scanned Pixel Spacing, Pixel Aspect Ratio, in this
 * order (safety C15, C16). Never millimetres by guess:
 *
 * - Pixel Spacing of a projection counts as calibrated only with a calibration type, or when it differs from Imager
 *   Pixel Spacing; equal to it, it is the detector's; with neither a type nor Imager Pixel Spacing, whether it was
 *   corrected cannot be determined, and the least claim is made (PS3.3 10.7.1.1).
 * - Imager Pixel Spacing is divided by the Estimated Radiographic Magnification Factor where there is one.
 */
export function pixelSize(attributes: SpacingAttributes): PixelSize {
  const spacing = pair(attributes.pixelSpacing);
  const imager = pair(attributes.imagerPixelSpacing);
  if (spacing !== undefined) return { ...spacing, unit: spacingUnit(attributes, spacing, imager) };
  if (imager !== undefined) return magnified(imager, attributes.estimatedMagnification);
  const scanned = pair(attributes.nominalScannedPixelSpacing);
  if (scanned !== undefined) return { ...scanned, unit: "mm (detector)" };
  const ratio = pair(attributes.pixelAspectRatio);
  // Pixel Aspect Ratio is vertical size \ horizontal size (PS3.3 C.7.6.3.1.7).
  const rowSpacing = ratio === undefined ? 1 : ratio.rowSpacing / ratio.columnSpacing;
  return { rowSpacing, columnSpacing: 1, unit: "px" };
}

/** Height over width of a pixel, for the picture to have its true shape (safety C15). */
export function pixelAspect(size: PixelSize): number {
  return size.rowSpacing / size.columnSpacing;
}

interface Spacing {
  readonly rowSpacing: number;
  readonly columnSpacing: number;
}

function spacingUnit(
  attributes: SpacingAttributes,
  spacing: Spacing,
  imager: Spacing | undefined,
): LengthUnit {
  if (attributes.calibrationType === "FIDUCIAL") return "mm (fiducial)";
  if (attributes.calibrationType === "GEOMETRY") return "mm (ERMF)";
  if (!attributes.isProjection) return "mm";
  const isDetector = imager === undefined || isSame(spacing, imager);
  return isDetector ? "mm (detector)" : "mm (ERMF)";
}

function magnified(imager: Spacing, magnification: number | undefined): PixelSize {
  if (magnification === undefined || !(magnification > 0))
    return { ...imager, unit: "mm (detector)" };
  return {
    rowSpacing: imager.rowSpacing / magnification,
    columnSpacing: imager.columnSpacing / magnification,
    unit: "mm (ERMF)",
  };
}

function pair(values: readonly number[]): Spacing | undefined {
  const [rowSpacing, columnSpacing = rowSpacing] = values;
  if (rowSpacing === undefined || columnSpacing === undefined) return undefined;
  return rowSpacing > 0 && columnSpacing > 0 ? { rowSpacing, columnSpacing } : undefined;
}

function isSame(a: Spacing, b: Spacing): boolean {
  const isNear = (x: number, y: number): boolean => Math.abs(x - y) <= 1e-4 * Math.max(x, y);
  return isNear(a.rowSpacing, b.rowSpacing) && isNear(a.columnSpacing, b.columnSpacing);
}
