import type { Sheet, Strip } from "./trace-layout.ts";
import type { TraceScale } from "./trace-scale.ts";

/** A place on the sheet, mm from its upper left corner. */
export interface SheetPoint {
  readonly x: number;
  readonly y: number;
}

/** A caliper lies in one strip: time and value have no meaning across strips. */
export interface Caliper {
  readonly strip: Strip;
  readonly from: SheetPoint;
  readonly to: SheetPoint;
}

/** What lies between the legs of a caliper. */
export interface CaliperReading {
  readonly milliseconds: number;
  /** Events per minute at this distance; undefined below 1 ms. */
  readonly perMinute: number | undefined;
  /** Upwards positive, in mV or in the unit of the channel. */
  readonly amplitude: number;
  readonly unit: string;
}

/** The strip that a place belongs to: that of its column whose middle line is nearest; undefined in the margins. */
export function stripAt(sheet: Sheet, { x, y }: SheetPoint): Strip | undefined {
  const beside = sheet.strips.filter((strip) => x >= strip.x && x <= strip.x + strip.width);
  return beside.reduce<Strip | undefined>((nearest, strip) => {
    const isNearer = nearest === undefined || Math.abs(strip.y - y) < Math.abs(nearest.y - y);
    return isNearer ? strip : nearest;
  }, undefined);
}

/** A caliper with one leg moved, kept within its strip from left to right and on the sheet from top to bottom. */
export function withLeg(
  caliper: Caliper,
  leg: "from" | "to",
  { x, y }: SheetPoint,
  sheet: Sheet,
): Caliper {
  const { strip } = caliper;
  const point = {
    x: Math.min(Math.max(x, strip.x), strip.x + strip.width),
    y: Math.min(Math.max(y, 0), sheet.height),
  };
  return { ...caliper, [leg]: point };
}

/** @param speed mm/s */
export function readCaliper(
  { from, to }: Caliper,
  speed: number,
  scale: TraceScale,
  unit: string,
): CaliperReading {
  const milliseconds = (Math.abs(to.x - from.x) / speed) * 1000;
  const amplitude = (from.y - to.y) / scale.mmPerUnit;
  const { mvPerUnit } = scale;
  return {
    milliseconds,
    perMinute: milliseconds < 1 ? undefined : 60_000 / milliseconds,
    amplitude: mvPerUnit === undefined ? amplitude : amplitude * mvPerUnit,
    unit: mvPerUnit === undefined ? unit : "mV",
  };
}
