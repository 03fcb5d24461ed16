import { pixelAspect } from "../geometry/pixel-spacing.ts";
import { usRegionSpacingMm } from "../geometry/us-region.ts";
import type { ImageFacts } from "./image-facts.ts";

/** Row over column spacing of the image as displayed; a single calibrated ultrasound region decides where nothing else does. */
export function displayAspect(facts: Pick<ImageFacts, "pixelSize" | "usRegions">): number {
  const aspect = pixelAspect(facts.pixelSize);
  const region = facts.usRegions.length === 1 ? facts.usRegions[0] : undefined;
  if (facts.pixelSize.unit !== "px" || aspect !== 1 || region === undefined) return aspect;
  const spacing = usRegionSpacingMm(region);
  return spacing === undefined ? aspect : spacing.rowSpacing / spacing.columnSpacing;
}
