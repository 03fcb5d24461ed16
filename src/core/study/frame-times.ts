import type { DataSet } from "../dicom/data-set.ts";
import * as TAGS from "../dicom/tags.generated.ts";

/** Modalities whose multi-frame images are films rather than volumes. */
const FILM_MODALITIES: ReadonlySet<string> = new Set([
  "US",
  "IVUS",
  "XA",
  "RF",
  "ES",
  "XC",
  "GM",
  "DX",
]);

/** No screen shows frames for less than this, and no speed above it makes sense. */
const SHORTEST_MS = 1;

/**
 * How long each frame is to stay on the screen, ms, one number per frame; undefined when the object does not say.
 * Recommended Display Frame Rate says how it should be shown and wins; then Frame Time Vector and Frame Time, which
 * say how it was taken; then Cine Rate (PS3.3 C.7.6.5; safety C25).
 */
export function readFrameTimes(
  dataSet: DataSet,
  numberOfFrames: number,
): readonly number[] | undefined {
  const recommended = perFrame(
    rateToMs(dataSet.number(TAGS.RecommendedDisplayFrameRate)),
    numberOfFrames,
  );
  return (
    recommended ??
    vectorTimes(dataSet.numbers(TAGS.FrameTimeVector), numberOfFrames) ??
    perFrame(dataSet.number(TAGS.FrameTime), numberOfFrames) ??
    perFrame(rateToMs(dataSet.number(TAGS.CineRate)), numberOfFrames)
  );
}

/** Whether a multi-frame object is a film: it has a speed, or comes from a modality that makes films. */
export function isFilm(dataSet: DataSet, numberOfFrames: number): boolean {
  if (numberOfFrames < 2) return false;
  const modality = dataSet.string(TAGS.Modality) ?? "";
  // With functional groups it is usually a volume; enhanced angiography says how fast it is to be shown.
  const hasGroups = dataSet.has(TAGS.PerFrameFunctionalGroupsSequence);
  if (hasGroups && modality !== "XA" && modality !== "RF") return false;
  return (
    (FILM_MODALITIES.has(modality) && !hasGroups) ||
    readFrameTimes(dataSet, numberOfFrames) !== undefined
  );
}

function rateToMs(framesPerSecond: number | undefined): number | undefined {
  return framesPerSecond !== undefined && framesPerSecond > 0 ? 1000 / framesPerSecond : undefined;
}

function perFrame(
  timeMs: number | undefined,
  numberOfFrames: number,
): readonly number[] | undefined {
  if (timeMs === undefined || !(timeMs >= SHORTEST_MS)) return undefined;
  return Array.from({ length: numberOfFrames }, () => timeMs);
}

/**
 * Frame Time Vector holds the time from the frame before to each frame, 0 for the first one: a frame stays as long as
 * the next one waits, the last one as long as the one before it.
 */
function vectorTimes(
  increments: readonly number[],
  numberOfFrames: number,
): readonly number[] | undefined {
  if (increments.length < 2 || increments.length !== numberOfFrames) return undefined;
  const times = increments.slice(1);
  const isUsable = times.every((time) => time >= SHORTEST_MS);
  const last = times.at(-1);
  return isUsable && last !== undefined ? [...times, last] : undefined;
}
