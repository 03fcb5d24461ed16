import type { LengthUnit, PixelSize } from "#core/geometry/pixel-spacing.ts";
import { usRegionSpacingMm } from "#core/geometry/us-region.ts";
import type { ImageFacts } from "#core/study/image-facts.ts";

/** A bar of a round length. */
export interface ScaleBar {
  /** CSS pixels. */
  readonly lengthPixels: number;
  /** Equal parts it is divided into. */
  readonly parts: number;
  /** `5 cm`, `2 mm`. */
  readonly text: string;
  /** What the length is measured in, when it is not plainly the patient: `detector`, `US region`; else empty. */
  readonly provenance: string;
}

/** Round lengths, mm, with a division that reads well. */
const LENGTHS: readonly (readonly [lengthMm: number, parts: number])[] = [
  [500, 5],
  [200, 4],
  [100, 10],
  [50, 5],
  [20, 4],
  [10, 10],
  [5, 5],
  [2, 4],
  [1, 10],
  [0.5, 5],
  [0.2, 4],
  [0.1, 10],
];

/**
 * The longest bar that fits the room; undefined where nobody knows the size of a pixel (safety C16: never
 * millimetres by guess), and for ultrasound with more than one calibrated region, whose scales differ.
 *
 * @param step what lies along the vertical of the screen, and CSS pixels from one of them to the next.
 */
export function verticalScaleBar(
  facts: Pick<ImageFacts, "pixelSize" | "usRegions">,
  step: { readonly along: "rows" | "columns"; readonly pixels: number },
  roomPixels: number,
): ScaleBar | undefined {
  const size = sizeOf(facts);
  if (size === undefined) return undefined;
  const perMm = step.pixels / (step.along === "rows" ? size.rowSpacing : size.columnSpacing);
  const fitting = LENGTHS.find(([lengthMm]) => lengthMm * perMm <= roomPixels);
  if (fitting === undefined || fitting[0] * perMm < 16) return undefined;
  const [lengthMm, parts] = fitting;
  return {
    lengthPixels: lengthMm * perMm,
    parts: (lengthMm * perMm) / parts < 4 ? 1 : parts,
    text: lengthMm >= 10 ? `${lengthMm / 10} cm` : `${lengthMm} mm`,
    provenance: provenanceOf(size.unit),
  };
}

/** What the unit says beyond millimetres: the words in its brackets. */
function provenanceOf(unit: LengthUnit): string {
  return /\((.*)\)/.exec(unit)?.[1] ?? "";
}

function sizeOf({
  pixelSize,
  usRegions,
}: Pick<ImageFacts, "pixelSize" | "usRegions">): PixelSize | undefined {
  const [region] = usRegions;
  if (region !== undefined) {
    const spacing = usRegions.length === 1 ? usRegionSpacingMm(region) : undefined;
    return spacing === undefined ? undefined : { ...spacing, unit: "mm (US region)" };
  }
  return pixelSize.unit === "px" ? undefined : pixelSize;
}
